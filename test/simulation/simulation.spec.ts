import { runSeed } from './run-seed.ts';
import { counted, Totals } from './totals.ts';

/** Worlds of every test run; `npm run simulate` runs as many as there is time for. */
const SEEDS = 500;
const PER_TEST = 50;
/** Worlds beyond those, at most, for crash points that no process of theirs has died at. */
const MORE_SEEDS = 500;

const totals = new Totals();

/** What was violated, with the way to see it again. */
async function violationsOf(seed: number): Promise<readonly string[]> {
  const result = await runSeed(seed);
  totals.add(counted(result));
  return result.violations.map(
    ({ invariant, message }) => `${invariant}: ${message} (npm run simulate -- --seed ${seed} --trace)`,
  );
}

describe('the simulation: the service in every weather', () => {
  for (let first = 1; first <= SEEDS; first += PER_TEST) {
    it(`keeps its promises in the worlds of seeds ${first} to ${first + PER_TEST - 1}`, async () => {
      const violations: string[] = [];
      for (let seed = first; seed < first + PER_TEST; seed += 1) violations.push(...(await violationsOf(seed)));
      expect(violations).toEqual([]);
    });
  }

  it('lets a process die at every known crash point', async () => {
    for (let seed = SEEDS + 1; totals.pointsNeverCrashedAt.length > 0 && seed <= SEEDS + MORE_SEEDS; seed += 1)
      expect(await violationsOf(seed)).toEqual([]);
    expect(totals.pointsNeverCrashedAt).toEqual([]);
  });

  it('knows every crash point that a process comes to', () => {
    expect(totals.unlistedPoints).toEqual([]);
  });

  it('has had every kind of fault and incident', () => {
    expect(totals.faultsNeverSeen).toEqual([]);
  });

  it('is decided by its seed alone: the same story again, without a look at clock or dice of the machine', async () => {
    const first = await runSeed(7);
    const machine = { random: Math.random, now: Date.now };
    const forbidden = (): never => {
      throw new Error('the simulation looked at the machine');
    };
    Object.assign(Math, { random: forbidden });
    Object.assign(Date, { now: forbidden });
    try {
      const again = await runSeed(7);
      expect(again.violations).toEqual(first.violations);
      expect(again.trace()).toBe(first.trace());
    } finally {
      Object.assign(Math, { random: machine.random });
      Object.assign(Date, { now: machine.now });
    }
  });

  it('tells other stories for other seeds', async () => {
    const [one, other] = [await runSeed(7), await runSeed(8)];
    expect(one.trace()).not.toBe(other.trace());
  });
});
