import { isWhole } from '../e2e/client.ts';
import { RunCounter } from '../e2e/run-counter.ts';
import { staged } from '../e2e/stage.ts';
import { specFor } from '../support/rest.ts';
import { lab } from './support/lab.ts';
import { openClusterWorld } from './support/world.ts';

const AT_ONCE = 5;
const server = lab();

/** What happens to the API server of the run; a cluster of somebody else's is left alone, and the title says so. */
const kinds = server.isOurs
  ? ([
      ['the API server restarts in mid-run', () => server.restart()],
      ['etcd is compacted and old watches are Gone (410)', () => server.compact()],
    ] as const)
  : [];

describe(`weather on the API server${server.isOurs ? '' : ' (restart and compaction: not run, the cluster is not ours)'}`, () => {
  const stage = staged(openClusterWorld);
  const counter = new RunCounter();
  beforeAll(() => counter.start(stage.world.cluster));
  afterAll(() => counter.stop());

  it.each(kinds)(
    '%s: every execution completes, with one run and a whole history',
    async (title, happen) => {
      const word = title.split(' ')[1] ?? 'weather';
      const targets = Array.from(
        { length: AT_ONCE },
        (_, index) => `weather/deployment/${word}-${process.pid}-${index}`,
      );
      const ids = await Promise.all(targets.map((target) => stage.client.accepted(specFor('echo', target))));
      await stage.client.run(ids[0] as string);
      await happen();
      for (const id of ids) {
        const events = await stage.client.endedHistory(id, 90_000);
        isWhole(events);
        expect(events.at(-1)?.type).toBe('ExecutionCompleted');
        expect(counter.of(id)).toBe(1);
        await stage.client.shown((await stage.client.get(id)).resource.name, 'Completed');
      }
    },
    180_000,
  );

  it('is ready again afterwards', async () => {
    expect((await fetch(`${stage.service.healthUrl}/readyz`)).status).toBe(200);
  });
});
