import type { Difference, KeptRows, ReplayReport } from '#audit';
import { ReplayCheck } from '#audit';
import { streamOf } from '#execution';
import type { KubeObject } from '#kubernetes';
import { WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { ExecutionRow, Runtime } from '#runtime';
import { ClusterResources } from '#runtime';
import { foldedAt } from '../../libs/audit/src/replay/folded.ts';
import { ArrayReadModel } from '../../libs/read-model/test/support/array-read-model.ts';
import { keptRows } from '../../src/wiring/kept-rows.ts';
import { MemoryWorld, NAMESPACE } from '../support/memory-world.ts';

const AT = { namespace: NAMESPACE, name: 'shown' };

/** A world with one replica, and a check of it. */
class CheckedWorld {
  rows: KeptRows;
  private constructor(
    readonly world: MemoryWorld,
    readonly readModel: ArrayReadModel,
    readonly runtime: Runtime,
  ) {
    this.rows = keptRows(readModel);
  }

  static async open(): Promise<CheckedWorld> {
    const world = await MemoryWorld.open({ cooldownMs: 3_600_000 });
    const readModel = new ArrayReadModel((a, b) => world.store.compare(a, b));
    return new CheckedWorld(world, readModel, await world.replica({ readModel }));
  }

  /** An execution that ended and is shown, and then nobody there to correct anything. */
  static async ended(): Promise<CheckedWorld & { readonly id: string }> {
    const checked = await CheckedWorld.open();
    const { world, runtime } = checked;
    const id = await world.create(runtime, world.spec('quick'), AT.name);
    await world.recorded(id, 'ExecutionCompleted');
    await world.clock.advance(5_000);
    await world.within(runtime.stop());
    return Object.assign(checked, { id });
  }

  async check(): Promise<ReplayReport> {
    const { world, rows, runtime } = this;
    const check = new ReplayCheck({
      ...{ store: world.store, rows },
      resources: new ClusterResources(world.cluster, []),
      caughtUp: () => runtime.caughtUp(),
      sleep: (ms, signal) => world.clock.sleep(ms, signal),
    });
    return world.within(reportOf(check));
  }

  patchStatus(value: object): Promise<KubeObject> {
    return this.world.cluster.patchStatus(WORKFLOW_EXECUTIONS, AT, {
      type: 'json',
      body: [{ op: 'add', path: '/status', value }],
    });
  }

  async close(): Promise<void> {
    await this.world.close();
  }
}

async function reportOf(check: ReplayCheck): Promise<ReplayReport> {
  for await (const news of check.run(new AbortController().signal)) if (news.kind === 'report') return news;
  throw new Error('expected a report');
}

const told = ({ differences }: ReplayReport): unknown[] =>
  differences.map(({ where, path, log, found }: Difference) => [where, path, log, found]);

describe('nothing is told', () => {
  test('of a world in which all is well, whatever became of its executions', async () => {
    const checked = await CheckedWorld.open();
    const { world, runtime } = checked;
    const quick = await world.create(runtime, world.spec('quick'), 'quick');
    await world.recorded(quick, 'ExecutionCompleted');
    const on = (target: string) => ({ targetResource: `world/deployment/${target}` });
    const failed = await world.create(runtime, world.spec('fail-exit1', on('failed')));
    const slow = await world.create(runtime, world.spec('slow', on('slow')));
    const waiting = await world.create(
      runtime,
      world.spec('quick', { ...on('slow'), executionConfig: { onConflict: 'Wait' } }),
    );
    const skipped = await world.create(
      runtime,
      world.spec('quick', { ...on('slow'), executionConfig: { onConflict: 'Skip' } }),
    );
    await world.recorded(failed, 'ExecutionFailed');
    await world.recorded(slow, 'TaskStarted');
    await world.recorded(waiting, 'ExecutionQueued');
    await world.recorded(skipped, 'ExecutionSkipped');
    await world.cluster.delete(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name: 'quick' });
    await world.recorded(quick, 'ResourceRemoved');
    const { executions, differences, truncated } = await checked.check();
    expect([executions, differences, truncated]).toEqual([5, [], false]);
    await checked.close();
  });

  test('of statuses and rows that are being written, at any moment of a run', async () => {
    const checked = await CheckedWorld.open();
    const { world, runtime } = checked;
    const id = await world.create(runtime, world.spec('slow'), AT.name);
    for (let looks = 0; looks < 400 && !(await world.types(id)).includes('ExecutionCompleted'); looks += 1) {
      expect((await checked.check()).differences).toEqual([]);
      await world.clock.advance(137);
    }
    expect(await world.types(id)).toContain('ExecutionCompleted');
    await checked.close();
  });
});

test('nothing is told of a resource that is let go and kept by somebody else: nobody writes its status any more', async () => {
  const checked = await CheckedWorld.open();
  const { world, runtime } = checked;
  const id = await world.create(runtime, world.spec('quick'), AT.name);
  await world.recorded(id, 'ExecutionCompleted');
  const finalizers = [...(world.resource(AT.name)?.metadata.finalizers ?? []), 'example.test/keep'];
  await world.cluster.patch(WORKFLOW_EXECUTIONS, AT, { type: 'merge', body: { metadata: { finalizers } } });
  await world.cluster.delete(WORKFLOW_EXECUTIONS, AT);
  await world.recorded(id, 'LockReleased');
  await world.clock.advance(5_000);
  expect(world.resource(AT.name)?.metadata.finalizers).toEqual(['example.test/keep']);
  expect((await checked.check()).differences).toEqual([]);
  await checked.close();
});

describe('of the rows it is told', () => {
  test('what a row says otherwise than the log', async () => {
    const checked = await CheckedWorld.ended();
    const row = (await checked.readModel.get(checked.id)) as ExecutionRow;
    const wrong: ExecutionRow = { ...row, phase: 'Failed', lock: 'Released' };
    await plant(checked, wrong);
    expect(told(await checked.check())).toEqual([
      ['row', 'lock', 'Held', 'Released'],
      ['row', 'phase', 'Completed', 'Failed'],
    ]);
    await checked.close();
  });

  test('that one is missing, with what it should be', async () => {
    const checked = await CheckedWorld.ended();
    const row = await checked.readModel.get(checked.id);
    const rows = checked.rows;
    checked.rows = { ...rows, get: async (id) => (id === checked.id ? undefined : rows.get(id)) };
    expect(told(await checked.check())).toEqual([['row', '', row, null]]);
    await checked.close();
  });

  test('that one stays behind the log', async () => {
    const checked = await CheckedWorld.ended();
    const events = await checked.world.events(checked.id);
    const old = await rowAt(checked, 2);
    const rows = checked.rows;
    checked.rows = { ...rows, get: async () => old };
    expect(told(await checked.check())).toEqual([['row', 'revision', events.length - 1, 2]]);
    await checked.close();
  });

  test('that there is one of an execution nobody knows', async () => {
    const checked = await CheckedWorld.ended();
    const row = (await checked.readModel.get(checked.id)) as ExecutionRow;
    const stranger = '00000000-0000-4000-8000-00000000abcd';
    await plant(checked, { ...row, id: stranger });
    const report = await checked.check();
    expect(report.differences).toEqual([{ executionId: stranger, where: 'row', path: '', log: null, found: 'a row' }]);
    await checked.close();
  });
});

describe('of the resources it is told', () => {
  test('what a status says otherwise than the log', async () => {
    const checked = await CheckedWorld.ended();
    const status = checked.world.resource(AT.name)?.status as { conditions: { type: string; status: string }[] };
    const conditions = status.conditions.map((each) => (each.type === 'Ready' ? { ...each, status: 'False' } : each));
    await checked.patchStatus({ ...status, outcome: 'Failed', conditions });
    expect(told(await checked.check())).toEqual([
      ['status', 'conditions.Ready.status', 'True', 'False'],
      ['status', 'outcome', 'Success', 'Failed'],
    ]);
    await checked.close();
  });

  test.each<[string, object, unknown[]]>([
    ['a revision that is not there', { revision: 900 }, ['execution.lastEvent.revision', 900]],
    ['another hash', { hash: '0'.repeat(64) }, ['execution.lastEvent.hash', '0'.repeat(64)]],
  ])('that a status names %s', async (_, wrong, told) => {
    const checked = await CheckedWorld.ended();
    const status = checked.world.resource(AT.name)?.status as { execution: { lastEvent: object } };
    const lastEvent = { ...status.execution.lastEvent, ...wrong };
    await checked.patchStatus({ ...status, execution: { ...status.execution, lastEvent } });
    expect((await checked.check()).differences.map(({ path, found }) => [path, found])).toEqual([told]);
    await checked.close();
  });

  test('that a status stays behind the log, although what it says was true once', async () => {
    const checked = await CheckedWorld.open();
    const { world, runtime } = checked;
    const id = await world.create(runtime, world.spec('slow'), AT.name);
    await world.recorded(id, 'TaskStarted');
    await world.clock.advance(2_000);
    const once = world.resource(AT.name)?.status as { execution: { lastEvent: { revision: number } } };
    await world.recorded(id, 'ExecutionCompleted');
    await world.clock.advance(2_000);
    await world.within(runtime.stop());
    await checked.patchStatus(once);
    const newest = (await world.events(id)).length - 1;
    expect(told(await checked.check())).toEqual([
      ['status', 'execution.lastEvent.revision', newest, once.execution.lastEvent.revision],
    ]);
    await checked.close();
  });

  test('that a resource is gone without the log knowing', async () => {
    const checked = await CheckedWorld.ended();
    const { cluster } = checked.world;
    await cluster.patch(WORKFLOW_EXECUTIONS, AT, { type: 'merge', body: { metadata: { finalizers: null } } });
    await cluster.delete(WORKFLOW_EXECUTIONS, AT);
    const [difference, ...more] = (await checked.check()).differences;
    expect([difference?.where, difference?.path, difference?.found, more]).toEqual(['status', '', null, []]);
    expect(difference?.log).toMatchObject({ phase: 'Completed', outcome: 'Success' });
    await checked.close();
  });

  test('that there is one of no execution', async () => {
    const checked = await CheckedWorld.ended();
    const { world } = checked;
    const { apiVersion, kind } = world.resource(AT.name) as KubeObject;
    const stranger = {
      apiVersion,
      kind,
      metadata: { namespace: NAMESPACE, name: 'stranger' },
      spec: world.spec('quick'),
    };
    const { uid } = (await world.cluster.create(WORKFLOW_EXECUTIONS, stranger)).metadata;
    expect((await checked.check()).differences).toEqual([
      { executionId: uid, where: 'status', path: '', log: null, found: `WorkflowExecution ${NAMESPACE}/stranger` },
    ]);
    await checked.close();
  });

  test('that one claims to belong to an execution that has another', async () => {
    const checked = await CheckedWorld.ended();
    const { world, id } = checked;
    const { apiVersion, kind } = world.resource(AT.name) as KubeObject;
    const labels = { 'workflowexecution.kubernaut.ai/execution-id': id };
    const metadata = { namespace: NAMESPACE, name: 'forged', labels };
    await world.cluster.create(WORKFLOW_EXECUTIONS, { apiVersion, kind, metadata, spec: world.spec('quick') });
    expect(told(await checked.check())).toEqual([['status', '', null, `WorkflowExecution ${NAMESPACE}/forged`]]);
    await checked.close();
  });
});

test('an execution that a newer version wrote is told, and the others are compared all the same', async () => {
  const checked = await CheckedWorld.ended();
  const [first, ...events] = await checked.world.events(checked.id);
  const stranger = '00000000-0000-4000-8000-00000000abcd';
  const { type, schemaVersion, data, metadata } = first!;
  const event = { id: '00000000-0000-4000-8000-00000000abce', type, schemaVersion: schemaVersion + 9, data, metadata };
  await checked.world.store.append(streamOf(stranger), 'none', [event]);
  const { executions, differences } = await checked.check();
  expect([executions, differences.map(({ executionId, found }) => [executionId, found])]).toEqual([
    2,
    [[stranger, null]],
  ]);
  expect(differences[0]?.log).toContain('the log was written by a newer version');
  expect(events.length).toBeGreaterThan(1);
  await checked.close();
});

async function plant({ readModel }: CheckedWorld, row: ExecutionRow): Promise<void> {
  const position = await readModel.checkpoint();
  await readModel.apply([{ row, milestones: {}, position }], [], position);
}

/** The row as it was after an earlier event. */
async function rowAt({ world, rows, id }: CheckedWorld & { readonly id: string }, revision: number): Promise<object> {
  return rows.rowOf(await foldedAt(world.store, id, { revision })) as object;
}
