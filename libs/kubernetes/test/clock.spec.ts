import { systemClock, VirtualClock } from '../src/clock.ts';

describe('the virtual clock', () => {
  test('wakes sleepers in order, those included that go to sleep on the way', async () => {
    const clock = new VirtualClock(0);
    const woken: string[] = [];
    const sleeper = async (name: string, ms: number, again?: number): Promise<void> => {
      await clock.sleep(ms);
      woken.push(`${name}@${clock.now()}`);
      if (again !== undefined) await sleeper(`${name}'`, again);
    };
    void sleeper('late', 30);
    void sleeper('early', 10, 10);
    await clock.advance(25);
    expect(woken).toEqual(['early@10', "early'@20"]);
    expect(clock.pendingMs).toEqual([5]);
    await clock.advance(5);
    expect(woken.at(-1)).toBe('late@30');
  });

  test('stepped, shows another time of day, and neither wakes anybody nor changes what has elapsed', async () => {
    const clock = new VirtualClock(0);
    let isAwake = false;
    void clock.sleep(1_000).then(() => (isAwake = true));
    clock.step(3_600_000);
    await clock.advance(999);
    expect([clock.now(), clock.monotonic(), isAwake]).toEqual([3_600_999, 999, false]);
    clock.step(-7_200_000);
    await clock.advance(1);
    expect([clock.now(), clock.monotonic(), isAwake]).toEqual([-3_599_000, 1_000, true]);
  });
});

describe('the monotonic reading of the system clock', () => {
  test('goes on with the time slept', async () => {
    const before = systemClock.monotonic();
    await systemClock.sleep(5);
    expect(systemClock.monotonic()).toBeGreaterThan(before);
  });
});

describe('sleep', () => {
  for (const [name, clock] of [
    ['the system clock', systemClock],
    ['the virtual clock', new VirtualClock()],
  ] as const)
    test(`of ${name} ends at once when its signal aborts, before or meanwhile`, async () => {
      await clock.sleep(1_000_000, AbortSignal.abort());
      const stop = new AbortController();
      const sleeping = clock.sleep(1_000_000, stop.signal);
      stop.abort();
      await sleeping;
    });
});
