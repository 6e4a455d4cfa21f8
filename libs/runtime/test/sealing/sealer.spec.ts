import { ConcurrencyError, LOG_SEALED, OutcomeUnknownError, SEAL_STREAM, UnavailableError } from '#event-store';
import type { SealKeyRotated } from '#event-store';
import { MAX_KEYS } from '../../src/sealing/sealer.ts';
import { INTERVAL_MS, Scene, SOMEBODY, troubled } from './scene.ts';

describe('while it leads, a sealer', () => {
  test('introduces its key first, and seals that when its time has come', async () => {
    const scene = new Scene();
    scene.leading(scene.sealer());
    await scene.clock.advance(0);
    expect(scene.sealEvents.map(({ type }) => type)).toEqual(['SealKeyIntroduced']);
    await scene.clock.advance(INTERVAL_MS - 1);
    expect(scene.seals).toEqual([]);
    await scene.clock.advance(1);
    expect(scene.covered).toEqual([1]);
    expect(scene.faults).toEqual([]);
  });

  test('seals when the interval is over, not at the next look after it', async () => {
    const scene = new Scene();
    scene.leading(scene.sealer({ intervalMs: 1_500 }));
    await scene.clock.advance(1_499);
    expect(scene.seals).toEqual([]);
    await scene.clock.advance(1);
    expect(scene.covered).toEqual([1]);
  });

  test('seals what was recorded within the interval, and nothing more while nothing happens', async () => {
    const scene = new Scene();
    scene.leading(scene.sealer());
    await scene.clock.advance(2 * INTERVAL_MS);
    await scene.record(7);
    await scene.clock.advance(INTERVAL_MS);
    expect(scene.covered).toEqual([1, 8]); // the seal before, and seven
    await scene.clock.advance(100 * INTERVAL_MS);
    expect(scene.covered).toEqual([1, 8]);
    await scene.record(1);
    await scene.clock.advance(INTERVAL_MS);
    expect(scene.covered).toEqual([1, 8, 2]);
    expect(scene.faults).toEqual([]);
  });

  test('looks at the clock of the machine for times only: setting it makes no seal', async () => {
    const scene = new Scene();
    scene.leading(scene.sealer());
    await scene.clock.advance(INTERVAL_MS / 2);
    scene.clock.step(10 * INTERVAL_MS);
    await scene.clock.advance(INTERVAL_MS / 4);
    expect(scene.seals).toEqual([]);
  });

  test('seals before its time when many events are unsealed', async () => {
    const scene = new Scene();
    scene.leading(scene.sealer({ maxEvents: 100 }));
    await scene.clock.advance(0);
    await scene.record(98);
    await scene.clock.advance(2_000);
    expect(scene.seals).toEqual([]);
    await scene.record(1);
    await scene.clock.advance(1_000);
    expect(scene.covered).toEqual([100]);
    expect(scene.faults).toEqual([]);
  });

  test('seals a log that was never sealed in steps of ten thousand at most', async () => {
    const scene = new Scene();
    await scene.record(25_000);
    scene.leading(scene.sealer({ maxEvents: 5 }));
    await scene.clock.advance(0);
    expect(scene.covered).toEqual([10_000, 10_000, 5_003]); // the key, and the two seals before
    await scene.clock.advance(10 * INTERVAL_MS);
    expect(scene.seals).toHaveLength(3);
    expect(scene.faults).toEqual([]);
  });

  test('tells how much is unsealed, and since when', async () => {
    const scene = new Scene();
    scene.leading(scene.sealer());
    await scene.clock.advance(10_000);
    expect(scene.counted.unsealed.at(-1)).toEqual([1, 10]);
    await scene.clock.advance(INTERVAL_MS);
    expect(scene.counted.unsealed.at(-1)).toEqual([1, 0]); // the seal itself needs none
  });

  test('seals no more when its term is over', async () => {
    const scene = new Scene();
    const leading = scene.leading(scene.sealer());
    await scene.clock.advance(1);
    await leading.stop();
    await scene.record(3);
    await scene.clock.advance(10 * INTERVAL_MS);
    expect(scene.seals).toEqual([]);
    expect(scene.clock.pendingMs).toEqual([]);
    expect(scene.store.openSubscriptions).toBe(0);
  });

  test('seals everything once more when the service stops in order', async () => {
    const scene = new Scene();
    const sealer = scene.sealer();
    const leading = scene.leading(sealer);
    await scene.clock.advance(1);
    await scene.record(3);
    await leading.stop();
    await sealer.finish();
    expect(scene.covered).toEqual([4]);
    expect(scene.file.head?.total).toBe(4);
    await sealer.finish();
    expect(scene.covered).toEqual([4]);
    expect(scene.clock.pendingMs).toEqual([]);
  });

  test('tries again to show the last seal when that fails', async () => {
    const scene = new Scene();
    scene.file.troubles.push(new Error('busy'), new Error('busy'));
    const finished = scene.sealer().finish();
    await scene.clock.advance(2_000);
    await finished;
    expect(scene.file.shown.map(({ number }) => number)).toEqual([0]);
  });

  test('waits for the last seal and its publication for seconds only', async () => {
    const scene = new Scene();
    const never = () => new Promise<never>(() => undefined);
    const publisher = { where: 'file', place: 'a hanging disk', read: never, publish: never } as const;
    const store = troubled(scene.store, [(append) => append(), never]);
    const sealer = scene.sealer({ publishers: [publisher], store });
    await scene.record(1);
    const finished = sealer.finish();
    await scene.clock.advance(10_000);
    await finished;
    expect(scene.clock.pendingMs).toEqual([]);
  });
});

describe('trouble with the store', () => {
  const lost = async (append: () => Promise<unknown>) => {
    await append();
    throw new OutcomeUnknownError('lost');
  };
  const notDone = () => Promise.reject(new OutcomeUnknownError('not done'));
  const refused = () => Promise.reject(new UnavailableError('away'));
  const conflict = () => Promise.reject(new ConcurrencyError(SEAL_STREAM, 0, 1));
  const passed = (append: () => Promise<unknown>) => append();

  test.each([
    ['a lost answer to the first key', [lost]],
    ['a lost answer to a seal', [passed, lost, lost]],
    ['answers that never come', [passed, notDone, notDone, notDone, notDone, notDone, notDone]],
    ['answers that never come, the last of them lost', [passed, notDone, notDone, notDone, notDone, notDone, lost]],
    ['a store that is away', [refused, refused, passed, refused, refused]],
    ['conflicts out of the blue', [conflict, conflict, passed, conflict]],
  ])('%s changes nothing but the time', async (_, answers) => {
    const scene = new Scene();
    scene.leading(scene.sealer({ store: troubled(scene.store, [...answers]) }));
    await scene.clock.advance(1);
    await scene.record(5);
    await scene.clock.advance(4 * INTERVAL_MS);
    expect(scene.covered).toEqual([6]);
    expect(scene.sealEvents.map(({ type }) => type)).toEqual(['SealKeyIntroduced', LOG_SEALED]);
    expect(scene.faults).toEqual([]);
  });

  test('is told while it lasts, and forgotten after', async () => {
    const scene = new Scene();
    const sealer = scene.sealer({ store: troubled(scene.store, [refused]) });
    scene.leading(sealer);
    await scene.clock.advance(1);
    expect(sealer.trouble).toBe('away');
    await scene.clock.advance(1_000);
    expect(sealer.trouble).toBeUndefined();
  });

  test('that is over is not counted when there is other trouble: it is tried again within a second', async () => {
    const scene = new Scene();
    scene.leading(scene.sealer({ store: troubled(scene.store, [refused, refused, refused, passed, refused]) }));
    await scene.clock.advance(7_000); // after one second, two more and four more: then the key is introduced
    expect(scene.sealEvents).toHaveLength(1);
    await scene.clock.advance(INTERVAL_MS);
    expect(scene.seals).toEqual([]);
    await scene.clock.advance(1_000);
    expect(scene.covered).toEqual([1]);
  });

  test('a key that was kept and never introduced stays behind unused', async () => {
    const scene = new Scene();
    scene.leading(scene.sealer({ store: troubled(scene.store, [() => new Promise(() => undefined)]) }));
    await scene.clock.advance(1); // it crashes here: its key is kept, and the log knows nothing
    expect([scene.keys.kept.size, scene.sealEvents.length]).toEqual([1, 0]);
    scene.leading(scene.sealer());
    await scene.clock.advance(INTERVAL_MS);
    expect(scene.covered).toEqual([1]);
    expect(scene.faults).toEqual([]);
  });
});

describe('another sealer of the same log', () => {
  test('goes on where the one before was stopped at any moment', async () => {
    const scene = new Scene();
    for (let round = 0; round < 12; round += 1) {
      const leading = scene.leading(scene.sealer({ maxEvents: 4 }));
      await scene.clock.advance(round * 700);
      await scene.record(round);
      await scene.clock.advance(round * 90);
      await leading.stop();
    }
    scene.leading(scene.sealer());
    await scene.clock.advance(2 * INTERVAL_MS);
    expect(scene.seals.length).toBeGreaterThan(2);
    expect(scene.faults).toEqual([]);
    const { from, events } = scene.seals.at(-1)!;
    expect(scene.log.events.length - from - events).toBe(1);
  });

  test('counts the time an event was there before it: a service that starts again and again seals in time', async () => {
    const scene = new Scene();
    for (let round = 0; round < 3; round += 1) {
      const leading = scene.leading(scene.sealer());
      await scene.clock.advance(INTERVAL_MS * 0.4);
      await leading.stop();
    }
    expect(scene.covered).toEqual([1]);
  });

  test('at the same time seals nothing twice', async () => {
    const scene = new Scene();
    scene.leading(scene.sealer({ maxEvents: 10 }));
    scene.leading(scene.sealer({ maxEvents: 12 }));
    for (let round = 0; round < 50; round += 1) {
      await scene.record(3);
      await scene.clock.advance(1_000);
    }
    await scene.clock.advance(2 * INTERVAL_MS);
    expect(scene.faults).toEqual([]);
    expect(scene.sealEvents.filter(({ type }) => type === 'SealKeyIntroduced')).toHaveLength(1);
  });

  test('shows the newest seal again when it begins, whoever made it', async () => {
    const scene = new Scene();
    await scene.sealer({ publishers: [] }).sealNow(SOMEBODY);
    expect(scene.file.head).toBeUndefined();
    scene.leading(scene.sealer());
    await scene.clock.advance(1);
    expect(scene.file.head).toMatchObject({ number: 0, sealHash: scene.sealEvents.at(-1)!.hash });
  });
});

describe('when somebody asks', () => {
  test('everything recorded before is sealed, and who asked is recorded', async () => {
    const scene = new Scene();
    await scene.record(3);
    const seal = await scene.sealer().sealNow(SOMEBODY);
    expect(seal).toMatchObject({ number: 0, from: 0, events: 4, total: 4, actor: 'alice' });
    expect(scene.sealEvents.at(-1)).toMatchObject({
      hash: seal.sealHash,
      metadata: { source: 'rest', correlationId: '', actor: { user: 'alice' } },
    });
    expect(scene.faults).toEqual([]);
  });

  test('a log that was never sealed takes several seals, each its own event', async () => {
    const scene = new Scene();
    await scene.record(12_000);
    const seal = await scene.sealer().sealNow(SOMEBODY);
    expect(scene.covered).toEqual([10_000, 2_002]); // the key, and the seal before
    expect(seal).toMatchObject({ number: 1, actor: 'alice' });
    expect(new Set(scene.sealEvents.map(({ id }) => id)).size).toBe(3); // the key, and two seals
    expect(scene.faults).toEqual([]);
  });

  test('and only seals are unsealed, the newest is the answer', async () => {
    const scene = new Scene();
    const sealer = scene.sealer();
    const first = await sealer.sealNow(SOMEBODY);
    expect(await sealer.sealNow(SOMEBODY)).toEqual(first);
    expect(await scene.sealer().sealNow(SOMEBODY)).toEqual(first);
    expect(scene.covered).toEqual([1]);
  });

  test('another replica, the one that leads goes on from that seal', async () => {
    const scene = new Scene();
    scene.leading(scene.sealer());
    await scene.clock.advance(1);
    await scene.record(5);
    await scene.sealer().sealNow(SOMEBODY);
    await scene.record(2);
    await scene.clock.advance(2 * INTERVAL_MS);
    expect(scene.covered).toEqual([6, 3]);
    expect(scene.faults).toEqual([]);
  });

  test('many at once, one seal is made', async () => {
    const scene = new Scene();
    const sealer = scene.sealer();
    await scene.record(2);
    const answers = await Promise.all(Array.from({ length: 5 }, () => sealer.sealNow(SOMEBODY)));
    expect(new Set(answers.map(({ sealHash }) => sealHash)).size).toBe(1);
    await scene.record(2);
    await Promise.all(Array.from({ length: 5 }, () => sealer.sealNow(SOMEBODY)));
    expect(scene.covered).toEqual([3, 3]); // no event is counted by two of them
    expect(scene.faults).toEqual([]);
  });

  test('seals are listed newest first, page by page, past the other events of the stream', async () => {
    const scene = new Scene();
    const sealer = scene.sealer();
    for (let round = 0; round < 5; round += 1) {
      await scene.record(1);
      await sealer.sealNow(SOMEBODY);
      if (round === 2) await sealer.rotateKey('routine', SOMEBODY);
    }
    const numbers: number[][] = [];
    let cursor: string | undefined;
    do {
      const page = await sealer.seals({ limit: 2, ...(cursor !== undefined && { cursor }) });
      numbers.push(page.items.map(({ number }) => number));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(numbers).toEqual([[4, 3], [2, 1], [0]]);
    expect(await scene.sealer().seals({ limit: 5 })).not.toHaveProperty('next');
    await expect(sealer.seals({ limit: 2, cursor: 'x' })).rejects.toThrow('cursor');
    expect(await new Scene().sealer().seals({ limit: 2 })).toEqual({ items: [] });
  });
});

describe('rotating the key', () => {
  test('is recorded with who and why, signed by both, and the next seal is signed by the new one', async () => {
    const scene = new Scene();
    const sealer = scene.sealer();
    await sealer.sealNow(SOMEBODY);
    const before = (await sealer.keys())[0]!;
    const key = await sealer.rotateKey('the disk left the house', SOMEBODY);
    expect(key).toMatchObject({ previousKeyId: before.keyId, isInForce: true, actor: 'alice' });
    expect(await sealer.keys()).toEqual([{ ...before, isInForce: false }, key]);
    const seal = await sealer.sealNow(SOMEBODY);
    expect(seal).toMatchObject({ keyId: key.keyId, number: 1 });
    expect(scene.faults).toEqual([]);
  });

  test('has an end: each key has to be kept for good', async () => {
    const scene = new Scene();
    const sealer = scene.sealer();
    await sealer.sealNow(SOMEBODY);
    for (let keys = 1; keys < MAX_KEYS; keys += 1) await sealer.rotateKey('again', SOMEBODY);
    await expect(sealer.rotateKey('once more', SOMEBODY)).rejects.toThrow(/has 1000 keys, the limit is 1000/);
    expect(await sealer.keys()).toHaveLength(MAX_KEYS);
  });

  test('keeps the new key before the log hears of it', async () => {
    const scene = new Scene();
    let kept: boolean | undefined;
    const store = troubled(scene.store, [
      (append) => append(),
      (append) => ((kept = scene.keys.kept.size === 2), append()),
    ]);
    await scene.sealer({ store }).rotateKey('why', SOMEBODY);
    expect(kept).toBe(true);
  });

  test.each([
    ['a lost answer', [1, 'lost'] as const],
    ['answers lost until nobody waits any more', [6, 'lost'] as const],
    ['a conflict', [1, 'conflict'] as const],
  ])('survives %s: one new key is in force, once', async (_, [times, trouble]) => {
    const scene = new Scene();
    const answers = Array.from({ length: times }, () => async (append: () => Promise<unknown>) => {
      if (trouble === 'conflict') throw new ConcurrencyError(SEAL_STREAM, 0, 1);
      await append();
      throw new OutcomeUnknownError('lost');
    });
    const sealer = scene.sealer({ store: troubled(scene.store, [(append) => append(), ...answers]) });
    const rotated = sealer.rotateKey('why', SOMEBODY);
    await scene.clock.advance(60_000);
    const key = await rotated;
    expect(scene.sealEvents.map(({ type }) => type)).toEqual(['SealKeyIntroduced', 'SealKeyRotated']);
    expect((scene.sealEvents[1]!.data as unknown as SealKeyRotated).keyId).toBe(key.keyId);
    await sealer.sealNow(SOMEBODY);
    expect(scene.faults).toEqual([]);
  });

  test('while the leader seals, the leader takes the new key', async () => {
    const scene = new Scene();
    scene.leading(scene.sealer());
    await scene.clock.advance(INTERVAL_MS);
    const key = await scene.sealer().rotateKey('why', SOMEBODY);
    await scene.clock.advance(INTERVAL_MS);
    expect(scene.seals.at(-1)).toMatchObject({ keyId: key.keyId, events: 2 });
    expect(scene.faults).toEqual([]);
  });
});

describe('a key that is not there', () => {
  test('keeps the service from starting, with a sentence that says what to do', async () => {
    const scene = new Scene();
    const { keyId } = await scene.sealer().sealNow(SOMEBODY);
    scene.keys.kept.clear();
    const sealer = scene.sealer();
    await expect(sealer.check()).rejects.toThrow(
      new RegExp(`${keyId}, is not in memory\\. Put it back, .* set audit.acceptLostKey`),
    );
    scene.leading(sealer);
    await scene.clock.advance(INTERVAL_MS);
    expect([scene.keys.kept.size, scene.sealEvents.length]).toEqual([0, 2]);
    expect(sealer.trouble).toContain(keyId);
  });

  test('is replaced by a new one when somebody accepts the loss of just that one', async () => {
    const scene = new Scene();
    const { keyId } = await scene.sealer().sealNow(SOMEBODY);
    scene.keys.kept.clear();
    await expect(scene.sealer({ acceptedLostKey: 'ab'.repeat(32) }).check()).rejects.toThrow('is not in memory');
    const sealer = scene.sealer({ acceptedLostKey: keyId });
    await sealer.check();
    await sealer.sealNow(SOMEBODY);
    const [, next] = await sealer.keys();
    expect(next).toMatchObject({ isInForce: true, reason: `key ${keyId} was lost` });
    expect(next).not.toHaveProperty('previousKeyId');
    expect(scene.faults).toEqual([]);
  });

  test('or cannot be asked for now, is no reason to make another', async () => {
    const scene = new Scene();
    await scene.sealer().sealNow(SOMEBODY);
    const locked = () => Promise.reject(new Error('locked'));
    const away = { place: 'the vault', find: locked, create: locked };
    await expect(scene.sealer({ keys: away }).check()).rejects.toThrow('the keys in the vault cannot be used: locked');
    expect(scene.sealEvents).toHaveLength(2);
  });
});
