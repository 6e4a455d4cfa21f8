import type { ClusterConnection, KubeObject } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { EventJson } from '../support/rest.ts';
import { rest, specFor } from '../support/rest.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';

/** A cluster with a scripted Tekton at work on it. */
export interface World {
  readonly cluster: ClusterConnection;
  /** The `cluster` part of the service's configuration. */
  readonly clusterConfig: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

interface ExecutionJson {
  readonly executionId: string;
  readonly resource: { readonly namespace: string; readonly name: string };
  readonly status: Record<string, unknown> & { readonly phase: string; readonly outcome?: string };
}

/** What the tests read of a status. */
interface StatusJson {
  readonly phase?: string;
  readonly outcome?: string;
  readonly duration?: string;
  readonly conditions?: readonly unknown[];
  readonly execution?: { readonly lastEvent: { readonly hash: string } };
  readonly failureDetails?: { readonly message: string };
}

const NAMESPACE = 'default';
const RUNS = 'kubernaut-workflows';
let count = 0;
const fresh = (word: string): string => `${word}-${process.pid}-${(count += 1)}`;
const freshTarget = (): string => `e2e/deployment/${fresh('app')}`;

/** The main job over real HTTP, with the real program, on whatever cluster the world gives. */
export function endToEnd(name: string, open: () => Promise<World>): void {
  describe(`end to end on ${name}`, () => {
    let world: World;
    let service: ServiceProcess;

    beforeAll(async () => {
      world = await open();
      service = await ServiceProcess.prepare({ cluster: world.clusterConfig });
      await service.start();
    }, 120_000);

    afterAll(async () => {
      await service?.remove();
      await world?.close();
    });

    const create = (spec: unknown, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
      rest(`${service.url}/v1/executions`, 'POST', { namespace: NAMESPACE, spec, ...more }, headers);
    const get = async (id: string): Promise<ExecutionJson> =>
      (await rest<ExecutionJson>(`${service.url}/v1/executions/${id}`)).body;
    const history = async (id: string): Promise<readonly EventJson[]> =>
      (await rest<{ items: EventJson[] }>(`${service.url}/v1/executions/${id}/events?limit=500`)).body.items;
    const types = async (id: string): Promise<string[]> => (await history(id)).map((event) => event.type);
    const ended = (id: string): Promise<ExecutionJson> =>
      until(
        `execution ${id} to end`,
        async () => {
          const found = await get(id);
          return found.status?.outcome === undefined ? false : found;
        },
        40_000,
      );
    const resource = (name: string): Promise<KubeObject> =>
      world.cluster.get(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name });
    const apply = (name: string, spec: unknown): Promise<KubeObject> =>
      world.cluster.create(WORKFLOW_EXECUTIONS, {
        apiVersion: 'workflowexecution.kubernaut.ai/v1alpha1',
        kind: 'WorkflowExecution',
        metadata: { namespace: NAMESPACE, name },
        spec,
      });
    const statusOf = async (name: string): Promise<StatusJson> => (await resource(name)).status ?? {};
    const runs = async (id: string): Promise<readonly KubeObject[]> =>
      (
        await world.cluster.list(PIPELINE_RUNS, {
          namespace: RUNS,
          labelSelector: `workflowexecution.kubernaut.ai/execution-id=${id}`,
        })
      ).items;

    it('runs a workflow asked for by REST, once, and shows its course as events and as status', async () => {
      const target = freshTarget();
      const accepted = await create(specFor('echo', target));
      expect(accepted.status).toBe(201);
      const id = accepted.body.executionId as string;

      const execution = await ended(id);
      expect(execution.status).toMatchObject({ phase: 'Completed', outcome: 'Success' });
      expect(await runs(id)).toHaveLength(1);

      const events = await history(id);
      expect(events.map((event) => event.revision)).toEqual(events.map((_, index) => index));
      events.slice(1).forEach((event, index) => expect(event.previousHash).toBe(events[index]?.hash));
      const order = events.map((event) => event.type);
      expect(order[0]).toBe('ExecutionCreated');
      expect(order.indexOf('ResourceBound')).toBeLessThan(order.indexOf('PipelineRunCreated'));
      expect(order.indexOf('PipelineRunCreated')).toBeLessThan(order.indexOf('TaskStarted'));
      expect(order.at(-1)).toBe('ExecutionCompleted');
      expect(order.filter((type) => type === 'PipelineRunCreated')).toHaveLength(1);
      expect(JSON.stringify(events.at(-1)?.data)).toContain('hello');

      const shown = await until('the status to show the end', async () => {
        const status = await statusOf(execution.resource.name);
        return status.phase === 'Completed' ? status : false;
      });
      expect(shown.execution?.lastEvent.hash).toBe(events.at(-1)?.hash);
      expect(shown).toEqual(execution.status);
    }, 60_000);

    it('runs a workflow asked for by a resource, and shows it in REST', async () => {
      const name = fresh('by-kubectl');
      const object = await apply(name, specFor('echo', freshTarget()));
      const id = object.metadata.uid as string;
      const execution = await until('REST to know it', async () =>
        (await rest(`${service.url}/v1/executions/${id}`)).status === 200 ? ended(id) : false,
      );
      expect(execution.status.phase).toBe('Completed');
      expect((await history(id))[0]?.metadata.source).toBe('resource');
      const status = await until('the status to show the end', async () =>
        (await statusOf(name)).phase === 'Completed' ? statusOf(name) : false,
      );
      expect(status.conditions).toEqual(
        expect.arrayContaining([expect.objectContaining({ type: 'Succeeded', status: 'True' })]),
      );
      expect(status.duration).toMatch(/^\d/);
      const listed = await rest<{ items: { executionId: string }[] }>(
        `${service.url}/v1/executions?namespace=${NAMESPACE}&limit=100`,
      );
      expect(listed.body.items.map((item) => item.executionId)).toContain(id);
    }, 60_000);

    it('explains a failed run', async () => {
      const accepted = await create(specFor('fail', freshTarget()));
      const execution = await ended(accepted.body.executionId as string);
      expect(execution.status).toMatchObject({ phase: 'Failed', outcome: 'Failed' });
      expect(execution.status.failureDetails).toMatchObject({
        reason: 'TaskFailed',
        wasExecutionFailure: true,
        exitCode: 1,
      });
      const details = execution.status.failureDetails as { naturalLanguageSummary: string };
      expect(details.naturalLanguageSummary).toContain('Workflow fail (version 1.0.0)');
    }, 60_000);

    it('ends an execution whose spec only we can judge as ConfigurationError, creating nothing', async () => {
      const name = fresh('invalid');
      const object = await apply(name, specFor('echo', 'no-slash-at-all'));
      const status = await until('the status to say why', async () =>
        (await statusOf(name)).phase === 'Failed' ? statusOf(name) : false,
      );
      expect(status.failureDetails).toMatchObject({ reason: 'ConfigurationError', wasExecutionFailure: false });
      expect(status.failureDetails?.message).toContain('spec.targetResource');
      expect(await runs(object.metadata.uid as string)).toHaveLength(0);
    });

    it('fails the second execution on a locked target with onConflict Fail, and runs nothing for it', async () => {
      const target = freshTarget();
      const first = (await create(specFor('slow', target))).body.executionId as string;
      await until('the first to hold the lock', async () => (await runs(first)).length === 1);
      const second = (await create(specFor('echo', target))).body.executionId as string;
      const refused = await ended(second);
      expect(refused.status.failureDetails).toMatchObject({
        reason: 'ExecutionRaceCondition',
        wasExecutionFailure: false,
      });
      expect((refused.status.failureDetails as { message: string }).message).toContain(target);
      expect(await runs(second)).toHaveLength(0);
      await rest(`${service.url}/v1/executions/${first}/cancel`, 'POST', {
        mode: 'Immediate',
        reason: 'the test is over',
      });
      expect((await ended(first)).status.outcome).toBe('Cancelled');
    }, 60_000);

    it('gives the lock back when an operator says so, and the next execution of the target gets a run of its own', async () => {
      const target = freshTarget();
      const first = (await create(specFor('quick', target))).body.executionId as string;
      await ended(first);
      const early = await create(specFor('quick', target));
      expect((await ended(early.body.executionId as string)).status.failureDetails).toMatchObject({
        reason: 'ExecutionRaceCondition',
      });

      const released = await rest(`${service.url}/v1/executions/${first}/release`, 'POST', {
        reason: 'the target is needed',
      });
      expect(released.status).toBe(200);
      await until('the lock to be released', async () => (await types(first)).at(-1) === 'LockReleased');
      expect(await runs(first)).toHaveLength(0);

      const next = (await create(specFor('quick', target))).body.executionId as string;
      expect((await ended(next)).status.phase).toBe('Completed');
      const started = (await history(next)).filter((event) => event.type === 'TaskStarted');
      expect(started.length).toBeGreaterThan(0);
      expect((await runs(next))[0]?.metadata.uid).not.toBe((await history(first))[0]?.data.uid);
    }, 90_000);

    it('lets a deleted resource go only after its run is gone, and keeps the history', async () => {
      const name = fresh('deleted');
      const object = await apply(name, specFor('hang', freshTarget()));
      const id = object.metadata.uid as string;
      await until('its run', async () => (await runs(id)).length === 1);
      await world.cluster.delete(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name });
      await until(
        'the resource to be gone',
        async () => {
          const found = await world.cluster
            .get(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name })
            .catch((error: unknown) => error);
          return found instanceof ClusterError && found.code === 'not-found';
        },
        40_000,
      );
      expect(await runs(id)).toHaveLength(0);
      await until('the removal to be recorded', async () => (await types(id)).at(-1) === 'ResourceRemoved');
      expect(await types(id)).toEqual(
        expect.arrayContaining([
          'ResourceDeletionRequested',
          'CancellationRequested',
          'ExecutionCancelled',
          'ReleaseRequested',
          'LockReleased',
        ]),
      );
      const left = await world.cluster.list(TASK_RUNS, {
        namespace: RUNS,
        labelSelector: `workflowexecution.kubernaut.ai/execution-id=${id}`,
      });
      expect(left.items).toHaveLength(0);
    }, 60_000);

    it('records a run that somebody else deleted as PipelineRunDeleted', async () => {
      const id = (await create(specFor('hang', freshTarget()))).body.executionId as string;
      const [run] = await until('its run', async () => ((await runs(id)).length === 1 ? runs(id) : false));
      await until('a task to start', async () => (await types(id)).includes('TaskStarted'));
      await world.cluster.delete(
        PIPELINE_RUNS,
        { namespace: RUNS, name: run!.metadata.name },
        { propagation: 'Foreground' },
      );
      const execution = await ended(id);
      expect(execution.status.failureDetails).toMatchObject({
        reason: 'PipelineRunDeleted',
        wasExecutionFailure: true,
      });
      expect((await types(id)).slice(-2)).toEqual(['ExecutionFailed', 'LockReleased']);
    }, 60_000);

    it('answers the same Idempotency-Key with the same execution, and refuses it for another request', async () => {
      const headers = { 'idempotency-key': fresh('key') };
      const spec = specFor('quick', freshTarget());
      const first = await create(spec, {}, headers);
      const again = await create(spec, {}, headers);
      expect([first.status, again.status]).toEqual([201, 200]);
      expect(again.body.executionId).toBe(first.body.executionId);
      const other = await create(specFor('quick', freshTarget()), {}, headers);
      expect(other.status).toBe(422);
      await ended(first.body.executionId as string);
      expect(await runs(first.body.executionId as string)).toHaveLength(1);
    }, 60_000);

    it('corrects a status that somebody edited, and records that it did', async () => {
      const accepted = await create(specFor('quick', freshTarget()));
      const id = accepted.body.executionId as string;
      const execution = await ended(id);
      const { name } = execution.resource;
      await until('the status to be written', async () => (await statusOf(name)).phase === 'Completed');
      await world.cluster.patchStatus(
        WORKFLOW_EXECUTIONS,
        { namespace: NAMESPACE, name },
        { type: 'merge', body: { status: { outcome: 'Failed', message: 'I was here' } } },
      );
      await until('the status to be corrected', async () => (await statusOf(name)).outcome === 'Success');
      const corrected = (await history(id)).filter((event) => event.type === 'StatusDriftCorrected');
      expect(corrected.map((event) => event.data.fields)).toEqual([['message', 'outcome']]);
    }, 60_000);

    it('stops in good order and goes on with the same log', async () => {
      const id = (await create(specFor('slow', freshTarget()))).body.executionId as string;
      await until('its run', async () => (await runs(id)).length === 1);
      expect(await service.stop()).toBe(0);
      await service.start();
      await rest(`${service.url}/v1/executions/${id}/cancel`, 'POST', {
        mode: 'Immediate',
        reason: 'the test is over',
      });
      expect((await ended(id)).status.outcome).toBe('Cancelled');
      expect((await types(id)).filter((type) => type === 'PipelineRunCreated')).toHaveLength(1);
    }, 90_000);
  });
}
