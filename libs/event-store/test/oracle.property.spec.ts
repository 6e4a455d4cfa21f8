import fc from 'fast-check';
import type { EventStore } from '#event-store';
import { ConcurrencyError, START, StreamNotFoundError, verifyChain } from '#event-store';
import type { StoreUnderTest } from './contract.ts';
import { newEvent } from './events.ts';
import type { Expected, Verdict } from './oracle.ts';
import { Oracle } from './oracle.ts';
import { memoryUnderTest } from './memory/under-test.ts';
import { sqliteUnderTest } from './sqlite/under-test.ts';

const STREAMS = ['alpha-1', 'alpha-2', 'beta-1'];

/** Few streams, few ids and small revisions, so that appends often meet what is there. */
const append = fc.record({
  kind: fc.constant('append' as const),
  stream: fc.constantFrom(...STREAMS),
  expected: fc.oneof(fc.constantFrom<Expected>('none', 'none', 'exists', 'any'), fc.nat({ max: 6 })),
  ids: fc.oneof(
    fc.uniqueArray(fc.nat({ max: 7 }), { minLength: 1, maxLength: 4 }),
    fc.integer({ min: 1, max: 4 }).map((length) => Array.from({ length }, (_, index) => index)),
  ),
});
/** The next append in order, as a well-behaved caller makes it; repeated sometimes. */
const next = fc.record({
  kind: fc.constant('next' as const),
  stream: fc.constantFrom(...STREAMS),
  ids: fc.uniqueArray(fc.nat({ max: 7 }), { minLength: 1, maxLength: 4 }),
  times: fc.integer({ min: 1, max: 2 }),
});
const together = fc.record({
  kind: fc.constant('together' as const),
  appends: fc.array(append, { minLength: 2, maxLength: 6 }),
});
const restart = fc.record({ kind: fc.constant('restart' as const) });

type Append = typeof append extends fc.Arbitrary<infer T> ? T : never;
const command = fc.oneof(
  { weight: 6, arbitrary: append },
  { weight: 6, arbitrary: next },
  { weight: 3, arbitrary: together },
  restart,
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

const uuid = (id: number): string => `00000000-0000-4000-8000-00000000000${id}`;

/** A store and the oracle side by side. */
class Comparison {
  readonly #oracle = new Oracle();

  private constructor(
    private readonly under: StoreUnderTest,
    private store: EventStore,
  ) {}

  static async run(under: StoreUnderTest, commands: readonly Command[]): Promise<void> {
    const comparison = new Comparison(under, await under.open());
    try {
      for (const command of commands) await comparison.#step(command);
    } finally {
      await comparison.store.close();
      await under.dispose();
    }
  }

  async #step(command: Command): Promise<void> {
    if (command.kind === 'append') await this.#together([command]);
    if (command.kind === 'together') await this.#together(command.appends);
    if (command.kind === 'next') {
      const length = this.#oracle.streams.get(command.stream)?.length ?? 0;
      const expected = length === 0 ? 'none' : length - 1;
      for (let time = 0; time < command.times; time += 1)
        await this.#together([{ ...command, kind: 'append', expected }]);
    }
    if (command.kind === 'restart') {
      await this.store.close();
      this.store = await this.under.open();
    }
    await this.#compareLogs();
  }

  /** Given in one moment: they are judged in the order they were given. */
  async #together(appends: readonly Append[]): Promise<void> {
    const verdicts = appends.map(({ stream, expected, ids }) => this.#oracle.append(stream, expected, ids.map(uuid)));
    const found = await Promise.all(appends.map((one) => this.#verdict(one)));
    expect(found).toEqual(verdicts);
  }

  async #verdict({ stream, expected, ids }: Append): Promise<Verdict> {
    const events = ids.map((id) => newEvent({ id: uuid(id), data: { n: Math.random() } }));
    try {
      const result = await this.store.append(stream, expected, events);
      return { kind: result.repeated ? 'repeated' : 'written', first: result.events[0]!.revision };
    } catch (error) {
      if (error instanceof ConcurrencyError) return { kind: 'conflict', actual: error.actual };
      throw error;
    }
  }

  async #compareLogs(): Promise<void> {
    const { events, end } = await this.store.readAll(START);
    expect(end).toBe(true);
    expect(events.map(({ stream, revision, id }) => ({ stream, revision, id }))).toEqual(this.#oracle.log);
    for (const stream of STREAMS) {
      const slice = await this.store.readStream(stream).catch((error: unknown) => {
        if (error instanceof StreamNotFoundError) return { events: [] };
        throw error;
      });
      expect(slice.events.map(({ id }) => id)).toEqual(this.#oracle.streams.get(stream) ?? []);
      expect(verifyChain(slice.events)).toBeUndefined();
    }
  }
}

describe('any sequence of appends ends as the table of rules says', () => {
  const holds = (create: () => Promise<StoreUnderTest>, seed: number, numRuns: number): Promise<void> => {
    const property = fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
      await Comparison.run(await create(), commands);
    });
    return fc.assert(property, { seed, numRuns });
  };

  test('memory', () => holds(memoryUnderTest, 20_260_101, 150));
  test('sqlite', () => holds(sqliteUnderTest, 20_260_102, 30));
});
