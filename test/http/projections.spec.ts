import { UnavailableError } from '#event-store';
import type { Served } from './served.ts';
import { ask, serve } from './served.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());
beforeEach(() => {
  served.projections.rebuilding = undefined;
  served.service.fault = undefined;
});

const rebuild = (name: string) => ask(served, 'POST', `/v1/projections/${name}/rebuild`);

test('a projection says how far it is', async () => {
  const { status, body } = await ask(served, 'GET', '/v1/projections');
  expect(status).toBe(200);
  expect(body).toEqual({
    items: [{ name: 'read-model', position: expect.any(String) as string, lagEvents: 0, state: 'current' }],
  });
});

test('a rebuild is begun, and told while it goes on', async () => {
  const { status, body } = await rebuild('read-model');
  expect([status, body.state]).toEqual([202, 'rebuilding']);
  expect(body.rebuild).toEqual({ events: 1, of: 3, startedAt: expect.any(String) as string });
  expect((await ask(served, 'GET', '/v1/projections')).body.items).toEqual([body]);
});

test('a second one meanwhile is refused', async () => {
  await rebuild('read-model');
  const { status, body } = await rebuild('read-model');
  expect([status, body.code]).toEqual([409, 'rebuild-running']);
});

test('a name nobody knows is told so, with those that are known', async () => {
  const { status, body } = await rebuild('rows');
  expect([status, body.code]).toEqual([404, 'projection-unknown']);
  expect(body.detail).toContain('read-model');
  expect((await rebuild('NOT_A_NAME')).body.code).toBe('validation-failed');
});

test('a store that is gone is told as that', async () => {
  served.service.fault = new UnavailableError('the disk is gone');
  expect((await ask(served, 'GET', '/v1/projections')).body.code).toBe('store-unavailable');
});

test.each(['/v1/executions', '/v1/executions?at=2026-01-01T00:00:00Z', '/v1/events', '/v1/targets'])(
  'a page of %s says when it comes from the old read model',
  async (path) => {
    expect((await ask(served, 'GET', path)).body).not.toHaveProperty('rebuilding');
    await rebuild('read-model');
    expect((await ask(served, 'GET', path)).body).toHaveProperty('rebuilding', { events: 1, of: 3 });
  },
);
