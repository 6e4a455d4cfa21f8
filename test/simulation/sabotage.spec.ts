import type { Invariant } from './invariants/violation.ts';
import { runSeed } from './run-seed.ts';
import { backgroundDeletion, createdAwake, noAdoptionCheck, noExpectedRevision } from './sabotages.ts';
import type { Sabotage } from './world.ts';

/** Seeds tried until one must have failed. */
const SEEDS = 150;

/** The first seed that breaks one of these promises when the safeguard is missing. */
async function firstCaught(sabotage: () => Sabotage, expected: readonly Invariant[]): Promise<number | undefined> {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { violations } = await runSeed(seed, sabotage());
    if (violations.some(({ invariant }) => expected.includes(invariant))) return seed;
  }
  return undefined;
}

describe('the simulation finds what is wrong when a safeguard is missing', () => {
  it('runs deleted in the background instead of the foreground: the next run takes over task runs that are left', async () => {
    expect(await firstCaught(() => backgroundDeletion, ['nothing left at release'])).toBeDefined();
  });

  it('a run taken for ours without a look at its label: one run, two executions', async () => {
    expect(await firstCaught(noAdoptionCheck, ['one holder', 'no act without event'])).toBeDefined();
  });

  it('appends without expected revision: an execution ends twice', async () => {
    expect(await firstCaught(() => noExpectedRevision, ['one terminal event'])).toBeDefined();
  });

  it('runs created awake instead of asleep: one that is created too late is started beside the first', async () => {
    expect(await firstCaught(() => createdAwake, ['one run started'])).toBeDefined();
  });
});
