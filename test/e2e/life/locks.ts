import { runNameOf } from '#execution';
import type { KubeObject } from '#kubernetes';
import { PIPELINE_RUNS } from '#kubernetes';
import { specFor } from '../../support/rest.ts';
import { isChained, isWhole, NAMESPACE, RUNS } from '../client.ts';
import type { Stage } from '../stage.ts';
import * as places from './places.ts';
import { accept, freshTarget, policy } from './places.ts';

/** Skip and Fail, the policy of the configuration, the release by an operator, and runs that are nobody's. */
export function locks(stage: Stage): void {
  /** Waits for the end of an execution that is not to run. */
  async function refused(target: string, more: Record<string, unknown> = {}) {
    const { client } = stage;
    const id = await client.accepted(specFor('quick', target, more));
    const { status } = await client.ended(id);
    expect(await client.runs(id)).toHaveLength(0);
    isChained(await client.history(id));
    return status;
  }

  it('Skip while the owner runs: ResourceBusy, with the owner, and no time because nobody knows it', async () => {
    const owner = await places.running(stage);
    const { phase, outcome, skipDetails } = await refused(owner.target, policy('Skip'));
    expect([phase, outcome, skipDetails?.reason]).toEqual(['Skipped', 'Skipped', 'ResourceBusy']);
    expect(skipDetails?.holder).toEqual({
      namespace: NAMESPACE,
      name: owner.name,
      executionId: owner.id,
      workflowId: 'hang',
    });
    expect(skipDetails?.until).toBeUndefined();
  });

  it('Skip in the cooldown: RecentlyRemediated, with the owner, until its lock ends', async () => {
    const owner = await places.coolingDown(stage);
    const { skipDetails } = await refused(owner.target, policy('Skip'));
    expect(skipDetails).toMatchObject({ reason: 'RecentlyRemediated', holder: { executionId: owner.id } });
    expect(skipDetails?.until).toBeDefined();
    expect(skipDetails?.until).toBe((await stage.client.get(owner.id)).status.lock?.until);
  });

  it('Fail: ExecutionRaceCondition, which says who is in the way, and that nothing was done', async () => {
    const owner = await places.running(stage);
    const { phase, outcome, failureDetails } = await refused(owner.target, policy('Fail'));
    expect([phase, outcome]).toEqual(['Failed', 'Failed']);
    expect(failureDetails).toMatchObject({ reason: 'ExecutionRaceCondition', wasExecutionFailure: false });
    expect(failureDetails?.message).toContain(owner.target);
    expect(failureDetails?.message).toContain(`${NAMESPACE}/${owner.name}`);
  });

  it('the configuration says what happens when the spec does not', async () => {
    const owner = await places.running(stage);
    expect((await refused(owner.target)).phase).toBe('Skipped');
  });

  it.each([
    ['runs', places.running],
    ['waits', places.waiting],
  ])('an operator cannot release an execution that %s: 409, and nothing is recorded', async (_what, place) => {
    const { id, target } = await place(stage);
    const before = await stage.client.types(id);
    const answer = await stage.client.post(id, 'release', { reason: 'I am in a hurry' });
    expect([answer.status, answer.body['code']]).toEqual([409, 'run-unfinished']);
    expect((await stage.client.types(id)).filter((type) => type === 'ReleaseRequested')).toEqual([]);
    expect(await stage.client.types(id)).toEqual(expect.arrayContaining([...before]));
    expect((await refused(target)).skipDetails?.reason).toBe('ResourceBusy');
  });

  it('an operator releases at once in the cooldown, with a reason, and the next execution has a run of its own', async () => {
    const { client } = stage;
    const { id, target } = await places.coolingDown(stage);
    const run = await client.run(id);
    expect((await client.post(id, 'release', { reason: 'the target is needed' })).status).toBe(200);
    await client.recorded(id, 'LockReleased');
    expect(await client.runs(id)).toHaveLength(0);
    const asked = await client.recorded(id, 'ReleaseRequested');
    expect(asked.data).toEqual({ cause: 'Operator', reason: 'the target is needed' });
    const whole = await client.types(id);
    expect((await client.post(id, 'release', { reason: 'once more' })).status).toBe(200);
    expect(await client.types(id)).toEqual(whole);

    const next = await client.accepted(specFor('quick', target));
    expect((await client.ended(next)).status.phase).toBe('Completed');
    isWhole(await client.history(next));
    expect(await client.types(next)).toContain('TaskStarted');
    expect((await client.run(next)).metadata.uid).not.toBe(run.metadata.uid);
  });

  describe('by a run that carries our name and no label of ours', () => {
    let target: string;
    let orphan: KubeObject;
    const find = async (): Promise<KubeObject> =>
      stage.world.cluster.get(PIPELINE_RUNS, { namespace: RUNS, name: runNameOf(target) });
    beforeAll(async () => {
      target = freshTarget();
      orphan = await stage.world.cluster.create(PIPELINE_RUNS, {
        apiVersion: 'tekton.dev/v1',
        kind: 'PipelineRun',
        metadata: { namespace: RUNS, name: runNameOf(target) },
        spec: { pipelineRef: { name: 'made-by-hand' } },
      });
    });
    const uid = (): string => orphan.metadata.uid as string;

    it('Skip and Fail tell its uid, and name no execution', async () => {
      const { skipDetails } = await refused(target, policy('Skip'));
      expect(skipDetails).toMatchObject({ reason: 'ResourceBusy', holder: {} });
      expect(skipDetails?.holder).not.toHaveProperty('executionId');
      expect(skipDetails?.message).toContain(uid());
      expect((await refused(target, policy('Fail'))).failureDetails?.message).toContain(uid());
    });

    it('it is never adopted, changed or deleted; Wait waits until somebody removes it', async () => {
      const { client, world } = stage;
      const { id } = await accept(client, specFor('quick', target, policy('Wait')));
      await client.recorded(id, 'ExecutionQueued', ({ data }) => JSON.stringify(data).includes(uid()));
      const { metadata, spec } = await find();
      expect([metadata.uid, metadata.deletionTimestamp, metadata.generation]).toEqual([
        uid(),
        undefined,
        orphan.metadata.generation,
      ]);
      expect(metadata.labels ?? {}).not.toHaveProperty(['workflowexecution.kubernaut.ai/execution-id']);
      expect(spec).toEqual(orphan.spec);
      await world.cluster.delete(PIPELINE_RUNS, { namespace: RUNS, name: runNameOf(target) });
      expect((await client.ended(id)).status.phase).toBe('Completed');
      expect((await client.run(id)).metadata.uid).not.toBe(uid());
    });
  });
}
