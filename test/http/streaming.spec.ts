import 'reflect-metadata';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { Controller, Get, Module, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { UnavailableError } from '#event-store';
import { accessLog } from '../../src/http/middleware.ts';
import { ProblemFilter } from '../../src/http/problem-filter.ts';
import type { Chunk } from '../../src/http/outflow.ts';
import { Streams } from '../../src/http/streaming.ts';
import type { StreamKind } from '../../src/http/streaming.ts';
import { drain } from '../../src/listening.ts';
import { createLog } from '../../src/logging/log.ts';
import { until } from '../support/until.ts';
import { within } from '../support/within.ts';

const WHOLE: StreamKind = { name: 'export', atOnce: 2, sort: 'whole' };
const LIVE: StreamKind = { name: 'events', atOnce: 2, sort: 'live' };
const PATIENCE_MS = 300;
const CHUNK = 'x'.repeat(64 * 1024);
/** More than the buffers of any connection hold. */
const MANY = 20_000;

type Making = (signal: AbortSignal) => AsyncIterable<Chunk>;

let app: NestExpressApplication;
let url: string;
let stopping: AbortController;
let answer: { kind: StreamKind; make: Making; gzip?: boolean };
let ends: string[];
let open: number;
let logged: string[];
let made: number;
let isProducing: boolean;

@Controller('stream')
class StreamController {
  constructor(private readonly streams: Streams) {}

  @Get()
  async get(@Req() request: Request, @Res() response: Response) {
    const { kind, make, gzip = false } = answer;
    await this.streams.send(kind, request, response, { type: 'text/plain', gzip, chunks: make });
  }
}
Reflect.defineMetadata('design:paramtypes', [Streams], StreamController);

beforeEach(async () => {
  const mine: string[] = (ends = []); // not those of a test before that end late
  logged = [];
  [open, made, isProducing] = [0, 0, false];
  stopping = new AbortController();
  const log = createLog('debug', { write: (line) => logged.push(line) });
  const telemetry = {
    streamsOpen: (_: string, count: number) => void (open = count),
    streamEnded: (_: string, end: string) => void mine.push(end),
  };
  const streams = new Streams({ telemetry, log, stopping: stopping.signal, patienceMs: PATIENCE_MS });
  class TestModule {}
  Module({ controllers: [StreamController], providers: [{ provide: Streams, useValue: streams }] })(TestModule);
  app = await NestFactory.create<NestExpressApplication>(TestModule, { logger: false });
  app.use(accessLog(log));
  app.useGlobalFilters(new ProblemFilter());
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/stream`;
});
afterEach(async () => {
  app.getHttpServer().closeAllConnections();
  await app.close();
});

/** Makes so many chunks, as fast as they are taken. */
const chunks = (count: number): Making =>
  async function* () {
    isProducing = true;
    try {
      for (; made < count;) {
        made += 1;
        yield CHUNK;
      }
    } finally {
      isProducing = false;
    }
  };

/** Says one word, and nothing more until nobody listens. */
const endless: Making = async function* (signal) {
  isProducing = true;
  try {
    yield 'hello\n';
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  } finally {
    isProducing = false;
  }
};

/** A client that reads what is written only when it wants to. */
function connect(headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, { headers, agent: false }, resolve).on('error', reject).end();
  });
  return within('an answer', answered);
}

/** Everything there is to read, and whether it was the whole. */
function readAll(message: IncomingMessage): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const parts: Buffer[] = [];
  message.on('data', (part: Buffer) => parts.push(part));
  const closed = new Promise<void>((resolve) => message.once('close', resolve));
  message.on('error', () => undefined);
  return within(
    'the end of the answer',
    closed.then(() => ({ bytes: Buffer.concat(parts), isWhole: message.complete })),
  );
}

test('a long answer arrives whole, and is counted', async () => {
  answer = { kind: WHOLE, make: chunks(40) };
  const { bytes, isWhole } = await readAll(await connect());
  expect([bytes.length, isWhole]).toEqual([40 * CHUNK.length, true]);
  await until('the end to be counted', () => ends.length === 1);
  expect([ends, open]).toEqual([['finished'], 0]);
});

test('it is compressed for whoever accepts that, and every chunk is sent at once', async () => {
  const second = Promise.withResolvers<void>();
  answer = {
    kind: WHOLE,
    gzip: true,
    make: async function* () {
      yield 'first\n';
      await second.promise;
      yield 'second\n';
    },
  };
  const message = await connect({ 'accept-encoding': 'gzip' });
  expect([message.headers['content-encoding'], message.headers['vary']]).toEqual(['gzip', 'Accept-Encoding']);
  const parts: Buffer[] = [];
  message.on('data', (part: Buffer) => parts.push(part));
  const seen = () => gunzipSync(Buffer.concat(parts), { finishFlush: 2 }).toString();
  await until('the first chunk', () => seen() === 'first\n');
  second.resolve();
  await until('the second chunk', () => message.complete && seen() === 'first\nsecond\n');
});

test('it is not compressed for whoever does not ask for it', async () => {
  answer = { kind: WHOLE, gzip: true, make: chunks(1) };
  const message = await connect();
  expect(message.headers['content-encoding']).toBeUndefined();
  expect((await readAll(message)).bytes.toString()).toBe(CHUNK);
});

describe.each([false, true])('a reader that takes nothing (compressed: %s)', (gzip) => {
  test('is waited for, cut off after the patience, logged and counted; the producer made only what fits into buffers', async () => {
    answer = { kind: WHOLE, gzip, make: gzip ? noise : chunks(MANY) };
    const message = await connect({ 'accept-encoding': 'gzip' });
    await until('the reader to be cut off', () => ends.length === 1);
    expect([ends, open, isProducing]).toEqual([['too-slow'], 0, false]);
    expect(made).toBeLessThan(MANY / 4);
    expect(logged.some((line) => line.includes('took nothing for too long'))).toBe(true);
    expect((await readAll(message)).isWhole).toBe(false);
  });
});

/** What cannot be compressed. */
const noise: Making = async function* () {
  isProducing = true;
  try {
    for (; made < MANY; made += 1) yield crypto.getRandomValues(new Uint8Array(CHUNK.length));
  } finally {
    isProducing = false;
  }
};

test('a slow reader that goes on reading gets everything', async () => {
  answer = { kind: WHOLE, make: chunks(200) };
  const message = await connect();
  let bytes = 0;
  for await (const part of message) {
    bytes += (part as Buffer).length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect([bytes, message.complete]).toEqual([200 * CHUNK.length, true]);
});

test('the producer stops when the client goes away', async () => {
  answer = { kind: LIVE, make: endless };
  const message = await connect();
  await until('the producer to run', () => isProducing);
  message.destroy();
  await until('the producer to stop', () => !isProducing && ends.length === 1);
  expect([ends, open]).toEqual([['client-left'], 0]);
  await until('the request to be logged', () => logged.some((line) => line.includes('"msg":"request"')));
  expect(logged.filter((line) => line.includes('client left'))).toEqual([]);
});

test('one more than the limit is told when to come back, and may when one has ended', async () => {
  answer = { kind: LIVE, make: endless };
  const first = await connect();
  await connect();
  const refused = await connect();
  expect([refused.statusCode, refused.headers['retry-after'], ends]).toEqual([503, '10', ['refused']]);
  const { bytes } = await readAll(refused);
  expect(JSON.parse(bytes.toString())).toMatchObject({ code: 'too-many-streams', status: 503 });
  first.destroy();
  await until('a place to be free', () => open === 1);
  expect((await connect()).statusCode).toBe(200);
});

test('what fails before the first chunk is a problem; what fails later cuts the connection', async () => {
  answer = {
    kind: WHOLE,
    make: async function* () {
      if (made > 0) yield 'half';
      throw new UnavailableError('the disk is gone');
    },
  };
  const refused = await connect();
  expect(refused.statusCode).toBe(503);
  expect(JSON.parse((await readAll(refused)).bytes.toString())).toMatchObject({ code: 'store-unavailable' });
  made = 1;
  expect((await readAll(await connect())).isWhole).toBe(false);
  expect(ends).toEqual(['failed', 'failed']);
});

describe('when the service stops', () => {
  test('a live answer ends at once, as it should, and holds nothing up', async () => {
    answer = { kind: LIVE, make: endless };
    const read = readAll(await connect());
    await until('the producer to run', () => isProducing);
    stopping.abort();
    expect(await within('the server to drain', drain(app.getHttpServer(), 60_000))).toBe(0);
    const { bytes, isWhole } = await read;
    expect([bytes.toString(), isWhole, ends]).toEqual(['hello\n', true, ['stopped']]);
  });

  test('a live answer to a reader that takes nothing holds nothing up either', async () => {
    answer = { kind: LIVE, make: chunks(MANY) };
    await connect();
    await until('the buffers to be full', () => made > 3);
    stopping.abort();
    expect(await within('the server to drain', drain(app.getHttpServer(), 60_000))).toBe(0);
  });

  test('a whole answer that is nearly done is finished', async () => {
    const rest = Promise.withResolvers<void>();
    answer = {
      kind: WHOLE,
      make: async function* () {
        yield 'begin';
        await rest.promise;
        yield 'end';
      },
    };
    const read = readAll(await connect());
    stopping.abort();
    rest.resolve();
    expect(await read).toEqual({ bytes: Buffer.from('beginend'), isWhole: true });
  });

  test('one that goes on is cut, so that nobody takes it for the whole', async () => {
    answer = { kind: WHOLE, make: endless };
    const read = readAll(await connect());
    stopping.abort();
    expect(await within('the server to drain', drain(app.getHttpServer(), 60_000))).toBe(0);
    expect([(await read).isWhole, ends, isProducing]).toEqual([false, ['stopped'], false]);
  });
});

test('HEAD gets the headers and nothing is made for it beyond the first chunk', async () => {
  answer = { kind: LIVE, make: endless };
  const response = await within('the headers', fetch(url, { method: 'HEAD' }));
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain']);
  await until('the end', () => !isProducing && ends.length === 1);
});
