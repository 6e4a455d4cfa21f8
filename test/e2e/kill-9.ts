import { specFor } from '../support/rest.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { Client, isWhole } from './client.ts';
import type { World } from './end-to-end.ts';
import { RunCounter } from './run-counter.ts';

const ROUNDS = 10;
/** Longest time between a start and the next kill, milliseconds. */
const LONGEST_LIFE_MS = 300;

/** The process is killed between any two steps; afterwards every execution has one run and a whole history. */
export function killNine(name: string, open: () => Promise<World>): void {
  describe(`kill -9 on ${name}`, () => {
    let world: World;
    let service: ServiceProcess;
    let client: Client;
    const counter = new RunCounter();

    beforeAll(async () => {
      world = await open();
      await counter.start(world.cluster);
      service = await ServiceProcess.prepare({ cluster: world.clusterConfig });
      await service.start();
      client = new Client(service.url, world.cluster);
    }, 120_000);

    afterAll(async () => {
      await counter.stop();
      await service?.remove();
      await world?.close();
    });

    it(`after each of the first ${ROUNDS} events in turn: one run, and one whole history`, async () => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const id = await client.accepted(specFor('echo', `kill/deployment/${name}-step-${process.pid}-${round}`));
        await until(`event ${round} or the end`, async () => {
          const events = await client.types(id);
          return events.length >= round || events.includes('ExecutionCompleted');
        });
        await service.kill9();
        await service.start();
        const events = await client.endedHistory(id);
        isWhole(events);
        expect(events.at(-1)?.type).toBe('ExecutionCompleted');
        expect(counter.of(id)).toBe(1);
      }
    }, 240_000);

    it('at ten random moments while ten executions run: one run, one whole history, and the status to match', async () => {
      const ids: string[] = [];
      for (let index = 0; index < ROUNDS; index += 1)
        ids.push(await client.accepted(specFor('echo', `kill/deployment/${name}-random-${process.pid}-${index}`)));
      for (let round = 0; round < ROUNDS; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_LIFE_MS));
        await service.kill9();
        await service.start();
      }
      for (const id of ids) {
        const events = await client.endedHistory(id);
        isWhole(events);
        expect(counter.of(id)).toBe(1);
        const { resource } = await client.get(id);
        const shown = async (): Promise<boolean> =>
          (await client.statusOf(resource.name)).execution?.lastEvent.hash === events.at(-1)?.hash;
        await until('the status to show the last event', shown);
      }
    }, 240_000);
  });
}
