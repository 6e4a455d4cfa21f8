import type { Invariant } from './invariants/violation.ts';
import { runSeed } from './run-seed.ts';
import {
  backgroundDeletion,
  blindToLeftovers,
  clearLog,
  createdAwake,
  hashForValue,
  noAdoptionCheck,
  noExpectedRevision,
  noStatusVersion,
  nothingRemoved,
  positionBeforeDelivery,
  positionForgotten,
} from './sabotages.ts';
import type { Sabotage } from './world.ts';

/** Seeds tried until one must have failed. */
const SEEDS = 120;

/** The first seed that breaks the promise when the safeguard is missing. */
async function firstCaught(sabotage: () => Sabotage, expected: Invariant): Promise<number | undefined> {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { violations } = await runSeed(seed, sabotage());
    if (violations.some(({ invariant }) => invariant === expected)) return seed;
  }
  return undefined;
}

describe('the simulation finds what is wrong when a safeguard is missing', () => {
  it('runs deleted in the background: a lock is given back while task runs are left under its name', async () => {
    expect(await firstCaught(() => backgroundDeletion, 'nothing left at release')).toBeDefined();
  });

  it('task runs that are left under a free name unseen: the next run counts them as its own', async () => {
    expect(await firstCaught(() => blindToLeftovers, 'no borrowed task runs')).toBeDefined();
  });

  it('runs that are never removed: their locks never become free', async () => {
    expect(await firstCaught(() => nothingRemoved, 'converged')).toBeDefined();
  });

  it('a run taken for ours without a look at its label: two executions hold one lock', async () => {
    expect(await firstCaught(noAdoptionCheck, 'one holder')).toBeDefined();
  });

  it('appends whatever the expected revision: an execution ends twice', async () => {
    expect(await firstCaught(() => noExpectedRevision, 'one terminal event')).toBeDefined();
  });

  it('runs created awake: one that is created too late is started beside the first', async () => {
    expect(await firstCaught(() => createdAwake, 'one run started')).toBeDefined();
  });

  it('runs made with the hash in place of the value', async () => {
    expect(await firstCaught(() => hashForValue, 'secrets')).toBeDefined();
  });

  it('specs recorded as they were given: a sensitive value is in the log', async () => {
    expect(await firstCaught(clearLog, 'secrets')).toBeDefined();
  });

  it("a webhook's position written before what is on its way has arrived: later events come first", async () => {
    expect(await firstCaught(() => positionBeforeDelivery, 'told in order')).toBeDefined();
  });

  it('a webhook that begins at the end of the log, not where it was: events are left out', async () => {
    expect(await firstCaught(() => positionForgotten, 'told all')).toBeDefined();
  });

  it('statuses written whatever version they are based on: a late one puts an older one back', async () => {
    expect(await firstCaught(() => noStatusVersion, 'status')).toBeDefined();
  });
});
