import type { Gathered } from '../../src/wiring/vouchers.ts';
import { until } from '../support/until.ts';
import { ask, created, serve } from './served.ts';
import type { Answer, Served } from './served.ts';

let served: Served;
beforeEach(async () => (served = await serve()));
afterEach(() => served.close());

const verify = (headers: Record<string, string> = {}): Promise<Answer> =>
  ask(served, 'GET', '/v1/audit/verify', { headers });
const metric = async (name: string): Promise<number> => {
  const text = await served.telemetry.registry.metrics();
  return Number(new RegExp(`^workflowexecution_audit_verify_${name} (\\S+)$`, 'm').exec(text)?.[1]);
};

test('a log nobody touched is said to be good: how much was looked at, and who vouches for it', async () => {
  await created(served);
  await created(served);
  const { status, body } = await verify();
  expect(status).toBe(200);
  expect(body).toMatchObject({ ok: true, events: served.service.eventCount, streams: 2, seals: 0 });
  expect(body.anchor).toEqual({ kind: 'nobody' });
  expect(body).not.toHaveProperty('firstDamage');
  expect([await metric('ok'), await metric('events')]).toEqual([1, served.service.eventCount]);
  expect(await metric('timestamp_seconds')).toBeGreaterThan(1_700_000_000);
});

test('what was sealed is counted, and the key of the service itself vouches for it', async () => {
  await created(served);
  await ask(served, 'POST', '/v1/audit/seal');
  const { keyId, publicKey } = (await ask(served, 'GET', '/v1/audit/keys')).body.items[0];
  served.service.vouchers = {
    gather: async () => ({ without: [], ownKeys: [Buffer.from(publicKey as string, 'base64')] }),
  };
  expect((await verify()).body).toMatchObject({ ok: true, seals: 1, anchor: { kind: 'own-key', keyId } });
  served.service.vouchers = { gather: async () => ({ without: [], ownKeys: [] }) };
  expect((await verify()).body).toMatchObject({ ok: false, firstDamage: { kind: 'KeyUnproven', stream: 'seal-log' } });
});

test('what it could not be held against is in the answer, and in the log of the service', async () => {
  const without = ['the published seal in the file head.json: nothing is published there'];
  served.service.vouchers = { gather: async () => ({ without }) };
  expect((await verify()).body).toMatchObject({ ok: true, without });
  expect(served.logged).toContainEqual(expect.objectContaining({ without }));
  served.service.vouchers = { gather: async () => ({ without: [] }) };
  expect((await verify()).body.without).toEqual([]);
});

test('damage is an answer: its kind and place, in the metrics and in the log of the service too', async () => {
  const executionId = await created(served);
  const lost = { executionId, revision: 7, hash: 'a'.repeat(64) };
  served.service.vouchers = { gather: async () => ({ without: [], witnesses: [lost] }) };
  const { status, body } = await verify();
  expect([status, body.ok]).toEqual([200, false]);
  expect(body.firstDamage).toMatchObject({
    kind: 'TailCut',
    revision: 7,
    explanation: expect.stringContaining('gone'),
  });
  expect(await metric('ok')).toBe(0);
  expect(await metric('damages_total\\{kind="TailCut"\\}')).toBe(1);
  expect(served.logged).toContainEqual(expect.objectContaining({ msg: expect.stringContaining('damaged') }));
});

test('as lines, the last one is the report', async () => {
  await created(served);
  const { status, headers, body } = await verify({ accept: 'application/x-ndjson' });
  expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  const lines = (body as string)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines.at(-1)).toMatchObject({ report: { ok: true } });
  for (const line of lines.slice(0, -1)) expect(line).toHaveProperty('progress.events');
});

test('one runs at a time; a second one is told to come back', async () => {
  const gate = Promise.withResolvers<Gathered>();
  let waiting = 0;
  served.service.vouchers = { gather: () => ((waiting += 1), gate.promise) };
  const first = verify();
  await until('the first to begin', async () => waiting === 1);
  const second = await verify();
  expect([second.status, second.body.code]).toEqual([503, 'too-many-streams']);
  expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(served.logged.filter(({ msg }) => msg === 'the request failed')).toEqual([]); // nothing did
  gate.resolve({ without: [] });
  expect((await first).status).toBe(200);
  expect((await verify()).status).toBe(200);
});

test('it stops when the client goes away', async () => {
  let seen: AbortSignal | undefined;
  served.service.vouchers = { gather: (signal) => ((seen = signal), new Promise(() => undefined)) };
  const leaving = new AbortController();
  const asked = fetch(`${served.url}/v1/audit/verify`, { signal: leaving.signal }).catch(() => 'left');
  await until('it to begin', async () => seen !== undefined);
  leaving.abort();
  expect(await asked).toBe('left');
  await until('it to be told', async () => seen?.aborted === true);
});

test('archive files are looked at when that is asked for, and not otherwise', async () => {
  const executionId = await created(served);
  const stream = `workflowexecution-${executionId}`;
  const { store } = served.service.log;
  const { events } = await store.readStream(stream);
  const archive = { file: 'archive-1.ndjson.gz', sha256: 'a'.repeat(64) };
  const claim = { ...events[0]!, id: crypto.randomUUID(), type: 'ExecutionArchived', schemaVersion: 1 };
  await store.append(stream, 'any', [{ ...claim, data: { archive, events: events.length } }]);
  await store.archive(stream, events.length, archive.file);
  const asked = (query: string): Promise<Answer> => ask(served, 'GET', `/v1/audit/verify${query}`);
  for (const query of ['', '?archives=false'])
    expect((await asked(query)).body).toMatchObject({ ok: true, archives: { named: 1, held: 0 } });
  expect((await asked('?archives=true')).body.firstDamage).toMatchObject({ kind: 'ArchiveMissing' });
  expect((await asked('?archives=perhaps')).body).toMatchObject({ code: 'validation-failed' });
});
