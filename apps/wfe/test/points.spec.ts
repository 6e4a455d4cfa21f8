import { execution, ID, recorded, row } from './support/answers.ts';
import { called, type Ended } from './support/called.ts';
import { ScriptedService } from './support/scripted-service.ts';

const finished = (revision: number, taskRun: string) => recorded(revision, 'TaskFinished', { taskRun });
const CREATED = recorded(0, 'ExecutionCreated', {});
const FAILED = recorded(5, 'ExecutionFailed', { failure: { failedTaskRunName: 'run-b' } });

describe('a point told by an event', () => {
  let service: ScriptedService;
  beforeAll(async () => (service = await ScriptedService.open()));
  beforeEach(() => {
    const tasks = [finished(1, 'run-a'), finished(2, 'run-b'), finished(3, 'run-b'), finished(4, 'run-c')];
    service
      .json('GET /v1/executions', { items: [row()] })
      .json(`GET /v1/executions/${ID}`, execution())
      .json(`GET /v1/executions/${ID}/events`, { items: [CREATED, ...tasks, FAILED] });
  });
  afterEach(() => service.forget());
  afterAll(() => service.close());

  const wfe = (...args: string[]): Promise<Ended> => called([...args, '--server', service.url, '--utc']);
  /** The points that were asked for in the end. */
  const askedFor = (name: string): readonly (string | null)[] => [
    ...new Set(service.asked.map(({ url }) => url.searchParams.get(name)).filter((at) => at !== null)),
  ];

  test.each([
    ['the first of its type', 'TaskFinished', '2026-11-20T11:58:02.000Z'],
    ['before it', 'TaskFinished-1m', '2026-11-20T11:57:02.000Z'],
    ['after it', 'ExecutionCreated+1m30s', '2026-11-20T11:59:31.000Z'],
    ['the end of the task that failed, the last time it was tried', 'failure', '2026-11-20T11:58:04.000Z'],
    ['five seconds before the failure', 'failure-5s', '2026-11-20T11:57:59.000Z'],
  ])('is %s', async (_, point, at) => {
    expect(await wfe('at', ID, point)).toMatchObject({ code: 0, err: '' });
    expect(askedFor('at')).toEqual([at]);
  });

  test('is taken wherever a point is', async () => {
    service.json(`GET /v1/executions/${ID}/diff`, { to: { revision: 1, time: CREATED.metadata.time }, changes: [] });
    await wfe('diff', ID, '--from', 'ExecutionCreated', '--to', 'failure');
    expect([askedFor('from'), askedFor('to')]).toEqual([['2026-11-20T11:58:01.000Z'], ['2026-11-20T11:58:04.000Z']]);
  });

  test('is a time for everything when its execution is named', async () => {
    await wfe('list', '--at', 'payment/restart@failure-5s', '--from', `${ID}@TaskFinished`);
    expect([askedFor('at'), askedFor('from')]).toEqual([['2026-11-20T11:57:59.000Z'], ['2026-11-20T11:58:02.000Z']]);
  });

  test.each([
    [['at', ID, 'LockReleased'], 3, 'an execution with an event LockReleased'],
    [['at', ID, 'TaskExploded'], 2, 'expected a revision, a time as in'],
    [['at', ID, 'failure-soon'], 2, 'as in failure-5s'],
    [['at', ID, 'constructor'], 2, 'as in failure-5s'],
    [['at', ID, 'failure-99999999h'], 2, 'within the years 1 to 9999'],
    [['list', '--at', '99999999h'], 2, 'expected a time as in'],
    [['list', '--at', 'failure'], 2, 'EXECUTION@'],
    [['list', '--at', '@failure'], 2, 'EXECUTION@'],
    [['list', '--at', 'a@failure@failure'], 2, 'EXECUTION@'],
  ])('%j is none: %d', async (args, code, says) => {
    expect(await wfe(...args)).toMatchObject({ code, out: '', err: expect.stringContaining(says) as string });
  });

  test('and has no failure where nothing failed', async () => {
    service.json(`GET /v1/executions/${ID}/events`, { items: [CREATED, finished(1, 'run-a')] });
    expect(await wfe('at', ID, 'failure')).toMatchObject({
      code: 3,
      err: expect.stringContaining('a failed execution') as string,
    });
  });

  test('is the end of what failed without a task', async () => {
    service.json(`GET /v1/executions/${ID}/events`, { items: [CREATED, recorded(1, 'ExecutionFailed', {})] });
    await wfe('at', ID, 'failure');
    expect(askedFor('at')).toEqual(['2026-11-20T11:58:02.000Z']);
  });

  test('asks the service for nothing when another option is not as expected', async () => {
    expect(await wfe('list', '--at', `${ID}@failure`, '--from', 'yesterday')).toMatchObject({ code: 2 });
    expect(service.asked).toEqual([]);
  });
});
