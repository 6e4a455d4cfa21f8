import { UnknownEventError } from '#event-store';
import { ClusterError } from '#kubernetes';
import { ask, created, each, serve, specOf } from './served.ts';
import type { Answer, Served } from './served.ts';
import { until } from '../support/until.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

const get = (path: string, headers: Record<string, string> = {}) => ask(served, 'GET', path, { headers });
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const FUTURE = '2126-01-01T00:00:00Z';

const ref = (uid: string) => ({
  namespace: 'kubernaut-workflows',
  name: 'wfe-1',
  uid,
  createdAt: '2026-11-20T10:00:00Z',
});

/** The run of the execution is created; @returns its uid */
function begun(executionId: string): string {
  const uid = crypto.randomUUID();
  const run = { ref: ref(uid), executionId, deletionRequested: false, tasks: [], skippedTasks: [], results: [] };
  served.service.observe(executionId, { kind: 'RunObserved', how: 'created', run });
  return uid;
}

function ended(executionId: string, uid: string, wasExecutionFailure: boolean): void {
  const run = { ref: ref(uid), executionId, deletionRequested: false, tasks: [], skippedTasks: [], results: [] };
  const condition = { status: 'False', reason: 'Failed', message: 'it failed' } as const;
  const failure = { reason: 'TaskFailed', message: 'step x ended with 1', wasExecutionFailure } as const;
  served.service.observe(executionId, {
    kind: 'RunObserved',
    how: 'watched',
    run: { ...run, condition, outcome: 'Failed', failure },
  });
}

/** The time now, with everything recorded so far before it and everything later after it. */
async function moment(): Promise<string> {
  const clock = async (after: number): Promise<number> => {
    await until('the clock to go on', () => Date.now() > after);
    return Date.now();
  };
  const now = await clock(Date.now());
  await clock(now);
  return new Date(now).toISOString();
}

type Page = { readonly items: unknown; readonly next?: string };

const problem = ({ status, body }: Answer): unknown[] => [status, body.code];

describe('the history of an execution', () => {
  test('says in sentences what happened, who was behind it and what led to it', async () => {
    const id = await created(served, { spec: specOf('shop/deployment/told') });
    begun(id);
    const { status, body } = await get(`/v1/executions/${id}/history`);
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      {
        revision: 0,
        type: 'ExecutionCreated',
        actor: { user: 'anonymous' },
        source: 'rest',
        sentence: 'Accepted workflow restart (version 1.0.0) for shop/deployment/told.',
        cause: { kind: 'command', commandId: expect.any(String) },
        sinceStartMs: 0,
      },
      { revision: 1, type: 'PipelineRunCreated', source: 'resource' },
    ]);
  });

  test('is paged by revision', async () => {
    const id = await created(served);
    ended(id, begun(id), true);
    const first = await get(`/v1/executions/${id}/history?limit=2`);
    expect([each(first.body.items, 'revision'), first.body.next]).toEqual([[0, 1], 1]);
    const rest = await get(`/v1/executions/${id}/history?limit=2&after=1`);
    expect([each(rest.body.items, 'revision'), rest.body.next]).toEqual([[2], undefined]);
  });

  test('ends at a revision or a time', async () => {
    const id = await created(served);
    const before = await moment();
    begun(id);
    for (const at of ['0', before])
      expect(each((await get(`/v1/executions/${id}/history?at=${at}`)).body.items, 'revision')).toEqual([0]);
  });
});

describe('the difference of two points', () => {
  test('is what the newest event changed, unless points are given', async () => {
    const id = await created(served);
    const uid = begun(id);
    const newest = (await get(`/v1/executions/${id}/diff`)).body;
    expect([newest.from.revision, newest.to.revision]).toEqual([0, 1]);
    expect(newest.changes).toContainEqual({
      path: 'status.phase',
      kind: 'changed',
      before: 'Pending',
      after: 'Running',
    });
    ended(id, uid, true);
    const whole = (await get(`/v1/executions/${id}/diff?from=0&to=2`)).body;
    expect(whole.changes).toContainEqual({ path: 'status.phase', kind: 'changed', before: 'Pending', after: 'Failed' });
    expect((await get(`/v1/executions/${id}/diff?from=1&to=1`)).body.changes).toEqual([]);
  });

  test('from before the first event begins with nothing', async () => {
    const id = await created(served);
    const { body } = await get(`/v1/executions/${id}/diff?from=2020-01-01T00:00:00Z`);
    expect([body.from, body.to.revision, each(body.changes, 'kind')]).toEqual([
      undefined,
      0,
      ['added', 'added', 'added'],
    ]);
  });
});

describe('causes and why', () => {
  test('lead back to whoever asked, and by which door', async () => {
    const id = await created(served);
    const uid = begun(id);
    await ask(served, 'POST', `/v1/executions/${id}/cancel`, { body: { mode: 'Immediate', reason: 'enough' } });
    const causes = (await get(`/v1/executions/${id}/causes`)).body;
    expect(causes.items).toMatchObject([
      { revision: 2, type: 'CancellationRequested', source: 'rest' },
      { type: 'CancelExecution', actor: { user: 'anonymous' }, sentence: expect.stringContaining('enough') },
    ]);
    expect(each((await get(`/v1/executions/${id}/causes?revision=0`)).body.items, 'type')).toEqual([
      'ExecutionCreated',
      'CreateExecution',
    ]);
    ended(id, uid, true);
    const why = (await get(`/v1/executions/${id}/why`)).body;
    expect([why.phase, why.outcome, why.causes]).toEqual(['Failed', 'Failed', [0, 1, 2, 3]]);
    expect(JSON.stringify(why.sentences)).toContain('enough (asked for by anonymous through the REST API)');
    expect((await get(`/v1/executions/${id}/why?at=1`)).body.phase).toBe('Running');
  });
});

describe.each(['history', 'diff', 'causes', 'why'])('%s', (what) => {
  test('of an execution nobody knows is 404', async () => {
    expect(problem(await get(`/v1/executions/${UNKNOWN}/${what}`))).toEqual([404, 'execution-unknown']);
  });

  test('at a revision that is not there is 404, and says which there are', async () => {
    const id = await created(served);
    const name = { history: 'at', diff: 'to', causes: 'revision', why: 'at' }[what];
    const answer = await get(`/v1/executions/${id}/${what}?${name}=7`);
    expect(problem(answer)).toEqual([404, 'revision-unknown']);
    expect(answer.body.detail).toBe('Expected a revision from 0 to 0; found 7.');
  });
});

describe('the state', () => {
  test('at a revision that is not there is 404: what it will be then is not known', async () => {
    const id = await created(served);
    const answer = await get(`/v1/executions/${id}?at=7`);
    expect(problem(answer)).toEqual([404, 'revision-unknown']);
    expect(answer.body.detail).toBe('Expected a revision from 0 to 0; found 7.');
  });
});

describe('a moment', () => {
  test('before the first event is one at which there was no execution', async () => {
    const id = await created(served);
    for (const path of ['?at=', '/history?at=', '/diff?to=', '/why?at=']) {
      const answer = await get(`/v1/executions/${id}${path}2020-01-01T00:00:00Z`);
      expect(problem(answer)).toEqual([404, 'execution-unknown']);
      expect(answer.body.detail).toContain('or was none at that moment');
    }
  });

  test('that is still to come is refused everywhere, with the time it is here', async () => {
    const id = await created(served);
    const asked = [
      ...['?at=', '/history?at=', '/diff?from=', '/diff?to=', '/why?at='].map((path) => `/v1/executions/${id}${path}`),
      '/v1/executions?at=',
      '/v1/targets/node/n1?at=',
    ];
    for (const path of asked) {
      const answer = await get(path + FUTURE);
      expect([path, ...problem(answer)]).toEqual([path, 400, 'moment-in-future']);
      expect(answer.body.detail).toMatch(/^Expected a moment that has passed \(it is 20.*Z here\); found 2126-01-01/);
    }
    const body = { targetResource: 'node/n1', workflowId: 'w' };
    expect(problem(await ask(served, 'POST', `/v1/preflight?at=${FUTURE}`, { body }))).toEqual([
      400,
      'moment-in-future',
    ]);
  });
});

describe('executions at a moment', () => {
  test('are listed as they stood then, filters included, page by page', async () => {
    const target = 'shop/deployment/listed-then';
    const first = await created(served, { spec: specOf(target) });
    const early = await moment();
    const uid = begun(first);
    const second = await created(served, { spec: specOf(target) });
    const late = await moment();
    ended(first, uid, true);
    const list = async (query: string): Promise<Page> =>
      (await get(`/v1/executions?target=${target}&${query}`)).body as Page;
    expect((await list(`at=${early}`)).items).toMatchObject([{ executionId: first, phase: 'Pending', revision: 0 }]);
    expect((await list(`at=${late}`)).items).toMatchObject([
      { executionId: second, phase: 'Pending' },
      { executionId: first, phase: 'Running', lock: { state: 'Held' } },
    ]);
    expect(each((await list(`at=${late}&phase=Running`)).items, 'executionId')).toEqual([first]);
    expect((await list(`at=${late}&phase=Failed`)).items).toEqual([]);
    const page = await list(`at=${late}&limit=1`);
    expect(each(page.items, 'executionId')).toEqual([second]);
    const next = await list(`at=${late}&limit=1&cursor=${page.next}`);
    expect([each(next.items, 'executionId'), next.next]).toEqual([[first], undefined]);
  });

  test('take no cursor of another moment', async () => {
    const target = 'shop/deployment/cursor-then';
    for (let n = 0; n < 2; n += 1) await created(served, { spec: specOf(target) });
    const at = await moment();
    const { next } = (await get(`/v1/executions?target=${target}&at=${at}&limit=1`)).body;
    const other = await get(`/v1/executions?target=${target}&at=${await moment()}&limit=1&cursor=${next}`);
    expect(problem(other)).toEqual([400, 'cursor-invalid']);
  });
});

describe('a target', () => {
  const wait = { executionConfig: { onConflict: 'Wait' } };

  test('says who has the lock and who waits for it, now and then; its slashes may be written in both ways', async () => {
    const target = 'shop/deployment/locked';
    const holder = await created(served, { name: 'holder', spec: specOf(target) });
    const free = await moment();
    const uid = begun(holder);
    const waiting = await created(served, { name: 'waiting', spec: { ...specOf(target), ...wait } });
    const holderOf = {
      namespace: 'default',
      name: 'holder',
      executionId: holder,
      runUid: uid,
      state: 'Running',
    } as const;
    served.service.observe(waiting, { kind: 'TargetLocked', holder: holderOf });
    const { body } = await get(`/v1/targets/${target}`);
    expect(body).toMatchObject({
      target,
      runName: expect.stringMatching(/^wfe-[0-9a-f]{16}$/),
      lock: { state: 'Held', holder: { executionId: holder, workflowId: 'restart', resource: { name: 'holder' } } },
    });
    expect(body.at).toBeUndefined();
    expect(each(body.history, 'executionId')).toEqual([waiting, holder]);
    expect(body.waiting).toMatchObject([{ executionId: waiting, resource: { name: 'waiting' } }]);
    expect((await get(`/v1/targets/${encodeURIComponent(target)}`)).body).toEqual(body);
    const then = (await get(`/v1/targets/${target}?at=${free}`)).body;
    expect([then.at, then.lock, then.waiting, each(then.history, 'phase')]).toEqual([
      free,
      { state: 'Free' },
      [],
      ['Pending'],
    ]);
  });

  test('that nobody ever asked for is free', async () => {
    const { status, body } = await get('/v1/targets/node/never-heard-of');
    expect([status, body.lock, body.waiting, body.history]).toEqual([200, { state: 'Free' }, [], []]);
  });

  test('is listed with all others by name, or only when it is locked', async () => {
    const own = await serve();
    const ids = [];
    for (const target of ['b/pod/locked', 'a/pod/free', 'c/pod/locked'])
      ids.push(
        (await ask(own, 'POST', '/v1/executions', { body: { spec: specOf(target) } })).body.executionId as string,
      );
    const run = (executionId: string) => ({
      ...{ ref: ref(crypto.randomUUID()), executionId, deletionRequested: false },
      ...{ tasks: [], skippedTasks: [], results: [] },
    });
    for (const id of [ids[0]!, ids[2]!]) own.service.observe(id, { kind: 'RunObserved', how: 'created', run: run(id) });
    const list = async (query: string): Promise<Page> => (await ask(own, 'GET', `/v1/targets?${query}`)).body as Page;
    expect(each((await list('')).items, 'target')).toEqual(['a/pod/free', 'b/pod/locked', 'c/pod/locked']);
    const locked = await list('locked=true&limit=1');
    expect(locked.items).toMatchObject([
      { target: 'b/pod/locked', lock: { state: 'Held' }, waiting: 0, last: { executionId: ids[0], phase: 'Running' } },
    ]);
    const rest = await list(`locked=true&limit=1&cursor=${locked.next}`);
    expect([each(rest.items, 'target'), rest.next]).toEqual([['c/pod/locked'], undefined]);
    await own.close();
  });
});

describe('preflight', () => {
  const asked = (targetResource: string, query = '') =>
    ask(served, 'POST', `/v1/preflight${query}`, { body: { targetResource, workflowId: 'restart' } });

  test('answers from the log, for now and for a moment', async () => {
    const target = 'shop/deployment/asked-before';
    expect((await asked(target)).body).toMatchObject({ allowed: true, consecutiveFailures: 0 });
    const id = await created(served, { name: 'asked', spec: specOf(target) });
    const uid = begun(id);
    const running = await moment();
    ended(id, uid, true);
    served.service.observe(id, { kind: 'RunMissing', runUid: uid });
    expect((await asked(target)).body).toMatchObject({
      allowed: false,
      reason: 'PreviousExecutionFailed',
      by: { executionId: id, resource: { namespace: 'default', name: 'asked' }, workflowId: 'restart' },
    });
    expect((await asked(target, `?at=${running}`)).body).toMatchObject({ allowed: false, reason: 'ResourceBusy' });
  });

  test('does not take a body without a workflow', async () => {
    const answer = await ask(served, 'POST', '/v1/preflight', { body: { targetResource: 'node/n1' } });
    expect([...problem(answer), answer.body.errors[0].path]).toEqual([400, 'validation-failed', 'workflowId']);
  });
});

test('what a newer version wrote is not told wrongly, but not at all', async () => {
  const own = await serve();
  own.service.fault = new UnknownEventError('an event of another time');
  for (const path of [`/v1/executions/${UNKNOWN}/why`, '/v1/targets', `/v1/executions/${UNKNOWN}`])
    expect(problem(await ask(own, 'GET', path))).toEqual([503, 'newer-version-needed']);
  await own.close();
});

describe('the replay check', () => {
  test('reports that all is well, or what differs', async () => {
    const own = await serve();
    for (let n = 0; n < 3; n += 1) await created(own);
    const { status, body } = await ask(own, 'GET', '/v1/audit/replay-check');
    expect([status, body]).toEqual([200, { executions: 3, differences: [], truncated: false }]);
    await own.close();
  });

  test('tells its way in lines, the last of which is the report', async () => {
    const own = await serve();
    for (let n = 0; n < 120; n += 1) await created(own);
    const headers = { accept: 'application/x-ndjson' };
    const answer = await fetch(`${own.url}/v1/audit/replay-check`, { headers });
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    const text = await answer.text();
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      { progress: { executions: 100, differences: 0 } },
      { report: { executions: 120, differences: [], truncated: false } },
    ]);
    await own.close();
  });

  test('cannot be had in another form', async () => {
    expect(problem(await get('/v1/audit/replay-check', { accept: 'text/html' }))).toEqual([406, 'not-acceptable']);
  });

  test('says so when the cluster cannot be asked, and nothing of what it answered', async () => {
    const own = await serve();
    own.service.fault = new ClusterError('unavailable', 'connect ECONNREFUSED 10.0.0.1:6443');
    const answer = await ask(own, 'GET', '/v1/audit/replay-check');
    expect(problem(answer)).toEqual([503, 'cluster-unavailable']);
    expect(JSON.stringify(answer.body)).not.toContain('10.0.0.1');
    expect(answer.headers.get('retry-after')).toBe('5');
    await own.close();
  });
});
