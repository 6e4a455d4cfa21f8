import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { streamOf } from '#execution';
import type { BundleAnchors } from '#audit';
import { verifyBundle } from '#audit';
import { UnavailableError } from '#event-store';
import { newEvents } from '../../libs/event-store/test/events.ts';
import { until } from '../support/until.ts';
import { ask, created, serve } from './served.ts';
import type { Served } from './served.ts';

const MANY = 40;
const AT_ONCE = 500;
const PADDING = 'x'.repeat(1000);

let served: Served;
beforeEach(async () => (served = await serve()));
afterEach(() => served.close());

/** The answer as it came over the wire. */
function get(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpRequest(`${served.url}${path}`, { headers }, resolve).on('error', reject).end();
  });
}

/** All that comes, also when it breaks off. */
async function bytesOf(answer: IncomingMessage): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => answer.once('close', resolve));
  return { bytes: Buffer.concat(chunks), isWhole: answer.complete };
}

const exported = async (query = '', headers = {}) => bytesOf(await get(`/v1/audit/export${query}`, headers));
const verified = (bytes: Buffer, anchors: BundleAnchors = {}) => verifyBundle(onePiece(bytes), anchors);

async function* onePiece(bytes: Buffer): AsyncIterable<Buffer> {
  yield bytes;
}

/** Twenty thousand events of a kilobyte, quickly. */
async function longLog(): Promise<void> {
  const { store } = served.service.log;
  for (let number = 0; number < MANY; number += 1) {
    const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const events = newEvents(AT_ONCE, number).map((event) => ({ ...event, data: { PADDING } }));
    await store.append(streamOf(id), 'none', events);
  }
}

/** Events that are read from the log as texts from now on. */
function countReads(): { events: number } {
  const { store } = served.service.log;
  const readTexts = store.readTexts.bind(store);
  const reads = { events: 0 };
  store.readTexts = async (...args) => {
    const slice = await readTexts(...args);
    reads.events += slice.entries.length;
    return slice;
  };
  return reads;
}

async function keyOfService(): Promise<Uint8Array> {
  const { body } = await ask(served, 'GET', '/v1/audit/keys');
  return Buffer.from(body.items[0].publicKey as string, 'base64');
}

describe('a bundle', () => {
  test('of everything is sealed first, signed by the service, and a file to be kept', async () => {
    await created(served);
    await created(served);
    const answer = await get('/v1/audit/export');
    const { bytes, isWhole } = await bytesOf(answer);
    expect([answer.statusCode, isWhole, answer.headers['content-type']]).toEqual([200, true, 'application/x-ndjson']);
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="workflow-execution-log-\d{8}T\d{6}Z\.ndjson"$/,
    );
    const key = await keyOfService();
    const verdict = await verified(bytes, { keys: [key] });
    expect(verdict).toMatchObject({ ok: true, events: served.service.eventCount, seals: 1, unsealed: 1 });
    expect(verdict.anchor.kind).toBe('given-key');
    expect(verdict.head).toMatchObject({ scope: { kind: 'all' }, madeBy: '0.0.1 (abc123)' });
  });

  test('of an execution holds its events, each with a proof', async () => {
    const id = await created(served);
    await created(served);
    for (const query of [`?execution=${id}`, `?execution=${id}&seals=chain`]) {
      const verdict = await verified((await exported(query)).bytes);
      expect(verdict).toMatchObject({ ok: true, streams: 1, unsealed: 0 });
      expect(verdict.head?.scope).toMatchObject({ kind: 'execution', executionId: id });
    }
  });

  test('of a time holds what was decided then', async () => {
    await created(served);
    const none = await verified((await exported('?to=2001-01-01T00:00:00Z')).bytes);
    expect(none).toMatchObject({ ok: true, events: 0, head: { scope: { to: '2001-01-01T00:00:00.000Z' } } });
    const some = await verified((await exported('?from=2001-01-01T00:00:00%2B01:00')).bytes);
    expect(some).toMatchObject({ ok: true, head: { scope: { from: '2000-12-31T23:00:00.000Z', to: null } } });
    expect(some.events).toBeGreaterThan(0);
  });

  test('is packed when the client accepts that, and a packed file is as good', async () => {
    await created(served);
    const answer = await get('/v1/audit/export', { 'accept-encoding': 'gzip' });
    const { bytes } = await bytesOf(answer);
    expect([answer.headers['content-encoding'], answer.headers.vary]).toEqual([
      'gzip',
      expect.stringContaining('Accept-Encoding'),
    ]);
    expect((await verified(bytes)).ok).toBe(true);
    expect((await verified(gunzipSync(bytes))).ok).toBe(true);
    expect((await get('/v1/audit/export')).headers['content-encoding']).toBeUndefined();
  });

  test('is exported without a new seal when the log cannot be sealed, and says so', async () => {
    await created(served);
    await ask(served, 'POST', '/v1/audit/seal');
    await created(served);
    served.service.log.store.append = () => Promise.reject(new UnavailableError('the disk is full'));
    const verdict = await verified((await exported()).bytes);
    expect(verdict).toMatchObject({ ok: true, seals: 1 });
    expect(verdict.unsealed).toBeGreaterThan(1);
    expect(served.logged).toContainEqual(
      expect.objectContaining({ msg: expect.stringContaining('could not be sealed') }),
    );
  });
});

test.each([
  ['an id that is none', '?execution=x', 'execution'],
  ['an execution and a time', '?execution=00000000-0000-4000-8000-000000000000&from=2026-01-01T00:00:00Z', 'execution'],
  ['a time that ends before it begins', '?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'to'],
  ['a time that is none', '?from=yesterday', 'from'],
  ['seals of no execution', '?seals=chain', 'seals'],
  ['something else', '?all=1', 'all'],
])('%s is refused with its field', async (_, query, field) => {
  const { status, body } = await ask(served, 'GET', `/v1/audit/export${query}`);
  expect([status, body.code, body.errors[0].path]).toEqual([400, 'validation-failed', field]);
});

test('what goes wrong before the first byte is a problem', async () => {
  const unknown = await ask(served, 'GET', '/v1/audit/export?execution=00000000-0000-4000-8000-000000000000');
  expect([unknown.status, unknown.body.code]).toEqual([404, 'execution-unknown']);
  const form = await ask(served, 'GET', '/v1/audit/export', { headers: { accept: 'text/csv' } });
  expect([form.status, form.body.code]).toEqual([406, 'not-acceptable']);
  served.service.fault = new UnavailableError('gone');
  const gone = await ask(served, 'GET', '/v1/audit/export');
  expect([gone.status, gone.body.code]).toEqual([503, 'store-unavailable']);
  expect(gone.headers.get('content-disposition')).toBeNull();
});

describe('of a long log', () => {
  beforeEach(() => longLog());

  test('all of it comes, at the pace of the client, and is one bundle', async () => {
    const { bytes, isWhole } = await exported();
    expect(isWhole).toBe(true);
    expect(await verified(bytes, { keys: [await keyOfService()] })).toMatchObject({ ok: true, streams: MANY + 1 });
  });

  test('a client that does not read makes nobody read the log for it; one that leaves ends it', async () => {
    await ask(served, 'POST', '/v1/audit/seal');
    const reads = countReads();
    const answer = await get('/v1/audit/export');
    let before = -1;
    await until('reading to rest', async () => {
      const isAtRest = reads.events === before && before > 0;
      before = reads.events;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return isAtRest && reads.events === before;
    });
    // What the buffers of a connection hold, in events of more than a kilobyte.
    expect(before).toBeLessThan((MANY * AT_ONCE) / 2);
    answer.destroy();
    await until('the answer to end', async () => (await streamsOpen()) === 0);
    expect(reads.events - before).toBeLessThan(AT_ONCE * 2);
  });

  test('one that broke off is cut, has no last line, and is no bundle to whoever checks it', async () => {
    const answer = await get('/v1/audit/export');
    await new Promise((resolve) => answer.once('readable', resolve));
    served.service.fault = new UnavailableError('gone');
    const { bytes, isWhole } = await bytesOf(answer);
    expect([isWhole, bytes.length > 0]).toEqual([false, true]);
    expect((await verified(bytes)).firstDamage).toMatchObject({ check: 'Truncated' });
  });

  test('two are made at a time, and one more is told to come back', async () => {
    const answers = [await get('/v1/audit/export'), await get('/v1/audit/export')];
    const refused = await ask(served, 'GET', '/v1/audit/export');
    expect([refused.status, refused.body.code]).toEqual([503, 'too-many-streams']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    for (const answer of answers) answer.destroy();
    await until('them to end', async () => (await streamsOpen()) === 0);
  });
});

async function streamsOpen(): Promise<number> {
  const text = await served.telemetry.registry.metrics();
  return Number(/^workflowexecution_streams_open\{kind="export"\} (\d+)$/m.exec(text)?.[1]);
}
