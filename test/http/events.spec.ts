import { CloudEvent, HTTP } from 'cloudevents';
import { VirtualClock } from '#kubernetes';
import type { LogMessage } from '#audit';
import type { Position, RecordedEvent } from '#event-store';
import { START } from '#event-store';
import { eventStream, HEARTBEAT_MS } from '../../src/http/event-stream.ts';
import { until } from '../support/until.ts';
import { within } from '../support/within.ts';
import { EventSourceClient } from './event-source.ts';
import { ask, created, each, serve, specOf } from './served.ts';
import type { Served } from './served.ts';

const BATCH = 'application/cloudevents-batch+json';

let served: Served;
beforeEach(async () => {
  served = await serve({ WFE_HTTP_READ_PATIENCE: '300ms' });
});
afterEach(() => served.close());

const get = (path: string, headers: Record<string, string> = {}) => ask(served, 'GET', path, { headers });
const follow = (query = '', headers: Record<string, string> = {}): Promise<EventSourceClient> =>
  EventSourceClient.connect(`${served.url}/v1/events${query}`, headers);

/** Three executions: one that waits, one that ended, one of another target and request. */
async function history(): Promise<{ waiting: string; ended: string; other: string }> {
  const waiting = await created(served, { spec: specOf('shop/deployment/a') });
  const ended = await created(served, { spec: specOf('shop/deployment/b') });
  const other = await created(served, {
    spec: { ...specOf('node/worker-1'), remediationRequestRef: { name: 'rr-2' } },
  });
  const refusal = { code: 'Forbidden', status: 403, reason: 'Forbidden', message: 'may not' } as const;
  served.service.observe(ended, { kind: 'RunRefused', refusal });
  return { waiting, ended, other };
}

describe('pages', () => {
  test('are the events in the order of the log, and go on with a cursor', async () => {
    const { waiting, ended, other } = await history();
    const first = await get('/v1/events?limit=3');
    expect([first.status, each(first.body.items, 'stream'), first.body.end]).toEqual([
      200,
      [waiting, ended, other].map((id) => `workflowexecution-${id}`),
      false,
    ]);
    const second = await get(`/v1/events?limit=3&cursor=${first.body.next}`);
    expect([each(second.body.items, 'type'), second.body.end, second.body.next]).toEqual([
      ['ExecutionFailed'],
      true,
      undefined,
    ]);
    const later = await created(served);
    const third = await get(`/v1/events?after=${second.body.position}`);
    expect(each(third.body.items, 'stream')).toEqual([`workflowexecution-${later}`]);
  });

  test('are had newest first by order', async () => {
    await history();
    const { body } = await get('/v1/events?order=desc&limit=2');
    expect(each(body.items, 'type')).toEqual(['ExecutionFailed', 'ExecutionCreated']);
    const rest = await get(`/v1/events?order=desc&cursor=${body.next}`);
    expect([rest.body.items.length, rest.body.end]).toEqual([2, true]);
  });

  test.each<[string, (ids: Record<'waiting' | 'ended' | 'other', string>) => string, number]>([
    ['type', () => 'type=ExecutionFailed', 1],
    ['types', () => 'type=ExecutionFailed&type=ExecutionCreated', 4],
    ['execution', ({ ended }) => `execution=${ended}`, 2],
    ['target', () => 'target=node/worker-1', 1],
    ['workflow', () => 'workflowId=restart', 4],
    ['actor', () => 'actor=bridge', 1],
    ['outcome', () => 'outcome=Failed', 1],
    ['correlation', () => 'remediationRequest=rr-2', 1],
    ['time', () => 'from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z', 0],
    ['all at once', ({ ended }) => `type=ExecutionFailed&execution=${ended}&actor=bridge&outcome=Failed`, 1],
  ])('are filtered by %s', async (_, query, count) => {
    const ids = await history();
    const { status, body } = await get(`/v1/events?${query(ids)}`);
    expect([status, body.items.length]).toEqual([200, count]);
  });

  test.each([
    ['type=ExecutionExploded', 'validation-failed', /expected one or more of ExecutionCreated, /],
    ['execution=x', 'validation-failed', /a UUID/],
    ['limit=501', 'validation-failed', /1 to 500/],
    ['format=cloudevents', 'validation-failed', /no such field with Accept: application\/json/],
    ['colour=red', 'validation-failed', /no such field/],
    ['cursor=x', 'cursor-invalid', /cursor as `next` gave it/],
    ['after=s1:ffffffffffff:1', 'position-unknown', /position of this log/],
    ['after=yesterday', 'position-unknown', /or `start`/],
  ])('%s is refused', async (query, code, message) => {
    const { status, body } = await get(`/v1/events?${query}`);
    expect([status, body.code]).toEqual([400, code]);
    expect(JSON.stringify(body)).toMatch(message);
  });
});

describe('CloudEvents', () => {
  test('are the same pages by Accept; the official SDK reads them; the next page is a link', async () => {
    await history();
    const first = await get('/v1/events?limit=3&workflowId=restart', { accept: BATCH });
    expect([first.status, first.headers.get('content-type'), first.headers.get('vary')]).toEqual([
      200,
      BATCH,
      'Accept',
    ]);
    const read = HTTP.toEvent({
      headers: { 'content-type': BATCH },
      body: JSON.stringify(first.body),
    }) as CloudEvent<unknown>[];
    expect(read.map((event) => [event.validate(), event.type])).toEqual(
      Array.from({ length: 3 }, () => [true, 'ai.kubernaut.workflowexecution.ExecutionCreated']),
    );
    const link = /^<(\/v1\/events\?.*)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await get(link, { accept: BATCH });
    expect([each(second.body, 'type'), second.headers.get('link')]).toEqual([
      ['ai.kubernaut.workflowexecution.ExecutionFailed'],
      null,
    ]);
    expect(each(second.body, 'source')).toEqual([`urn:uuid:${served.service.log.store.storeId}`]);
  });

  test('tell the history of one execution too', async () => {
    const { ended } = await history();
    const path = `/v1/executions/${ended}/events?limit=1`;
    const first = await get(path, { accept: BATCH });
    expect([first.headers.get('content-type'), each(first.body, 'subject')]).toEqual([BATCH, [ended]]);
    expect(first.headers.get('link')).toBe(`</v1/executions/${ended}/events?limit=1&after=0>; rel="next"`);
    const rest = await get(`/v1/executions/${ended}/events?after=0`, { accept: BATCH });
    expect([each(rest.body, 'sequence'), rest.headers.get('link')]).toEqual([['0000000001'], null]);
    expect(each((await get(path)).body.items, 'revision')).toEqual([0]);
  });

  test('name the configured source', async () => {
    const named = await serve({ WFE_EVENTS_SOURCE: 'https://wfe.example.test/' });
    await created(named);
    const { body } = await ask(named, 'GET', '/v1/events', { headers: { accept: BATCH } });
    expect(each(body, 'source')).toEqual(['https://wfe.example.test/']);
    await named.close();
  });
});

describe('the form of an answer', () => {
  test.each([
    [undefined, 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['application/*;q=0.5', 'application/json; charset=utf-8'],
    [`application/json;q=0.5, ${BATCH}`, BATCH],
  ])('for Accept: %s is %s', async (accept, type) => {
    const { status, headers } = await get('/v1/events', accept === undefined ? {} : { accept });
    expect([status, headers.get('content-type')]).toEqual([200, type]);
  });

  test.each([
    ['/v1/events', 'application/json, application/cloudevents-batch+json or text/event-stream'],
    [
      '/v1/executions/00000000-0000-4000-8000-000000000000/events',
      'application/json or application/cloudevents-batch+json',
    ],
  ])('that %s does not have is refused with those it has', async (path, offered) => {
    const { status, body } = await get(path, { accept: 'text/html' });
    expect([status, body.code, body.detail]).toEqual([
      406,
      'not-acceptable',
      `Expected an Accept header that allows ${offered}; found text/html.`,
    ]);
  });
});

const positions = async (): Promise<string[]> =>
  (await served.service.log.store.readAll(START)).events.map(({ position }) => position);

describe('a stream', () => {
  test('tells history and what happens, with position, type and the event', async () => {
    await history();
    const client = (await follow('?after=start')).read();
    expect([client.message.statusCode, client.message.headers['content-type']]).toEqual([200, 'text/event-stream']);
    await until('the history', () => client.events.length === 4);
    await created(served);
    await until('what happened', () => client.events.length === 5);
    expect(client.ids).toEqual(await positions());
    const { events } = await served.service.log.store.readAll(START);
    expect(client.events.map(({ event, data }) => [event, JSON.parse(data) as unknown])).toEqual(
      events.map((event) => [event.type, JSON.parse(JSON.stringify(event)) as unknown]),
    );
    expect(client.retryMs).toBe(3_000);
  });

  test('begins now when nobody says where', async () => {
    await history();
    const client = (await follow()).read();
    await until('the stream to begin', () => client.comments.length === 1);
    const id = await created(served);
    await until('the event', () => client.events.length === 1);
    expect(client.events[0]?.data).toContain(id);
  });

  test('is filtered, history and live alike, and tells CloudEvents when asked to', async () => {
    const { ended } = await history();
    const client = (await follow('?after=start&outcome=Failed&format=cloudevents')).read();
    await until('the history', () => client.events.length === 1);
    served.service.observe(await created(served), {
      kind: 'RunRefused',
      refusal: { code: 'Forbidden', status: 403, reason: 'Forbidden', message: 'may not' },
    });
    await until('the next one that failed', () => client.events.length === 2);
    const told = client.events.map(({ data }) => new CloudEvent(JSON.parse(data) as object));
    expect(told.map(({ type, subject }) => [type, subject === ended])).toEqual([
      ['ai.kubernaut.workflowexecution.ExecutionFailed', true],
      ['ai.kubernaut.workflowexecution.ExecutionFailed', false],
    ]);
  });

  test('goes on after Last-Event-ID, which counts more than the address it was begun with', async () => {
    await history();
    const all = await positions();
    const client = (await follow('?after=start', { 'last-event-id': all[2]! })).read();
    await until('the rest', () => client.events.length === 1);
    expect(client.ids).toEqual(all.slice(3));
  });

  test.each([
    ['another log', 'm1:ffffffffffff:1'],
    [
      'the future',
      () =>
        `${served.service.log.store.storeId.slice(0, 0)}m1:${served.service.log.store.storeId.replaceAll('-', '').slice(0, 12)}:999`,
    ],
    ['nowhere', '42'],
  ])('is refused after an id of %s, with what to do', async (_, id) => {
    const client = await follow('', { 'last-event-id': typeof id === 'string' ? id : id() });
    const problem = JSON.parse(await client.body()) as { code: string; detail: string };
    expect([client.message.statusCode, problem.code]).toEqual([400, 'position-unknown']);
    expect(problem.detail).toContain('begin again from `start`');
  });

  test.each(['order=desc', 'limit=5', 'cursor=x'])('is refused with %s, which means nothing there', async (query) => {
    const client = await follow(`?${query}`);
    expect([client.message.statusCode, JSON.parse(await client.body())]).toMatchObject([
      400,
      { code: 'validation-failed' },
    ]);
  });

  test('ends when the service stops, and its place is not lost', async () => {
    await history();
    const client = (await follow('?after=start')).read();
    await until('the history', () => client.events.length === 4);
    served.stop();
    await within('the end', client.closed);
    expect(client.message.complete).toBe(true);
  });

  test('is one of a hundred at most', async () => {
    const clients = await Promise.all(Array.from({ length: 100 }, () => follow()));
    const refused = await follow();
    expect([refused.message.statusCode, refused.message.headers['retry-after']]).toEqual([503, '10']);
    expect(JSON.parse(await refused.body())).toMatchObject({ code: 'too-many-streams' });
    for (const client of clients) client.close();
  });

  const EVENTS = 5_000;
  const BYTES = 20_000;

  test('drops a reader that stops reading while large events arrive, and costs little until then; it comes back and has everything once', async () => {
    const { store } = served.service.log;
    const first = await follow('?after=start');
    const stream = 'workflowexecution-0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21';
    const spec = specOf('shop/deployment/large');
    const event = (n: number) => ({
      id: crypto.randomUUID(),
      type: n === 0 ? 'ExecutionCreated' : 'StatusDriftCorrected',
      schemaVersion: 1,
      data: { n, spec, padding: 'x'.repeat(BYTES) },
      metadata: {
        ...{ time: new Date().toISOString(), actor: { user: 'tester' }, source: 'driver' as const },
        ...{ commandId: 'c', correlationId: 'rr', causationId: 'c' },
      },
    });
    const reads = served.service.eventsRead;
    for (let n = 0; n < EVENTS; n += 25)
      await store.append(
        stream,
        'any',
        Array.from({ length: 25 }, (_, index) => event(n + index)),
      );
    await until('the reader to be dropped', () =>
      served.logged.some(({ msg }) => /took nothing for too long/.test(String(msg))),
    );
    expect(served.service.eventsRead - reads).toBeLessThan(EVENTS / 2);
    first.read();
    await within('the broken end', first.closed);
    expect([first.message.complete, first.events.length < EVENTS]).toEqual([false, true]);

    const second = (await follow('?after=start', { 'last-event-id': first.ids.at(-1) ?? START })).read();
    await until('the rest', () => first.events.length + second.events.length >= EVENTS);
    const numbers = [...first.events, ...second.events].map(
      ({ data }) => (JSON.parse(data) as RecordedEvent).data['n'],
    );
    expect(numbers).toEqual(Array.from({ length: EVENTS }, (_, n) => n));
  }, 60_000);
});

describe('heartbeats', () => {
  const at = (n: number) => `m1:000000000000:${n}` as Position;

  /** A stream on a clock of its own; what is told to it comes out as text. */
  function scene() {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const waiting: PromiseWithResolvers<LogMessage>[] = [];
    const said: LogMessage[] = [];
    async function* messages(): AsyncGenerator<LogMessage> {
      for (;;) {
        const next = said.shift();
        if (next !== undefined) yield next;
        else {
          const coming = Promise.withResolvers<LogMessage>();
          waiting.push(coming);
          yield await coming.promise;
        }
      }
    }
    const tell = (message: LogMessage): void => {
      const coming = waiting.shift();
      if (coming === undefined) said.push(message);
      else coming.resolve(message);
    };
    const frames: string[] = [];
    const reader = { follow: () => messages() };
    const following = { reader, clock, filter: {}, after: at(1), tell: (event: RecordedEvent) => event.data };
    void (async () => {
      for await (const frame of eventStream(following, stop.signal)) frames.push(frame);
    })();
    return { clock, frames, tell };
  }

  test('come when nothing was said for their time, and not before', async () => {
    const { clock, frames } = scene();
    await clock.advance(HEARTBEAT_MS - 1);
    expect(frames).toEqual(['retry: 3000\n: events after m1:000000000000:1\n\n']);
    await clock.advance(1);
    expect(frames.slice(1)).toEqual([': still here\n\n']);
    await clock.advance(3 * HEARTBEAT_MS);
    expect(frames).toHaveLength(5);
  });

  test('bring the id up to date when events passed by that did not match, however many', async () => {
    const { clock, frames, tell } = scene();
    for (let n = 2; n < 40; n += 1) {
      tell({ kind: 'position', position: at(n) });
      await clock.advance(HEARTBEAT_MS / 20);
    }
    expect(frames.slice(1)).toEqual([': still here\nid: m1:000000000000:21\n\n']);
  });

  test('never lead back behind an event that was told', async () => {
    const { clock, frames, tell } = scene();
    tell({ kind: 'position', position: at(5) });
    tell({
      kind: 'event',
      event: { position: at(7), type: 'LockReleased', data: {} } as unknown as RecordedEvent,
    });
    await clock.advance(HEARTBEAT_MS);
    expect(frames.at(-1)).toBe(': still here\n\n');
  });

  test('an event is one itself', async () => {
    const { clock, frames, tell } = scene();
    await clock.advance(HEARTBEAT_MS - 1);
    tell({
      kind: 'event',
      event: { position: at(7), type: 'LockReleased', data: { a: 'b\nc' } } as unknown as RecordedEvent,
    });
    await clock.advance(HEARTBEAT_MS - 1);
    expect(frames.slice(1)).toEqual(['id: m1:000000000000:7\nevent: LockReleased\ndata: {"a":"b\\nc"}\n\n']);
    await clock.advance(1);
    expect(frames.at(-1)).toBe(': still here\n\n');
  });
});
