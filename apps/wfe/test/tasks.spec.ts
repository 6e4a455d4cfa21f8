import { ID, recorded } from './support/answers.ts';
import { called } from './support/called.ts';
import { ScriptedService } from './support/scripted-service.ts';

const step = (name: string, more: object) => ({ name, reason: 'Completed', ...more });
const CREATED = recorded(0, 'ExecutionCreated', {
  spec: { workflowRef: { containerImage: 'registry.example.test/restart:1' } },
});
const RUN = recorded(1, 'PipelineRunCreated', {
  run: { namespace: 'kubernaut-workflows', name: 'wfe-1', uid: 'u-1', createdAt: '2026-11-20T11:58:01Z' },
});
const started = (revision: number, attempt: number) =>
  recorded(revision, 'TaskStarted', { pipelineTask: 'work', taskRun: 'wfe-1-work', attempt });
const finished = (revision: number, attempt: number, exitCode: number) =>
  recorded(revision, 'TaskFinished', {
    ...{ pipelineTask: 'work', taskRun: 'wfe-1-work', attempt, state: exitCode === 0 ? 'Succeeded' : 'Failed' },
    steps: [
      step('main', { exitCode, terminationReason: exitCode === 0 ? 'Completed' : 'Error', imageId: 'runner@sha256:1' }),
    ],
  });
const FAILED = recorded(9, 'ExecutionFailed', {
  run: {
    resolved: { uri: 'registry.example.test/restart', digest: 'sha256:2', entryPoint: 'workflow' },
    skippedTasks: [{ name: 'report', reason: 'PipelineRun was stopping' }],
  },
});

describe('wfe tasks', () => {
  let service: ScriptedService;
  beforeAll(async () => (service = await ScriptedService.open()));
  afterEach(() => service.forget());
  afterAll(() => service.close());

  /** Cells of its lines. */
  async function shown(events: readonly object[]): Promise<readonly (readonly string[])[]> {
    service.json(`GET /v1/executions/${ID}/events`, { items: events });
    const { code, out, err } = await called(['tasks', ID, '--server', service.url]);
    expect([code, err]).toEqual([0, '']);
    return out
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
  }

  test('shows what the bundle was by digest, each step with its end, and what did not run', async () => {
    expect(await shown([CREATED, RUN, started(2, 1), finished(3, 1, 3), FAILED])).toEqual([
      ['Bundle:', 'registry.example.test/restart:1'],
      ['Resolved:', 'registry.example.test/restart@sha256:2'],
      ['Pipeline:', 'workflow'],
      ['Run:', 'kubernaut-workflows/wfe-1 (uid u-1)'],
      ['TASK', 'STEP', 'STATE', 'EXIT', 'IMAGE'],
      ['work', 'main', 'Error', '3', 'runner@sha256:1'],
      ['report', 'Skipped: PipelineRun was stopping'],
    ]);
  });

  test('tells attempts of a task apart, and what runs still', async () => {
    expect((await shown([CREATED, RUN, started(2, 1), finished(3, 1, 1), started(4, 2)])).slice(3)).toEqual([
      ['work (1)', 'main', 'Error', '1', 'runner@sha256:1'],
      ['work (2)', 'Running'],
    ]);
  });

  test('says so when nothing has run', async () => {
    expect((await shown([CREATED])).at(-1)).toEqual(['No task has started.']);
  });

  test('reads every page', async () => {
    service.on(`GET /v1/executions/${ID}/events`, ({ url }, response) => {
      const isFirst = url.searchParams.get('after') === '-1';
      const page = isFirst ? { items: [CREATED, RUN], next: 1 } : { items: [started(2, 1)] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
    });
    const { out } = await called(['tasks', ID, '-o', 'json', '--server', service.url]);
    expect(JSON.parse(out)).toMatchObject({
      bundle: 'registry.example.test/restart:1',
      run: { name: 'wfe-1' },
      tasks: [{ task: 'work', attempt: 1, state: 'Running', steps: [] }],
      skipped: [],
    });
  });
});
