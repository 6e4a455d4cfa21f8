import type { EventStore } from '#event-store';
import { MemoryEventStore } from '#event-store';
import type { BundleRequest } from '#audit';
import { exportBundle } from '#audit';
import { fileOf, streamOfExecution, verified, World } from './world.ts';

const EVENTS = 20_000;
const PER_SEAL = 500;
const EXECUTIONS = 400;
/** One page of the log, and the seals beside it. */
const AHEAD = 800;

/** A log of many executions, whose events come in blocks, so that one execution is under few seals. */
async function longWorld(): Promise<World> {
  const world = new World();
  await world.introduce();
  for (let number = 0; number < EVENTS; number += 1) {
    const id = `e${Math.floor((number / EVENTS) * EXECUTIONS)}`;
    await world.record(streamOfExecution(id), 'SampleHappened', { number });
    if (number % PER_SEAL === PER_SEAL - 1) await world.seal();
  }
  await world.seal();
  return world;
}

/** Counts the events that are read from a store. */
class Counting {
  read = 0;
  readonly store: EventStore;

  constructor(store: EventStore) {
    this.store = new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        const method = value.bind(target) as (...given: unknown[]) => unknown;
        return name === 'readStream' || name === 'readAll' || name === 'readTexts'
          ? (...given: unknown[]) => this.counted(method(...given))
          : method;
      },
    });
  }

  private async counted(answer: unknown): Promise<unknown> {
    const slice = (await answer) as { events?: readonly unknown[]; entries?: readonly unknown[] };
    this.read += (slice.events ?? slice.entries ?? []).length;
    return slice;
  }
}

describe('in a log of 20,000 events', () => {
  let world: World;
  let counting: Counting;
  beforeAll(async () => {
    world = await longWorld();
  });
  beforeEach(() => (counting = new Counting(world.store)));
  const lines = (request: BundleRequest) => exportBundle({ ...world.parts(), store: counting.store }, request);

  test('an export of everything keeps no more than a page in memory, however slowly it is taken', async () => {
    const kept: string[] = [];
    let given = 0;
    let ahead = 0;
    for await (const line of lines({ kind: 'all' })) {
      if (line.includes('"kind":"event"') || line.includes('"kind":"seal"')) given += 1;
      ahead = Math.max(ahead, counting.read - given);
      kept.push(line.trimEnd());
    }
    expect(given).toBeGreaterThan(EVENTS);
    expect(ahead).toBeLessThan(AHEAD);
    expect(await verified(fileOf(kept), { head: world.head! })).toMatchObject({ ok: true, unsealed: 1 });
  });

  test('an export of one execution reads the seals it is under, not the log', async () => {
    const kept: string[] = [];
    for await (const line of lines({ kind: 'execution', executionId: 'e237' })) kept.push(line.trimEnd());
    expect(counting.read).toBeLessThan(2 * PER_SEAL + 300);
    expect(await verified(fileOf(kept), { head: world.head! })).toMatchObject({
      ok: true,
      events: EVENTS / EXECUTIONS,
    });
  });

  test('when nobody takes lines any more, nothing is read any more', async () => {
    const iterator = lines({ kind: 'all' });
    for (let taken = 0; taken < 10; taken += 1) await iterator.next();
    const before = counting.read;
    await iterator.return();
    expect((await iterator.next()).done).toBe(true);
    expect([counting.read, before < AHEAD]).toEqual([before, true]);
  });

  test('an aborted export ends without its last line', async () => {
    const abort = new AbortController();
    const kept: string[] = [];
    const parts = { ...world.parts(), store: counting.store };
    const taking = async (): Promise<void> => {
      for await (const line of exportBundle(parts, { kind: 'all' }, abort.signal)) {
        kept.push(line.trimEnd());
        if (kept.length === 100) abort.abort(new Error('enough'));
      }
    };
    await expect(taking()).rejects.toThrow('enough');
    expect((await verified(fileOf(kept))).firstDamage).toMatchObject({ check: 'Truncated', kind: 'TailCut' });
  });
});

test('a log without seals and keys is exported, and the bundle says that nobody vouches', async () => {
  const world = new World();
  for (let n = 0; n < 3; n += 1) await world.record(streamOfExecution('alpha'), 'SampleHappened', { n });
  for (const request of [{ kind: 'all' }, { kind: 'execution', executionId: 'alpha' }] as const) {
    const kept: string[] = [];
    for await (const line of exportBundle({ ...world.parts(), store: world.store }, request)) kept.push(line.trimEnd());
    const verdict = await verified(fileOf(kept));
    expect(verdict).toMatchObject({ ok: true, events: 3, unsealed: 3, seals: 0, anchor: { kind: 'nobody' } });
    expect(verdict.statements.join('\n')).toContain('NOBODY VOUCHES');
  }
});

test('no execution of that id is an error before the first line', async () => {
  const store = new MemoryEventStore();
  const parts = { store, now: () => 0, madeBy: 'test' };
  await expect(exportBundle(parts, { kind: 'execution', executionId: 'nobody' }).next()).rejects.toThrow(
    'has no events',
  );
});
