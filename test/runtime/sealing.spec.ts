import type { Leadership, RuntimeOptions } from '#runtime';
import { MemoryWorld } from '../support/memory-world.ts';

/** A sealer that only writes down what it is told to do. */
function toldSealer(check: () => Promise<void> = async () => undefined) {
  const told: string[] = [];
  const sealer: NonNullable<RuntimeOptions['sealer']> = {
    trouble: undefined,
    check: () => (told.push('check'), check()),
    run: (signal) => {
      told.push('run');
      return new Promise((resolve) =>
        signal.addEventListener('abort', () => (told.push('term over'), resolve()), { once: true }),
      );
    },
    finish: async () => void told.push('finish'),
  };
  return { told, sealer };
}

/** Leads once, and loses that term when told. */
function losable() {
  const lost = new AbortController();
  const leadership: Leadership = {
    run: async (signal, lead) => {
      await lead({ signal: AbortSignal.any([signal, lost.signal]), mayAct: () => !lost.signal.aborted });
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
  };
  return { leadership, lose: () => lost.abort() };
}

describe('the runtime lets the sealer', () => {
  test('check before anything acts: what it refuses keeps the service from starting', async () => {
    const world = await MemoryWorld.open();
    const { told, sealer } = toldSealer(() => Promise.reject(new Error('the log was cut')));
    await expect(world.replica({ sealer })).rejects.toThrow('the log was cut');
    expect(told).toEqual(['check']);
    await world.close();
  });

  test('seal while it leads, and once more when the service stops in order', async () => {
    const world = await MemoryWorld.open();
    const { told, sealer } = toldSealer();
    const runtime = await world.replica({ sealer });
    expect(told).toEqual(['check', 'run']);
    await world.within(runtime.stop());
    expect(told).toEqual(['check', 'run', 'term over', 'finish']);
    await world.close();
  });

  test('leave the last seal to the next leader when its term is lost', async () => {
    const world = await MemoryWorld.open();
    const { told, sealer } = toldSealer();
    const { leadership, lose } = losable();
    await world.replica({ sealer, leadership });
    lose();
    await world.until('the term to be over', () => told.includes('term over'));
    await world.clock.advance(60_000);
    expect(told).toEqual(['check', 'run', 'term over']);
    await world.close();
  });

  test('tell how it is, apart from what the service needs', async () => {
    const world = await MemoryWorld.open();
    const { sealer } = toldSealer();
    const runtime = await world.replica({ sealer: { ...sealer, trouble: 'no key' } });
    expect((await world.within(runtime.health())).seals).toEqual({ ok: false, message: 'no key' });
    expect((await world.within((await world.replica()).health())).seals).toBeUndefined();
    await world.close();
  });
});
