import type { ExecutionSpec } from '#execution';
import { PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { ExecutionRow, Runtime } from '#runtime';
import { SCENARIOS } from '../../apps/sandbox/src/tekton/index.ts';
import { ArrayReadModel } from '../../libs/read-model/test/support/array-read-model.ts';
import { MemoryWorld, NAMESPACE } from '../support/memory-world.ts';

const EXECUTIONS = 20;
const PLAYED = SCENARIOS.filter(({ reference }) => !/hang|frozen|slow|quota/.test(reference));

const specOf = (reference: string, n: number): ExecutionSpec => ({
  remediationRequestRef: { name: `rr-${n}` },
  workflowRef: { workflowId: 'w', version: '1', containerImage: reference },
  targetResource: `world/deployment/app-${n}`,
});

/** Every second one by REST, the others as resources of the cluster. */
async function begin(world: MemoryWorld, runtime: Runtime, n: number): Promise<void> {
  const spec = specOf(PLAYED[n % PLAYED.length]!.reference, n);
  if (n % 2 === 0) return void (await world.create(runtime, spec, `x-${n}`));
  const { group, version, kind } = WORKFLOW_EXECUTIONS;
  const metadata = { namespace: NAMESPACE, name: `x-${n}` };
  await world.cluster.create(WORKFLOW_EXECUTIONS, { apiVersion: `${group}/${version}`, kind, metadata, spec });
}

async function played(): Promise<{ world: MemoryWorld; rows: readonly ExecutionRow[] }> {
  const world = await MemoryWorld.open();
  const readModel = new ArrayReadModel();
  const runtime = await world.replica({ readModel });
  for (let n = 0; n < EXECUTIONS; n += 1) await begin(world, runtime, n);
  await world.until('every execution to be over', () => {
    const rows = readModel.matching({});
    return rows.length === EXECUTIONS && rows.every(({ isOpen }) => !isOpen);
  });
  await world.close();
  return { world, rows: readModel.matching({}) };
}

describe('the service over a world in memory', () => {
  test('brings every execution to its end, and leaves no run behind', async () => {
    const { world, rows } = await played();
    expect(rows.map(({ lock }) => lock)).toEqual(rows.map(() => 'Released'));
    expect(new Set(rows.map(({ phase }) => phase))).toEqual(new Set(['Completed', 'Failed']));
    expect(world.cluster.objects(PIPELINE_RUNS)).toEqual([]);
    expect(world.cluster.openWatches).toBe(0);
  });

  test('does exactly the same the second time', async () => {
    const [first, second] = [await (await played()).world.log(), await (await played()).world.log()];
    expect(first.length).toBeGreaterThan(EXECUTIONS);
    expect(second.map(({ hash }) => hash)).toEqual(first.map(({ hash }) => hash));
  });
});
