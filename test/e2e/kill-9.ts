import type { ClusterConnection } from '#kubernetes';
import { PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { EventJson } from '../support/rest.ts';
import { rest, specFor } from '../support/rest.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import type { World } from './end-to-end.ts';

const RUNS = 'kubernaut-workflows';
const ID_LABEL = 'workflowexecution.kubernaut.ai/execution-id';
const ROUNDS = 10;

/** Every PipelineRun that ever appeared, by execution id: a second one would be seen even if it was gone a moment later. */
class RunCounter {
  private readonly seen = new Map<string, Set<string>>();
  private readonly stopping = new AbortController();
  private watching: Promise<void> = Promise.resolve();

  async start(cluster: ClusterConnection): Promise<void> {
    const { resourceVersion } = await cluster.list(PIPELINE_RUNS, { namespace: RUNS });
    this.watching = this.watch(cluster, resourceVersion);
  }

  of(executionId: string): number {
    return this.seen.get(executionId)?.size ?? 0;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.watching;
  }

  private async watch(cluster: ClusterConnection, resourceVersion: string): Promise<void> {
    const options = { namespace: RUNS, resourceVersion, timeoutSeconds: 300, signal: this.stopping.signal };
    for await (const message of cluster.watch(PIPELINE_RUNS, options)) {
      if (message.type === 'BOOKMARK') continue;
      const id = message.object.metadata.labels?.[ID_LABEL] ?? 'none';
      this.seen.set(id, (this.seen.get(id) ?? new Set()).add(message.object.metadata.uid ?? ''));
    }
  }
}

/** The process is killed between any two steps; afterwards every execution has one run and a whole history. */
export function killNine(name: string, open: () => Promise<World>): void {
  describe(`kill -9 on ${name}`, () => {
    let world: World;
    let service: ServiceProcess;
    const counter = new RunCounter();

    beforeAll(async () => {
      world = await open();
      await counter.start(world.cluster);
      service = await ServiceProcess.prepare({ cluster: world.clusterConfig });
      await service.start();
    }, 120_000);

    afterAll(async () => {
      await counter.stop();
      await service?.remove();
      await world?.close();
    });

    const history = async (id: string): Promise<readonly EventJson[]> =>
      (await rest<{ items: EventJson[] }>(`${service.url}/v1/executions/${id}/events?limit=500`)).body.items ?? [];
    const create = async (target: string): Promise<string> => {
      const answer = await rest(`${service.url}/v1/executions`, 'POST', {
        namespace: 'default',
        spec: specFor('echo', target),
      });
      return answer.body.executionId as string;
    };
    const completed = (id: string): Promise<readonly EventJson[]> =>
      until(
        `execution ${id} to complete`,
        async () => {
          const events = await history(id);
          return events.some((event) => event.type === 'ExecutionCompleted') ? events : false;
        },
        60_000,
      );

    const isWhole = (events: readonly EventJson[]): void => {
      expect(events.map((event) => event.revision)).toEqual(events.map((_, index) => index));
      events.slice(1).forEach((event, index) => expect(event.previousHash).toBe(events[index]?.hash));
      for (const once of ['ExecutionCreated', 'ResourceBound', 'PipelineRunCreated', 'ExecutionCompleted'])
        expect(events.filter((event) => event.type === once)).toHaveLength(1);
    };

    it(`after each of the first ${ROUNDS} events in turn: one run, one complete history, the status to match`, async () => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const id = await create(`kill/deployment/${name}-step-${process.pid}-${round}`);
        await until(`event ${round} or the end`, async () => {
          const events = await history(id);
          return events.length >= round || events.some((event) => event.type === 'ExecutionCompleted');
        });
        await service.kill9();
        await service.start();
        isWhole(await completed(id));
        expect(counter.of(id)).toBe(1);
      }
    }, 240_000);

    it('at ten random moments while ten executions run: each has one run, a complete history and the right status', async () => {
      const ids: string[] = [];
      for (let index = 0; index < ROUNDS; index += 1)
        ids.push(await create(`kill/deployment/${name}-random-${process.pid}-${index}`));
      for (let round = 0; round < ROUNDS; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
        await service.kill9();
        await service.start();
      }
      for (const id of ids) {
        const events = await completed(id);
        isWhole(events);
        expect(counter.of(id)).toBe(1);
        const name = (events.find((event) => event.type === 'ResourceBound')?.data.resource as { name: string }).name;
        await until('the status to show the last event', async () => {
          const { status } = await world.cluster.get(WORKFLOW_EXECUTIONS, { namespace: 'default', name });
          return (
            (status as { execution?: { lastEvent?: { hash: string } } } | undefined)?.execution?.lastEvent?.hash ===
            events.at(-1)?.hash
          );
        });
      }
    }, 240_000);
  });
}
