import type { ExecutionSpec } from '#execution';
import type { KubeObject, WatchMessage } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { Runtime } from '#runtime';
import { KeyedHashes, SpecRefused } from '#runtime';
import { intercepted, NAMESPACE } from '../support/memory-world.ts';
import { NAME, quoting, SECRET, SecretWorld, sensitivity } from './support/secret-world.ts';
import type { Refusal } from './support/secret-world.ts';

const paramsOf = (run: KubeObject | undefined) =>
  (run?.spec as { params: readonly { name: string; value: string }[] } | undefined)?.params;
const given = (name: string, value: string): unknown => expect.arrayContaining([{ name, value }]);

let scene: SecretWorld;
beforeEach(async () => {
  scene = await SecretWorld.open();
});
afterEach(() => scene.close());

describe('redacted: a resource with a sensitive parameter', () => {
  test('is run with its value, which nothing but the resource and the run ever held', async () => {
    await scene.replica();
    const id = await scene.apply(scene.spec('echo', { rationale: `use ${SECRET}` }));
    await scene.world.recorded(id, 'ExecutionCompleted');
    const [run] = scene.world.runsOf(id);
    expect(paramsOf(run)).toEqual(given('DB_PASSWORD', SECRET));
    expect(paramsOf(run)).toEqual(given('REASON', 'memory'));
    expect(await scene.found()).toEqual([]);
    const [created] = await scene.world.events(id);
    expect(created?.data).toMatchObject({
      spec: { parameters: { DB_PASSWORD: expect.stringMatching(/^hmac-sha256:/), REASON: 'memory' } },
      sensitive: { policy: 'redact', redacted: ['DB_PASSWORD'] },
    });
  });

  test('whose workflow gives the value back as a result: the result is recorded without it', async () => {
    await scene.replica();
    const parameters = { DB_PASSWORD: SECRET, MESSAGE: `password is ${SECRET}` };
    const id = await scene.apply(scene.spec('echo', { parameters }));
    await scene.world.recorded(id, 'ExecutionCompleted');
    expect(paramsOf(scene.world.runsOf(id)[0])).toEqual(given('MESSAGE', parameters.MESSAGE));
    expect(await scene.found()).toEqual([]);
    const log = JSON.stringify(await scene.world.events(id));
    expect(log).toContain('"name":"message","value":"[redacted MESSAGE]"');
  });

  test('is run once, and the run adopted, by a replica that takes over after the create', async () => {
    const { cluster } = scene.world;
    const cutOff = intercepted(cluster, 'create', async (call, [type]) => {
      const created = await call();
      if (type !== PIPELINE_RUNS) return created;
      throw new ClusterError('timeout', 'the reply was lost', { outcomeUnknown: true });
    });
    const blind = intercepted(cutOff, 'get', async () => {
      throw new ClusterError('unavailable', 'nothing is heard any more');
    });
    const first = await scene.replica({ cluster: blind });
    const id = await scene.apply(scene.spec('echo'));
    await scene.world.until('the run to exist', () => scene.world.runsOf(id).length === 1);
    await scene.world.within(first.stop());
    expect(await scene.world.types(id)).not.toContain('PipelineRunCreated');
    await scene.replica();
    await scene.world.recorded(id, 'ExecutionCompleted');
    const created = (await scene.world.events(id)).filter(({ type }) => type === 'PipelineRunCreated');
    expect(created.map(({ data }) => data.adopted)).toEqual([true]);
    expect(scene.world.started).toHaveLength(1);
    expect(paramsOf(scene.world.runsOf(id)[0])).toEqual(given('DB_PASSWORD', SECRET));
    expect(await scene.found()).toEqual([]);
  });

  test('is run when its turn comes, by a replica that was not there when it was accepted', async () => {
    const first = await scene.replica();
    const holder = await scene.apply(scene.world.spec('quick'), 'holder');
    await scene.world.recorded(holder, 'ExecutionCompleted');
    const id = await scene.apply(scene.spec('quick', { executionConfig: { onConflict: 'Wait' } }));
    await scene.world.recorded(id, 'ExecutionQueued');
    await scene.world.within(first.stop());
    await scene.replica();
    await scene.world.recorded(id, 'ExecutionCompleted');
    expect(await scene.found()).toEqual([]);
  });

  test('is not run with a value nobody can vouch for: the key of its hash is gone', async () => {
    const first = await scene.replica();
    const holder = await scene.apply(scene.world.spec('quick'), 'holder');
    await scene.world.recorded(holder, 'ExecutionCompleted');
    const id = await scene.apply(scene.spec('quick', { executionConfig: { onConflict: 'Wait' } }));
    await scene.world.recorded(id, 'ExecutionQueued');
    await scene.world.within(first.stop());
    const hashes = new KeyedHashes(new Uint8Array(32).fill(4));
    const later = await scene.replica({ sensitivity: sensitivity({ hashes }) });
    await scene.world.recorded(id, 'ExecutionFailed');
    expect(await statusOf(later, id)).toMatchObject({
      phase: 'Failed',
      failureDetails: {
        reason: 'ConfigurationError',
        message: expect.stringMatching(/key that the hash of DB_PASSWORD was made with is not here/),
        wasExecutionFailure: false,
      },
    });
    expect(scene.world.runsOf(id)).toEqual([]);
    expect(await scene.found()).toEqual([]);
  });

  test('is not run when the resource that holds the value is gone without a word', async () => {
    const blind = intercepted(scene.world.cluster, 'get', async (call, [type]) => {
      if (type !== WORKFLOW_EXECUTIONS) return call();
      throw new ClusterError('not-found', 'workflowexecutions "mine" not found', { status: 404, reason: 'NotFound' });
    });
    const { cluster } = scene.world;
    const emptied = intercepted(blind, 'list', async (call, [type]) => {
      const page = await call();
      return type === WORKFLOW_EXECUTIONS ? { ...page, items: page.items.map(withoutParameters) } : page;
    });
    const id = await scene.apply(scene.spec('quick'));
    const first = await scene.replica({ cluster: refusingRuns(cluster) });
    await scene.world.recorded(id, 'ResourceBound');
    await scene.world.within(first.stop());
    await scene.replica({ cluster: emptied });
    await scene.world.recorded(id, 'ExecutionFailed');
    expect(scene.world.runsOf(id)).toEqual([]);
    expect(JSON.stringify(await scene.world.events(id))).toContain('values of DB_PASSWORD is gone');
    expect(await scene.found()).toEqual([]);
  });
});

describe('what its run says', () => {
  test('is not told at all once the resource is gone, since nobody can tell any more what it holds', async () => {
    await scene.replica();
    const parameters = { DB_PASSWORD: SECRET, MESSAGE: SECRET };
    const id = await scene.apply(scene.spec('echo', { parameters }));
    await scene.world.recorded(id, 'TaskStarted');
    await scene.world.cluster.patch(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name: NAME }, NO_FINALIZERS);
    await scene.world.cluster.delete(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name: NAME });
    await scene.world.recorded(id, 'LockReleased');
    expect(await scene.found()).toEqual([]);
    expect(JSON.stringify(await scene.world.events(id))).toContain('[not told: ');
  });
});

describe('an API server that quotes what it refuses', () => {
  const REFUSALS: readonly Refusal[] = [
    { method: 'create', type: PIPELINE_RUNS, code: 'invalid', status: 422, times: 1 },
    { method: 'create', type: PIPELINE_RUNS, code: 'forbidden', status: 403, times: 1 },
    { method: 'create', type: PIPELINE_RUNS, code: 'server-error', status: 500, times: 8 },
    { method: 'patch', type: PIPELINE_RUNS, code: 'server-error', status: 500, times: 3 },
    { method: 'patch', type: WORKFLOW_EXECUTIONS, code: 'forbidden', status: 403, times: 20 },
    { method: 'patchStatus', type: WORKFLOW_EXECUTIONS, code: 'invalid', status: 422, times: 5 },
    { method: 'delete', type: PIPELINE_RUNS, code: 'server-error', status: 500, times: 3 },
  ];

  test.each(REFUSALS)('$method of $type.kind, $status: it is told without the value', async (refusal) => {
    const cluster = quoting(scene.world.cluster, SECRET, refusal);
    await scene.replica({ cluster });
    const id = await scene.apply(scene.spec('quick'));
    await scene.world.until('it to be over', async () =>
      (await scene.world.types(id)).some((type) => type === 'LockReleased' || type === 'ExecutionFailed'),
    );
    await scene.world.clock.advance(60_000);
    expect(await scene.found()).toEqual([]);
    const told = [...scene.lines, JSON.stringify(await scene.world.events(id))].join('\n');
    expect(told).toContain('[redacted DB_PASSWORD]');
  });

  test.each(REFUSALS)(
    '$method of $type.kind, $status: also when its name has been taken off the list',
    async (refusal) => {
      const first = await scene.replica({ cluster: refusingRuns(scene.world.cluster) });
      const id = await scene.apply(scene.spec('quick'));
      await scene.world.recorded(id, 'ResourceBound');
      await scene.world.within(first.stop());
      const cluster = quoting(scene.world.cluster, SECRET, refusal);
      await scene.replica({ cluster, sensitivity: sensitivity({ isSensitive: () => false }) });
      await scene.world.until('it to be over', async () =>
        (await scene.world.types(id)).some((type) => type === 'LockReleased' || type === 'ExecutionFailed'),
      );
      await scene.world.clock.advance(60_000);
      expect(await scene.found()).toEqual([]);
    },
  );

  test('also when no watch shows the resource, and its value had to be read', async () => {
    const first = await scene.replica({ cluster: refusingRuns(scene.world.cluster) });
    const id = await scene.apply(scene.spec('quick'));
    await scene.world.recorded(id, 'ResourceBound');
    await scene.world.within(first.stop());
    const [refusal] = REFUSALS as readonly [Refusal];
    await scene.replica({ cluster: quoting(unseen(scene.world.cluster), SECRET, refusal) });
    await scene.world.recorded(id, 'ExecutionFailed');
    expect(JSON.stringify(await scene.world.events(id))).toContain('[redacted DB_PASSWORD]');
    expect(await scene.found()).toEqual([]);
  });

  test('also about a resource that was refused for its parameter', async () => {
    const refusal = {
      method: 'patchStatus',
      type: WORKFLOW_EXECUTIONS,
      code: 'invalid',
      status: 422,
      times: 3,
    } as const;
    const cluster = quoting(scene.world.cluster, SECRET, refusal);
    await scene.replica({ cluster, sensitivity: sensitivity({ policy: 'refuse' }) });
    const id = await scene.apply(scene.spec('quick'));
    await scene.world.recorded(id, 'ExecutionFailed');
    await scene.world.clock.advance(60_000);
    expect(scene.lines.join('\n')).toContain('[redacted DB_PASSWORD]');
    expect(await scene.found()).toEqual([]);
  });
});

describe('refused: a resource with a sensitive parameter', () => {
  test('fails with a word on how to pass such a value, and its history has only the hash', async () => {
    const runtime = await scene.replica({ sensitivity: sensitivity({ policy: 'refuse' }) });
    const id = await scene.apply(scene.spec('quick'));
    await scene.world.recorded(id, 'ExecutionFailed');
    expect(await statusOf(runtime, id)).toMatchObject({
      phase: 'Failed',
      failureDetails: {
        reason: 'ConfigurationError',
        message: expect.stringMatching(/spec\.parameters\.DB_PASSWORD: .*spec\.executionConfig\.workspaces/),
      },
    });
    expect(scene.world.runsOf(id)).toEqual([]);
    expect(await scene.found()).toEqual([]);
  });

  test('so it is without any configuration', async () => {
    await scene.world.replica();
    const id = await scene.apply(scene.spec('quick'));
    expect(await scene.world.recorded(id, 'ExecutionFailed')).toEqual([
      'ExecutionCreated',
      'ResourceBound',
      'ExecutionFailed',
    ]);
    expect(await scene.found()).toEqual([]);
  });
});

describe.each(['refuse', 'redact'] as const)('by REST, configured to %s', (policy) => {
  test('it is refused, and nothing is recorded, not even for its idempotency key', async () => {
    const runtime = await scene.replica({ sensitivity: sensitivity({ policy }) });
    const request = { spec: scene.spec('quick'), namespace: NAMESPACE, idempotencyKey: 'key-1' };
    const answer = runtime.service.create(request, { actor: { user: 'tester' }, source: 'rest' });
    const refused = await scene.world.within(answer.catch((error: unknown) => error));
    expect(refused).toBeInstanceOf(SpecRefused);
    expect((refused as SpecRefused).problems.map((problem) => problem.path)).toEqual(['spec.parameters.DB_PASSWORD']);
    expect((refused as SpecRefused).message).not.toContain(SECRET);
    expect(await scene.world.log()).toEqual([]);
  });
});

test('a search that finds nothing would find it: a workflow that prints a parameter of an innocent name', async () => {
  await scene.replica();
  const id = await scene.apply(scene.spec('echo', { parameters: { MESSAGE: SECRET } }));
  await scene.world.recorded(id, 'ExecutionCompleted');
  expect((await scene.found()).length).toBeGreaterThan(0);
});

const NO_FINALIZERS = { type: 'merge', body: { metadata: { finalizers: [] } } } as const;

const withoutParameters = (object: KubeObject): KubeObject => ({
  ...object,
  spec: { ...(object.spec as ExecutionSpec), parameters: {} },
});

/** No run is created for a while. */
const refusingRuns = (cluster: SecretWorld['world']['cluster']) =>
  intercepted(cluster, 'create', async (call, [type]) => {
    if (type === PIPELINE_RUNS) throw new ClusterError('unavailable', 'later');
    return call();
  });

/** WorkflowExecutions are read one by one, and neither listed nor watched. */
function unseen(cluster: SecretWorld['world']['cluster']) {
  const unlisted = intercepted(cluster, 'list', async (call, [type]) => {
    const page = await call();
    return type === WORKFLOW_EXECUTIONS ? { ...page, items: [] } : page;
  });
  return intercepted(unlisted, 'watch', (call, [type]) =>
    type === WORKFLOW_EXECUTIONS ? bookmarksOf(call()) : call(),
  );
}

async function* bookmarksOf(messages: AsyncIterable<WatchMessage>): AsyncGenerator<WatchMessage> {
  for await (const message of messages) if (message.type === 'BOOKMARK') yield message;
}

const statusOf = async (runtime: Runtime, id: string) => (await runtime.service.get(id))?.status;
