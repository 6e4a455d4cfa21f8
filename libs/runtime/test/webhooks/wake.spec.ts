import { VirtualClock } from '#kubernetes';
import { Wake } from '../../src/webhooks/wake.ts';

/** Nobody moves it on: its sleeps end only by their signal. */
const clock = new VirtualClock();

const MS = 30_000;

describe('a sleep that news end', () => {
  test('ends with the service: a stop waits for no sleeper', async () => {
    const stop = new AbortController();
    const slept = new Wake(clock).sleep(MS, stop.signal);
    stop.abort();
    await slept;
  });

  test('does not begin when the service stops already', async () => {
    await new Wake(clock).sleep(MS, AbortSignal.abort());
  });

  test('ends at once when there were news before it, and only once for them', async () => {
    const [wake, stop] = [new Wake(clock), new AbortController()];
    wake.tell();
    await wake.sleep(MS, stop.signal);
    let isAwake = false;
    const second = wake.sleep(MS, stop.signal).then(() => (isAwake = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isAwake).toBe(false);
    wake.tell();
    await second;
  });
});
