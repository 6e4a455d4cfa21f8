import type { RecordedEvent } from '#event-store';
import { PIPELINE_RUNS, TASK_RUNS } from '#kubernetes';
import { specFor } from '../support/rest.ts';
import { until } from '../support/until.ts';
import { ID_LABEL, isWhole, RUNS } from './client.ts';
import type { Order } from './kill-9/orders.ts';
import { Orders } from './kill-9/orders.ts';
import { eventsOf, expectExclusiveLocks, expectWhole, readLog } from './kill-9/verdict.ts';
import { RunCounter } from './run-counter.ts';
import type { Stage } from './stage.ts';
import { staged, type World } from './stage.ts';

/** Kills after one event each; the others come at random moments. */
const STEPS = 10;
/** The longest life of a process is so many times what it takes to be ready: one in two dies before it is. */
const LONGEST_LIFE = 2;
const SETTLE_MS = 240_000;

/**
 * The process is killed between any two steps; afterwards every execution has one run and one whole history.
 * WFE_TEST_KILLS says how many times, in place of `kills`: `WFE_TEST_KILLS=200 npm test -- e2e/kill-9`.
 */
export function killNine(name: string, open: () => Promise<World>, kills: number): void {
  const atRandom = killsAsked(kills) - STEPS;

  describe(`kill -9 on ${name}`, () => {
    const stage = staged(open, { cooldown: '300ms' });
    const counter = new RunCounter();
    beforeAll(() => counter.start(stage.world.cluster));
    afterAll(() => counter.stop());

    it(`after each of the first ${STEPS} events in turn: one run, and one whole history`, async () => {
      const ids: string[] = [];
      for (let step = 1; step <= STEPS; step += 1) {
        const id = await stage.client.accepted(specFor('echo', `kill/deployment/${name}-step-${process.pid}-${step}`));
        await until(`event ${step} or the end`, async () => {
          const events = await stage.client.types(id);
          return events.length >= step || events.includes('ExecutionCompleted');
        });
        await stage.service.kill9();
        await stage.service.start();
        ids.push(id);
      }
      for (const id of ids) {
        const events = await stage.client.endedHistory(id);
        isWhole(events);
        expect(events.map(({ type }) => type)).toContain('ExecutionCompleted');
        expect(counter.of(id)).toBe(1);
      }
    }, 240_000);

    describe(`${atRandom} times at random moments, while executions of all kinds are asked for`, () => {
      let orders: readonly Order[];
      beforeAll(async () => {
        orders = await killAtRandom(stage, new Orders(stage, `${name}-${process.pid}`), atRandom);
      }, 900_000);

      it('each ends as it was meant to, gives its lock back, and its status shows its last event', async () => {
        for (const order of orders) await settled(stage, order);
      }, 600_000);

      it('of none more than one run was started, and of none that ran a task less', async () => {
        for (const { id } of orders) {
          const least = (await stage.client.types(id)).includes('TaskStarted') ? 1 : 0;
          expect([least, 1]).toContain(counter.of(id));
        }
      });

      it('nothing of them is left in the cluster', async () => {
        const ids = new Set(orders.map(({ id }) => id));
        for (const type of [PIPELINE_RUNS, TASK_RUNS]) {
          const { items } = await stage.world.cluster.list(type, { namespace: RUNS });
          expect(items.filter(({ metadata }) => ids.has(metadata.labels?.[ID_LABEL] ?? ''))).toEqual([]);
        }
      });

      it('the log is whole, knows of nothing that was not asked for, and no two held one lock', async () => {
        expect(await stage.service.stop()).toBe(0);
        const log = await readLog(stage.service.logFile);
        for (const { id } of orders) expectWhole(eventsOf(log, id));
        const isOurs = ({ type, data }: RecordedEvent): boolean =>
          type === 'ExecutionCreated' && JSON.stringify(data).includes(`"kill/deployment/${name}-`);
        expect(log.filter(isOurs).length).toBe(orders.length + STEPS);
        expect(expectExclusiveLocks(log)).toEqual([]);
      });
    });
  });
}

function killsAsked(kills: number): number {
  const asked = Number(process.env['WFE_TEST_KILLS'] ?? kills);
  if (Number.isInteger(asked) && asked > STEPS) return asked;
  throw new Error(`WFE_TEST_KILLS: expected a whole number above ${STEPS}, found ${process.env['WFE_TEST_KILLS']}`);
}

/** One order for each kill; some take many lives until they are given. */
async function killAtRandom({ service }: Stage, source: Orders, kills: number): Promise<readonly Order[]> {
  const startedMs = performance.now();
  await service.kill9();
  await service.start();
  const bootMs = performance.now() - startedMs;
  const given: Promise<PromiseSettledResult<Order>[]>[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    given.push(Promise.allSettled([source.next()]));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_LIFE * bootMs));
    await service.kill9();
    service.launch();
  }
  await service.kill9();
  await service.start();
  const results = (await Promise.all(given)).flat();
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** Waits for the end, and for everything that comes after it. */
async function settled({ client }: Stage, { id, outcome, isDeleted }: Order): Promise<void> {
  const { resource, status } = await client.ended(id, SETTLE_MS);
  expect([id, status.outcome]).toEqual([id, outcome]);
  if ((await client.types(id)).includes('PipelineRunCreated')) await client.recorded(id, 'LockReleased');
  if (isDeleted) {
    await client.gone(resource.name);
    await client.recorded(id, 'ResourceRemoved');
    return;
  }
  await until(`the status of ${id} to show its last event`, async () => {
    const last = (await client.history(id)).at(-1);
    return (await client.statusOf(resource.name)).execution?.lastEvent.hash === last?.hash;
  });
}
