import { VirtualClock } from '#kubernetes';
import { Stopwatch } from '../src/stopwatch.ts';

const HOUR_MS = 3_600_000;

describe('what is left of a moment', () => {
  test('passes with the time', async () => {
    const clock = new VirtualClock();
    const stopwatch = new Stopwatch(clock);
    const at = clock.now() + 1_000;
    expect(stopwatch.left('a', at)).toBe(1_000);
    await clock.advance(400);
    expect(stopwatch.left('a', at)).toBe(600);
    await clock.advance(600);
    expect(stopwatch.left('a', at)).toBe(0);
  });

  test.each([HOUR_MS, -HOUR_MS])('does not change when the wall clock is set by %i ms', async (step) => {
    const clock = new VirtualClock();
    const stopwatch = new Stopwatch(clock);
    const at = clock.now() + 1_000;
    stopwatch.left('a', at);
    clock.step(step);
    await clock.advance(250);
    expect(stopwatch.left('a', at)).toBe(750);
  });

  test('is believed as the wall clock has it when it was never asked about before: after a restart', () => {
    const clock = new VirtualClock();
    const at = clock.now() + 1_000;
    clock.step(HOUR_MS);
    expect(new Stopwatch(clock).left('a', at)).toBe(1_000 - HOUR_MS);
  });

  test('is told apart by name and by moment', () => {
    const clock = new VirtualClock();
    const stopwatch = new Stopwatch(clock);
    stopwatch.left('a', clock.now() + 1_000);
    expect(stopwatch.left('b', clock.now() + 2_000)).toBe(2_000);
    expect(stopwatch.left('a', clock.now() + 3_000)).toBe(3_000);
  });

  test('is remembered of ten thousand moments; the one asked about longest ago is forgotten first', () => {
    const clock = new VirtualClock();
    const stopwatch = new Stopwatch(clock);
    const at = clock.now() + 1_000;
    for (let count = 0; count < 10_000; count += 1) stopwatch.left(`${count}`, at);
    stopwatch.left('0', at);
    clock.step(HOUR_MS);
    stopwatch.left('one more', at);
    expect([stopwatch.left('0', at), stopwatch.left('1', at)]).toEqual([1_000, 1_000 - HOUR_MS]);
  });
});
