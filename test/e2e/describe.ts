import type { ExecutionSpec } from '#execution';
import type { KubeObject } from '#kubernetes';
import { EVENTS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { findKubectl, Kubectl } from '../../apps/sandbox/test/support/kubectl.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { reach } from './kubectl.ts';
import type { World } from './stage.ts';

const COMMAND_LIMIT_MS = 90_000;
const NAMESPACE = 'default';

/** What somebody reads who asks kubectl what became of an execution, on whatever cluster the world gives. */
export function describeSession(name: string, open: () => Promise<World>): void {
  const binary = findKubectl();
  if (binary !== undefined) {
    describe(`kubectl describe on ${name}`, () => session(binary, open));
    return;
  }
  // Visible in every report, and no claim that anything holds.
  test(`NOT RUN: kubectl describe on ${name}, for want of a kubectl (set WFE_TEST_KUBECTL)`, () => {
    expect(findKubectl()).toBeUndefined();
  });
}

function session(binary: string, open: () => Promise<World>): void {
  let world: World;
  let service: ServiceProcess;
  let kubectl: Kubectl;

  beforeAll(async () => {
    world = await open();
    service = await ServiceProcess.prepare({ cluster: world.clusterConfig });
    await service.start();
    kubectl = new Kubectl(binary, reach(world), COMMAND_LIMIT_MS);
  }, 120_000);

  afterAll(async () => {
    kubectl?.dispose();
    await service?.remove();
    await world?.close();
  });

  const apply = (name: string, scenario: string, more: Partial<ExecutionSpec> = {}): Promise<KubeObject> =>
    world.cluster.create(WORKFLOW_EXECUTIONS, {
      apiVersion: 'workflowexecution.kubernaut.ai/v1alpha1',
      kind: 'WorkflowExecution',
      metadata: { namespace: NAMESPACE, name },
      spec: specFor(name, scenario, more),
    });

  /** The rows below Events, without their age; once the last of them has this reason. */
  function rowsUntil(name: string, reason: string): Promise<readonly Row[]> {
    return until(`${name} to be described as ${reason}`, async () => {
      const rows = (await servesCoreEvents())
        ? describedRows(await kubectl.ok(['describe', 'wfe', name]))
        : await storedRows(name);
      return rows.at(-1)?.reason === reason ? rows : false;
    });
  }

  /** An API server of custom resources alone has no core events, which is where describe looks for them. */
  async function servesCoreEvents(): Promise<boolean> {
    return (await kubectl.run(['get', '--raw', '/api/v1'])).code === 0;
  }

  async function storedRows(name: string): Promise<readonly Row[]> {
    const { items } = await world.cluster.list(EVENTS, { namespace: NAMESPACE });
    const about = items
      .map((event) => event as unknown as StoredEvent)
      .filter((event) => event.regarding.name === name);
    return about.map(({ type, reason, note }) => ({ type, reason, message: note }));
  }

  it('a success: accepted, the run, its start, its end and until when the lock is kept', async () => {
    await apply('described-ok', 'echo', { parameters: { MESSAGE: 'for nobody else' } });
    const rows = await rowsUntil('described-ok', 'Completed');
    expect(rows).toEqual([
      normal('Accepted', /^Accepted workflow echo \(version 1\.0\.0\) for describe\/deployment\/described-ok$/),
      normal('RunCreated', /^Created PipelineRun kubernaut-workflows\/wfe-[0-9a-f]{16}, which holds the lock on /),
      normal('Started', /^Task \S+ has started, the first of 3$/),
      normal('Completed', /^Workflow echo succeeded on \S+ in [\d.]+s, 3 of 3 tasks; the lock is kept until 20\S+Z$/),
    ]);
    expect(JSON.stringify(rows)).not.toContain('for nobody else');
  }, 60_000);

  it('a failure: the task and the step, then the cause in a line, as warnings', async () => {
    await apply('described-fail', 'fail');
    expect(await rowsUntil('described-fail', 'Failed')).toEqual([
      normal('Accepted', /workflow fail/),
      normal('RunCreated', /^Created PipelineRun/),
      normal('Started', /has started/),
      warning('TaskFailed', /^Task \S+ failed: step \S+ ended with exit code 1 \(Error\)$/),
      warning(
        'Failed',
        /^TaskFailed in task \S+, step \S+ \(exit code 1\)( after [\d.]+s)?: .*; the lock is kept until 20\S+Z$/,
      ),
    ]);
  }, 60_000);

  it('a skip: why, and who has the lock', async () => {
    const targetResource = 'describe/deployment/described-ok';
    await apply('described-skip', 'echo', { targetResource, executionConfig: { onConflict: 'Skip' } });
    expect(await rowsUntil('described-skip', 'Skipped')).toEqual([
      normal('Accepted', /^Accepted workflow echo /),
      normal('Skipped', /^RecentlyRemediated: .* kept in cooldown by default\/described-ok until 20/),
    ]);
  }, 60_000);

  it('a cancellation and the one that waited for it: asked for, done; behind whom, then its own run', async () => {
    const targetResource = 'describe/deployment/described-cancel';
    await apply('described-cancel', 'hang');
    await rowsUntil('described-cancel', 'Started');
    await apply('described-wait', 'echo', { targetResource, executionConfig: { onConflict: 'Wait' } });
    expect(await rowsUntil('described-wait', 'Waiting')).toEqual([
      normal('Accepted', /^Accepted workflow echo /),
      normal(
        'Waiting',
        /^Waiting for the lock on describe\/deployment\/described-cancel, held by default\/described-cancel$/,
      ),
    ]);
    await kubectl.ok(['patch', 'wfe/described-cancel', '--type=merge', '-p', '{"spec":{"cancel":"Immediate"}}']);
    const rows = await rowsUntil('described-cancel', 'Cancelled');
    expect(rows.slice(-2)).toEqual([
      normal('Cancelling', /^Cancelling \(Immediate\): spec\.cancel was set to Immediate$/),
      normal('Cancelled', /^Cancelled .*; the lock is kept until 20/),
    ]);
    await kubectl.ok(['delete', 'wfe/described-cancel', '--timeout=60s']);
    expect((await rowsUntil('described-wait', 'Completed')).slice(1, -2)).toContainEqual(
      normal('RunCreated', /^Created PipelineRun \S+, which holds the lock on \S+ after waiting [\d.hms]+ for it$/),
    );
  }, 90_000);
}

interface Row {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

interface StoredEvent {
  readonly type: string;
  readonly reason: string;
  readonly note: string;
  readonly regarding: { readonly name: string };
}

const row = (type: string, reason: string, message: RegExp): Row => ({
  type,
  reason,
  message: expect.stringMatching(message) as string,
});
const normal = (reason: string, message: RegExp): Row => row('Normal', reason, message);
const warning = (reason: string, message: RegExp): Row => row('Warning', reason, message);

/** Type, Reason, Age, From, Message: columns stand at least two blanks apart. */
function describedRows(text: string): readonly Row[] {
  const [, table = ''] = text.split(/^Events:$/m);
  const lines = table.trim().split('\n').slice(2);
  return lines.map((line) => {
    const [type = '', reason = '', , from, ...message] = line.trim().split(/ {2,}/);
    expect(from).toBe('workflowexecution.kubernaut.ai/controller');
    return { type, reason, message: message.join('  ') };
  });
}

function specFor(name: string, scenario: string, more: Partial<ExecutionSpec>): ExecutionSpec {
  return {
    remediationRequestRef: { name: 'described' },
    workflowRef: { workflowId: scenario, version: '1.0.0', containerImage: `sandbox.local/${scenario}:1` },
    targetResource: `describe/deployment/${name}`,
    ...more,
  };
}
