import { MemoryKeys } from '../../libs/runtime/test/support/sealed-log.ts';
import { sealerOver } from './memory-seals.ts';
import { ask, created, each, serve } from './served.ts';
import type { Served } from './served.ts';

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served.close());

const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  ask(served, 'POST', path, { ...(body !== undefined && { body }), headers });
const get = (path: string) => ask(served, 'GET', path);
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('POST /v1/audit/seal', () => {
  test('seals everything recorded before, with or without a body, and answers the seal', async () => {
    await created(served);
    const answer = await post('/v1/audit/seal');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ number: 0, from: 0, events: 2, total: 2, actor: 'anonymous' });
    await created(served);
    expect((await post('/v1/audit/seal', {})).body).toMatchObject({
      number: 1,
      from: 2,
      previousSeal: answer.body.sealHash,
    });
  });

  test('answers the seal there is when nothing but it is unsealed', async () => {
    const first = await post('/v1/audit/seal');
    const second = await post('/v1/audit/seal');
    expect([second.status, second.body]).toEqual([200, first.body]);
  });

  test('keeps the trace it came with', async () => {
    await post('/v1/audit/seal', {}, { traceparent: TRACE });
    const { events } = await served.service.log.store.readStream('seal-log', { from: 1 });
    expect(events[0]!.metadata).toMatchObject({ traceparent: TRACE, source: 'rest' });
  });
});

describe('GET /v1/audit/seals', () => {
  test('lists seals newest first, page by page', async () => {
    for (let round = 0; round < 5; round += 1) {
      await created(served);
      await post('/v1/audit/seal');
    }
    const first = await get('/v1/audit/seals?limit=3');
    expect(each(first.body.items, 'number')).toEqual([4, 3, 2]);
    const second = await get(`/v1/audit/seals?limit=3&cursor=${first.body.next}`);
    expect(each(second.body.items, 'number')).toEqual([1, 0]);
    expect(second.body).not.toHaveProperty('next');
  });

  test('is empty before the first seal', async () => {
    expect((await get('/v1/audit/seals')).body).toEqual({ items: [] });
  });

  test('refuses a cursor it did not give, and limits nobody can want', async () => {
    expect((await get('/v1/audit/seals?cursor=abc')).body.code).toBe('cursor-invalid');
    for (const limit of ['0', '501', 'x'])
      expect((await get(`/v1/audit/seals?limit=${limit}`)).body.code).toBe('validation-failed');
  });
});

describe('keys', () => {
  test('are listed with who took them into use and why, and which one is in force', async () => {
    await post('/v1/audit/seal');
    const rotated = await post('/v1/audit/keys/rotate', { reason: 'routine' });
    expect(rotated.status).toBe(201);
    const { items } = (await get('/v1/audit/keys')).body;
    expect(each(items, 'reason')).toEqual(['first start', 'routine']);
    expect(each(items, 'inForce')).toEqual([false, true]);
    expect(items[1]).toEqual(rotated.body);
    expect(rotated.body).toMatchObject({ previousKeyId: items[0].keyId, actor: 'anonymous', algorithm: 'ed25519' });
  });

  test('are rotated for a reason only', async () => {
    for (const body of [{}, { reason: '' }, { reason: 'x'.repeat(1025) }, { reason: 'x', keyId: 'y' }])
      expect((await post('/v1/audit/keys/rotate', body)).body.code).toBe('validation-failed');
  });

  test('that are lost: the log cannot be sealed, which is told with what to do', async () => {
    await sealerOver(served.service, new MemoryKeys(100)).sealNow({ actor: { user: 'before' }, source: 'rest' });
    await created(served);
    const answer = await post('/v1/audit/seal');
    expect([answer.status, answer.body.code]).toEqual([503, 'sealing-refused']);
    expect(answer.body.detail).toContain('audit.acceptLostKey');
  });
});
