import { specFor } from '../support/rest.ts';
import { until } from '../support/until.ts';
import { isWhole } from './client.ts';
import { RunCounter } from './run-counter.ts';
import { staged, type World } from './stage.ts';

const ROUNDS = 10;
/** Longest time between a start and the next kill, milliseconds. */
const LONGEST_LIFE_MS = 300;

/** The process is killed between any two steps; afterwards every execution has one run and a whole history. */
export function killNine(name: string, open: () => Promise<World>): void {
  describe(`kill -9 on ${name}`, () => {
    const stage = staged(open);
    const counter = new RunCounter();
    beforeAll(() => counter.start(stage.world.cluster));
    afterAll(() => counter.stop());

    it(`after each of the first ${ROUNDS} events in turn: one run, and one whole history`, async () => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const id = await stage.client.accepted(specFor('echo', `kill/deployment/${name}-step-${process.pid}-${round}`));
        await until(`event ${round} or the end`, async () => {
          const events = await stage.client.types(id);
          return events.length >= round || events.includes('ExecutionCompleted');
        });
        await stage.service.kill9();
        await stage.service.start();
        const events = await stage.client.endedHistory(id);
        isWhole(events);
        expect(events.at(-1)?.type).toBe('ExecutionCompleted');
        expect(counter.of(id)).toBe(1);
      }
    }, 240_000);

    it('at ten random moments while ten executions run: one run, one whole history, and the status to match', async () => {
      const ids: string[] = [];
      for (let index = 0; index < ROUNDS; index += 1)
        ids.push(
          await stage.client.accepted(specFor('echo', `kill/deployment/${name}-random-${process.pid}-${index}`)),
        );
      for (let round = 0; round < ROUNDS; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_LIFE_MS));
        await stage.service.kill9();
        await stage.service.start();
      }
      for (const id of ids) {
        const events = await stage.client.endedHistory(id);
        isWhole(events);
        expect(counter.of(id)).toBe(1);
        const { resource } = await stage.client.get(id);
        const shown = async (): Promise<boolean> =>
          (await stage.client.statusOf(resource.name)).execution?.lastEvent.hash === events.at(-1)?.hash;
        await until('the status to show the last event', shown);
      }
    }, 240_000);
  });
}
