import fc from 'fast-check';
import { VirtualClock } from '#kubernetes';
import { WorkQueue } from '../src/work-queue.ts';

interface Scene {
  readonly queue: WorkQueue;
  readonly clock: VirtualClock;
  readonly handled: string[];
  readonly faults: string[];
  /** Most keys in hand at once, and whether one key ever was twice. */
  readonly seen: { most: number; overlap: boolean };
}

/** A queue whose handler takes 10 ms of virtual time and then does what `outcome` says. */
function scene(outcome: (key: string, time: number) => number | undefined = () => undefined, workers = 2): Scene {
  const clock = new VirtualClock();
  const handled: string[] = [];
  const faults: string[] = [];
  const inHand = new Set<string>();
  const seen = { most: 0, overlap: false };
  const queue = new WorkQueue({
    clock,
    workers,
    random: () => 0,
    onFault: (key) => void faults.push(key),
    handle: async (key) => {
      if (inHand.has(key)) seen.overlap = true;
      inHand.add(key);
      seen.most = Math.max(seen.most, inHand.size);
      handled.push(key);
      const time = handled.filter((one) => one === key).length;
      await clock.sleep(10);
      inHand.delete(key);
      return outcome(key, time);
    },
  });
  return { queue, clock, handled, faults, seen };
}

const failing = (times: number) => (_key: string, time: number) => {
  if (time <= times) throw new Error('not yet');
  return undefined;
};

describe('the work queue', () => {
  it('looks at a key once however often it is added while it waits', async () => {
    const { queue, clock, handled } = scene(undefined, 1);
    queue.add('busy');
    for (let i = 0; i < 5; i += 1) queue.add('a');
    await clock.advance(100);
    expect(handled).toEqual(['busy', 'a']);
  });

  it('looks once more at a key that is added while it is in hand', async () => {
    const { queue, clock, handled } = scene();
    queue.add('a');
    await clock.advance(5);
    queue.add('a');
    queue.add('a');
    await clock.advance(100);
    expect(handled).toEqual(['a', 'a']);
  });

  it('comes back to a failing key with growing delays, and forgets them after a success', async () => {
    const { queue, clock, handled, faults } = scene(failing(3));
    queue.add('a');
    await clock.advance(10 + 99);
    expect(handled).toHaveLength(1);
    await clock.advance(1 + 10 + 199);
    expect(handled).toHaveLength(2);
    await clock.advance(1 + 10 + 400 + 10);
    expect(handled).toHaveLength(4);
    expect(faults).toHaveLength(3);
    expect(clock.pendingMs).toEqual([]);
  });

  it('never waits longer than half a minute, however often a key failed', async () => {
    const { queue, clock, handled } = scene(failing(1_000));
    queue.add('a');
    await clock.advance(30 * 60_000);
    const before = handled.length;
    await clock.advance(30_000 + 10);
    expect(handled.length).toBe(before + 1);
  });

  it('comes back when the handler asked for it, or earlier when the key is added', async () => {
    const { queue, clock, handled } = scene((_key, time) => (time === 1 ? 5_000 : undefined));
    queue.add('a');
    await clock.advance(1_000);
    expect(handled).toHaveLength(1);
    queue.add('a');
    await clock.advance(20);
    expect(handled).toHaveLength(2);
    await clock.advance(10_000);
    expect(handled).toHaveLength(2);
  });

  it('takes nothing more once it was stopped, and finishes what is in hand', async () => {
    const { queue, clock, handled } = scene(() => 1);
    queue.add('a');
    queue.add('b');
    queue.add('c');
    await clock.advance(1);
    const stopped = queue.stop();
    queue.add('d');
    await clock.advance(100);
    await stopped;
    expect(handled).toEqual(['a', 'b']);
    expect(clock.pendingMs).toEqual([]);
  });

  it('has no key in hand twice, never more than its workers, and handles every key after its last add', async () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), afterMs: fc.integer({ min: 0, max: 25 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 3 }), async (steps, workers) => {
        const { queue, clock, handled, seen } = scene(undefined, workers);
        const lastAdd = new Map<string, number>();
        for (const { key, afterMs } of steps) {
          await clock.advance(afterMs);
          lastAdd.set(key, handled.length);
          queue.add(key);
        }
        await clock.advance(10_000);
        expect(seen).toEqual({ most: Math.min(seen.most, workers), overlap: false });
        for (const [key, from] of lastAdd) expect(handled.lastIndexOf(key)).toBeGreaterThanOrEqual(from - workers);
        expect(queue.depth).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
