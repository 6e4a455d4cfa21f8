import { PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { rest, specFor } from '../support/rest.ts';
import { until } from '../support/until.ts';
import { ID_LABEL, isWhole, NAMESPACE, RUNS } from './client.ts';
import { staged, type World } from './stage.ts';

let count = 0;
const fresh = (word: string): string => `${word}-${process.pid}-${(count += 1)}`;
const freshTarget = (): string => `e2e/deployment/${fresh('app')}`;

/** The main job over real HTTP, with the real program, on whatever cluster the world gives. */
export function endToEnd(name: string, open: () => Promise<World>): void {
  describe(`end to end on ${name}`, () => {
    const stage = staged(open);

    it('runs a workflow asked for by REST, once, and shows its course as events and as status', async () => {
      const id = await stage.client.accepted(specFor('echo', freshTarget()));
      const { resource } = await stage.client.ended(id);
      const events = await stage.client.history(id);
      isWhole(events);
      const order = events.map((event) => event.type);
      expect(order[0]).toBe('ExecutionCreated');
      expect(order.indexOf('ResourceBound')).toBeLessThan(order.indexOf('PipelineRunCreated'));
      expect(order.indexOf('PipelineRunCreated')).toBeLessThan(order.indexOf('TaskStarted'));
      expect(order.at(-1)).toBe('ExecutionCompleted');
      expect(JSON.stringify(events.at(-1)?.data)).toContain('hello');
      expect(await stage.client.runs(id)).toHaveLength(1);

      const shown = await stage.client.shown(resource.name, 'Completed');
      expect(shown.execution?.lastEvent.hash).toBe(events.at(-1)?.hash);
      expect(shown).toEqual((await stage.client.get(id)).status);
      expect(shown.duration).toMatch(/^\d/);
    }, 60_000);

    it('runs a workflow asked for by a resource, and shows it in REST', async () => {
      const resource = fresh('by-kubectl');
      const id = (await stage.client.apply(resource, specFor('echo', freshTarget()))).metadata.uid as string;
      await until(
        'REST to know it',
        async () => (await rest(`${stage.service.url}/v1/executions/${id}`)).status === 200,
      );
      expect((await stage.client.ended(id)).status).toMatchObject({ phase: 'Completed', outcome: 'Success' });
      expect((await stage.client.history(id))[0]?.metadata.source).toBe('resource');
      const { conditions } = await stage.client.shown(resource, 'Completed');
      expect(conditions).toEqual(
        expect.arrayContaining([expect.objectContaining({ type: 'Succeeded', status: 'True' })]),
      );
      const listed = await rest<{ items: { executionId: string }[] }>(
        `${stage.service.url}/v1/executions?namespace=${NAMESPACE}&limit=100`,
      );
      expect(listed.body.items.map((item) => item.executionId)).toContain(id);
    }, 60_000);

    it('explains a failed run', async () => {
      const { status } = await stage.client.ended(await stage.client.accepted(specFor('fail', freshTarget())));
      expect(status).toMatchObject({ phase: 'Failed', outcome: 'Failed' });
      expect(status.failureDetails).toMatchObject({ reason: 'TaskFailed', wasExecutionFailure: true, exitCode: 1 });
      expect(status.failureDetails?.naturalLanguageSummary).toContain('Workflow fail (version 1.0.0)');
    }, 60_000);

    it('ends an execution whose spec only we can judge as ConfigurationError, creating nothing', async () => {
      const resource = fresh('invalid');
      const id = (await stage.client.apply(resource, specFor('echo', 'no-slash-at-all'))).metadata.uid as string;
      const { failureDetails } = await stage.client.shown(resource, 'Failed');
      expect(failureDetails).toMatchObject({ reason: 'ConfigurationError', wasExecutionFailure: false });
      expect(failureDetails?.message).toContain('spec.targetResource');
      expect(await stage.client.runs(id)).toHaveLength(0);
    });

    it('refuses by REST what cannot be run, with the path, and records nothing', async () => {
      const answer = await stage.client.create(specFor('echo', 'no-slash-at-all'));
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ code: 'spec-refused', errors: [{ path: 'spec.targetResource' }] });
    });

    it('records a run that somebody else deleted as PipelineRunDeleted', async () => {
      const id = await stage.client.accepted(specFor('hang', freshTarget()));
      const { metadata } = await stage.client.run(id);
      await until('a task to start', async () => (await stage.client.types(id)).includes('TaskStarted'));
      await stage.world.cluster.delete(
        PIPELINE_RUNS,
        { namespace: RUNS, name: metadata.name },
        { propagation: 'Foreground' },
      );
      const { failureDetails } = (await stage.client.ended(id)).status;
      expect(failureDetails).toMatchObject({ reason: 'PipelineRunDeleted', wasExecutionFailure: true });
      expect((await stage.client.types(id)).slice(-2)).toEqual(['ExecutionFailed', 'LockReleased']);
    }, 60_000);

    it('answers the same Idempotency-Key with the same execution, and refuses it for another request', async () => {
      const headers = { 'idempotency-key': fresh('key') };
      const spec = specFor('quick', freshTarget());
      const first = await stage.client.create(spec, {}, headers);
      const again = await stage.client.create(spec, {}, headers);
      expect([first.status, again.status]).toEqual([201, 200]);
      expect(again.body['executionId']).toBe(first.body['executionId']);
      expect((await stage.client.create(specFor('quick', freshTarget()), {}, headers)).status).toBe(422);
      const id = first.body['executionId'] as string;
      await stage.client.ended(id);
      expect(await stage.client.runs(id)).toHaveLength(1);
    }, 60_000);

    it('refuses a name that is in use', async () => {
      const name = fresh('taken');
      await stage.client.apply(name, specFor('quick', freshTarget()));
      const answer = await stage.client.create(specFor('quick', freshTarget()), { name });
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({ code: 'resource-exists' });
    });

    it('corrects a status that somebody edited, and records that it did', async () => {
      const id = await stage.client.accepted(specFor('quick', freshTarget()));
      const { name } = (await stage.client.ended(id)).resource;
      await stage.client.shown(name, 'Completed');
      const body = { status: { outcome: 'Failed', message: 'I was here' } };
      await stage.world.cluster.patchStatus(
        WORKFLOW_EXECUTIONS,
        { namespace: NAMESPACE, name },
        { type: 'merge', body },
      );
      await until('the status to be corrected', async () => (await stage.client.statusOf(name)).outcome === 'Success');
      const corrections = (await stage.client.history(id)).filter((event) => event.type === 'StatusDriftCorrected');
      expect(corrections.map((event) => event.data['fields'])).toEqual([['message', 'outcome']]);
    }, 60_000);

    it('stops in good order and goes on with the same log', async () => {
      const id = await stage.client.accepted(specFor('slow', freshTarget()));
      await stage.client.run(id);
      expect(await stage.service.stop()).toBe(0);
      await stage.service.start();
      await stage.client.post(id, 'cancel', { mode: 'Immediate', reason: 'the test is over' });
      expect((await stage.client.ended(id)).status.outcome).toBe('Cancelled');
      isWhole(await stage.client.history(id));
    }, 90_000);

    it('carries two hundred executions at once, each with one run and a whole history', async () => {
      const ids = await Promise.all(
        Array.from({ length: 200 }, () => stage.client.accepted(specFor('quick', freshTarget()))),
      );
      for (const id of ids) {
        const events = await stage.client.endedHistory(id, 120_000);
        isWhole(events);
        expect(events.at(-1)?.type).toBe('ExecutionCompleted');
      }
      const { items } = await stage.world.cluster.list(PIPELINE_RUNS, { namespace: RUNS });
      for (const id of ids) expect(items.filter((run) => run.metadata.labels?.[ID_LABEL] === id)).toHaveLength(1);
    }, 180_000);
  });
}
