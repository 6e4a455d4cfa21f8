import { RunCounter } from '../e2e/run-counter.ts';
import { staged } from '../e2e/stage.ts';
import { until } from '../support/until.ts';
import { COURSES, type Course } from './courses.ts';
import { lab } from './support/lab.ts';
import { openClusterWorld } from './support/world.ts';

const server = lab();

/** A cluster of somebody else's is left alone, and the title says so. */
const courses = server.isOurs ? COURSES : [];

describe(`the API server restarts${server.isOurs ? '' : ' (not run: the cluster is not ours)'}`, () => {
  const stage = staged(() => openClusterWorld({ speed: 5 }));
  const counter = new RunCounter();
  const begun = new Map<string, Course>();

  /** All of them go through the same restart, side by side. */
  beforeAll(async () => {
    if (courses.length === 0) return;
    await counter.start(stage.world.cluster);
    for (const [what, begin] of courses) begun.set(what, await begin(stage));
    const all = [...begun.values()];
    await Promise.all(all.map(async ({ before }) => before?.()));
    const back = server.restart();
    await until('the API server to be away', isAway);
    const meanwhile = all.map(async ({ during }) => during?.());
    await Promise.all([back, ...meanwhile]);
  }, 180_000);
  afterAll(() => counter.stop());

  const isAway = (): Promise<boolean> =>
    stage.world.cluster.raw({ method: 'GET', path: '/version' }).then(
      () => false,
      () => true,
    );

  it.each(courses)('%s', async (what) => begun.get(what)?.holds(), 90_000);

  it('nothing was started twice', () => {
    expect([...counter.counts].filter(([, runs]) => runs > 1)).toEqual([]);
  });
});
