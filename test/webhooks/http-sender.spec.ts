import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloudEvent } from 'cloudevents';
import { HTTP } from 'cloudevents';
import { cloudEventOf } from '#audit';
import type { RecordedEvent } from '#event-store';
import { MemoryEventStore, MemoryLog } from '#event-store';
import { systemClock } from '#kubernetes';
import { systemIds } from '#runtime';
import { Webhooks } from '../../libs/runtime/src/webhooks/webhooks.ts';
import { quietLog, quietTelemetry } from '../../libs/runtime/test/support/quiet.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { StartupError } from '../../src/startup-error.ts';
import { configuredWebhooks } from '../../src/webhooks/configured.ts';
import { HttpSender } from '../../src/webhooks/http-sender.ts';
import { signingKeys } from '../../src/webhooks/secret.ts';
import { signatureHeaders } from '../../src/webhooks/signature.ts';
import { until } from '../support/until.ts';
import { HttpReceiver, isGenuine } from './receiver.ts';

const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('fedcba9876543210fedcba9876543210').toString('base64')}`;

let folder: string;
let receiver: HttpReceiver;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'webhooks-'));
  receiver = await HttpReceiver.open();
});
afterEach(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true });
});

const store = new MemoryEventStore(new MemoryLog('00000000-0000-4000-8000-000000000001'));

function newEvent(type = 'StatusDriftCorrected') {
  return {
    ...{ id: crypto.randomUUID(), type, schemaVersion: 1, data: { fields: ['phase'], text: 'größer ✓' } },
    metadata: {
      ...{ time: new Date().toISOString(), actor: { user: 'tester' }, source: 'driver' as const },
      ...{ commandId: 'c', correlationId: 'rr', causationId: 'c' },
    },
  };
}

const STREAM = 'workflowexecution-0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21';
const recorded = async (): Promise<RecordedEvent> => (await store.append(STREAM, 'any', [newEvent()])).events[0]!;

/** Sends one event to the receiver. */
async function sent(
  more: { url?: string; timeout?: string; secret?: string } = {},
  signal = new AbortController().signal,
) {
  const event = await recorded();
  const config = { url: more.url ?? receiver.url, timeout: (more.timeout ?? '5s') as never };
  const sender = new HttpSender(config, {
    keys: () => signingKeys({ secretEnv: 'KEY' }, { KEY: more.secret ?? SECRET }),
    clock: systemClock,
    cloudEvent: (each) => cloudEventOf(each, 'urn:uuid:1'),
  });
  try {
    return { event, delivery: await sender.send(event, signal) };
  } finally {
    await sender.close();
  }
}

describe('a message', () => {
  test('is the event as a CloudEvent, genuine by its signature', async () => {
    const { event, delivery } = await sent();
    expect(delivery).toEqual({ kind: 'Delivered' });
    const [{ id, headers, body }] = receiver.messages as [(typeof receiver.messages)[0]];
    expect([id, headers['content-type']]).toEqual([event.id, 'application/cloudevents+json; charset=utf-8']);
    const told = HTTP.toEvent({ headers, body }) as CloudEvent<unknown>;
    expect([told.validate(), told.id, told.data]).toEqual([true, event.id, event.data]);
    expect(isGenuine(headers, body, SECRET)).toBe(true);
    expect(isGenuine(headers, body, OTHER)).toBe(false);
    expect(isGenuine(headers, body.replace('phase', 'phrase'), SECRET)).toBe(false);
    expect(isGenuine({ ...headers, 'webhook-id': 'other' }, body, SECRET)).toBe(false);
    expect(isGenuine({ ...headers, 'webhook-timestamp': '1600000000' }, body, SECRET)).toBe(false);
  });

  test('is signed as the example of Standard Webhooks is', () => {
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const headers = signatureHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_000, '{"test": 2432232314}', [key]);
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  test('is signed with every secret there is, so that receivers can change over', async () => {
    await sent({ secret: `${OTHER}\n${SECRET}\n` });
    const [{ headers, body }] = receiver.messages as [(typeof receiver.messages)[0]];
    expect([SECRET, OTHER].map((secret) => isGenuine(headers, body, secret))).toEqual([true, true]);
  });

  test('carries the credentials of the address in a header', async () => {
    await sent({ url: receiver.url.replace('http://', 'http://wfe:p%40ss@') });
    expect(receiver.messages[0]?.headers.authorization).toBe(`Basic ${Buffer.from('wfe:p@ss').toString('base64')}`);
  });
});

describe('an answer', () => {
  test.each<[number, Record<string, string>, object]>([
    [200, {}, { kind: 'Delivered' }],
    [299, {}, { kind: 'Delivered' }],
    [302, { location: '/elsewhere' }, { kind: 'Failed', error: 'HTTP 302; redirects are not followed' }],
    [400, {}, { kind: 'Failed', error: 'HTTP 400' }],
    [410, {}, { kind: 'Gone', error: 'HTTP 410' }],
    [429, { 'retry-after': '120' }, { kind: 'Failed', error: 'HTTP 429', retryAfterMs: 120_000 }],
    [503, { 'retry-after': 'soon' }, { kind: 'Failed', error: 'HTTP 503' }],
  ])('of %d %j is understood', async (status, headers, delivery) => {
    receiver.answering = (_, response) => response.writeHead(status, headers).end('x');
    expect((await sent()).delivery).toEqual(delivery);
    expect(receiver.messages).toHaveLength(1);
  });

  test('may ask for patience with a date', async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    receiver.answering = (_, response) => response.writeHead(503, { 'retry-after': date }).end();
    const { delivery } = await sent();
    expect((delivery as { retryAfterMs: number }).retryAfterMs / 1000).toBeGreaterThan(3_500);
  });

  test('that does not end is not waited for, nor one that does not begin', async () => {
    receiver.answering = () => undefined;
    expect((await sent({ timeout: '200ms' })).delivery).toEqual({ kind: 'Failed', error: 'no answer within 200 ms' });
    receiver.answering = (_, response) => void response.writeHead(200).write('x');
    expect((await sent({ timeout: '200ms' })).delivery).toEqual({ kind: 'Delivered' });
  });

  test('of any length costs little', async () => {
    let written = 0;
    receiver.answering = (_, response) => {
      const more = (): void => {
        for (let goOn = true; goOn && written < 500;) {
          written += 1;
          goOn = response.write('x'.repeat(1024 * 1024));
        }
        response.once('drain', more);
      };
      more();
    };
    expect((await sent()).delivery).toEqual({ kind: 'Delivered' });
    expect(written).toBeLessThan(100);
  });

  test('that is not there is told without the address, which may hold a secret', async () => {
    await receiver.close();
    const { delivery } = await sent({ url: `${receiver.url}?token=hunter2` });
    expect(delivery).toEqual({ kind: 'Failed', error: 'the request failed (ECONNREFUSED)' });
    receiver = await HttpReceiver.open();
  });
});

describe('signing secrets', () => {
  const endpoint = (fields: object) => ({
    WFE_WEBHOOKS_ENDPOINTS: JSON.stringify([{ name: 'pager', url: receiver.url, ...fields }]),
  });
  const configured = (fields: object, environment: Record<string, string> = {}) =>
    configuredWebhooks(readConfig(undefined, endpoint(fields)), store, environment);

  test.each([
    ['nothing', {}, /environment variable KEY, found none/],
    [
      'a short one',
      { KEY: 'whsec_c2hvcnQ=' },
      /24 to 64 random bytes in the environment variable KEY, line 1, found something else/,
    ],
    ['no base64', { KEY: 'whsec_hunter2 hunter2' }, /openssl rand -base64 32/],
    ['too many', { KEY: Array(6).fill(SECRET).join(' ') }, /1 to 5 signing secrets .* found 6/],
  ])('%s ends the start, without telling what it is', async (_, environment, message) => {
    const start = configured({ secretEnv: 'KEY' }, environment);
    await expect(start).rejects.toThrow(message);
    await expect(start).rejects.toBeInstanceOf(StartupError);
    await expect(start).rejects.not.toThrow(/hunter2|c2hvcnQ/);
  });

  test('a file that is not there ends it too', async () => {
    await expect(configured({ secretFile: '/nowhere/secret' })).rejects.toThrow(
      /file \/nowhere\/secret, found that it cannot be read \(ENOENT\)/,
    );
  });

  test('are read again for each message: one that is changed is used from then on, one that is gone is a failure', async () => {
    const file = join(folder, 'secret');
    writeFileSync(file, SECRET);
    const { webhooks, close } = await configured({ secretFile: file });
    const send = async () => webhooks[0]!.sender.send(await recorded(), new AbortController().signal);
    await send();
    writeFileSync(file, OTHER);
    await send();
    rmSync(file);
    expect(await send()).toMatchObject({ kind: 'Failed', error: expect.stringContaining('ENOENT') as string });
    const [first, second] = receiver.messages;
    expect([isGenuine(first!.headers, first!.body, SECRET), isGenuine(second!.headers, second!.body, OTHER)]).toEqual([
      true,
      true,
    ]);
    expect(receiver.messages).toHaveLength(2);
    await close();
  });
});

test('over real HTTP, with lost replies, errors and restarts: every wanted event at least once, in order, genuine', async () => {
  const disk = new MemoryLog();
  const log = new MemoryEventStore(disk);
  const streams = ['a', 'b', 'c'].map((id) => `workflowexecution-${id.repeat(8)}-0000-4000-8000-000000000000`);
  const environment = { KEY: SECRET };
  const config = readConfig(undefined, {
    WFE_WEBHOOKS_ENDPOINTS: JSON.stringify([
      {
        name: 'pager',
        url: receiver.url,
        secretEnv: 'KEY',
        begin: 'start',
        timeout: '300ms',
        filter: { types: ['StatusDriftCorrected'] },
      },
    ]),
  });
  let taken = 0;
  receiver.answering = (_, response) => {
    taken += 1;
    if (taken % 7 === 0) response.writeHead(500).end();
    else if (taken % 11 === 0) response.destroy();
    else response.writeHead(200).end();
  };
  const run = async (): Promise<() => Promise<void>> => {
    const { webhooks, close } = await configuredWebhooks(config, log, environment);
    const term = new AbortController();
    const parts = { store: log, clock: systemClock, ids: systemIds, telemetry: quietTelemetry, log: quietLog };
    const running = new Webhooks({ ...parts, random: () => 1, webhooks }).run({
      signal: term.signal,
      mayAct: () => true,
    });
    return async () => {
      term.abort();
      await running;
      await close();
    };
  };
  const wanted: RecordedEvent[] = [];
  for (let round = 0; round < 3; round += 1) {
    const stop = await run();
    for (let n = 0; n < 6; n += 1) {
      const type = n % 3 === 2 ? 'ResourceRemoved' : 'StatusDriftCorrected';
      const { events } = await log.append(streams[n % 2 === 0 ? 0 : 1 + (n % 3 === 0 ? 1 : 0)]!, 'any', [
        newEvent(type),
      ]);
      if (type === 'StatusDriftCorrected') wanted.push(events[0]!);
    }
    const goal = round === 2 ? wanted.length : wanted.length - 2;
    await until('messages', () => new Set(receiver.messages.map(({ id }) => id)).size >= goal, 30_000);
    await stop();
  }
  const firsts = [...new Set(receiver.messages.map(({ id }) => id))];
  expect([...firsts].sort()).toEqual(wanted.map(({ id }) => id).sort());
  for (const stream of streams) {
    const inOrder = wanted.filter((event) => event.stream === stream).map(({ id }) => id);
    expect(firsts.filter((id) => inOrder.includes(id))).toEqual(inOrder);
  }
  expect(receiver.messages.every(({ headers, body }) => isGenuine(headers, body, SECRET))).toBe(true);
}, 60_000);

test('docs/reference/webhooks.md shows how to tell a genuine message, as it was tried here', () => {
  const root = new URL('../../../', import.meta.url);
  const [, snippet] = /\/\/ docs: begin\n([\s\S]*?)\/\/ docs: end/.exec(
    readFileSync(new URL('test/webhooks/receiver.ts', root), 'utf8'),
  )!;
  const page = readFileSync(new URL('docs/reference/webhooks.md', root), 'utf8');
  const code = (text: string): string => text.replace(/\s+/g, ' ');
  expect(code(page)).toContain(
    code(snippet!.replace('export ', '').replaceAll("IncomingMessage['headers']", 'IncomingHttpHeaders')),
  );
});
