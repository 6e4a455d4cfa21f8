import type { VerifyOptions, Witness } from '#audit';
import { verifyLog } from '#audit';
import type { EventStore, RecordedEvent, StoreFault } from '#event-store';
import { GENESIS_HASH, hashOfTexts, MemoryEventStore, START, UnavailableError } from '#event-store';
import { newEvents } from '../../../event-store/test/events.ts';
import type { Edit, Edited } from './edited-log.ts';
import { edited } from './edited-log.ts';
import type { WholeTexts } from './texts.ts';

const EVENTS = 4;
const A = 'workflowexecution-a';
const B = 'workflowexecution-b';

let store: EventStore;
/** Two streams, one after the other. */
beforeEach(async () => {
  store = new MemoryEventStore();
  for (const stream of [A, B]) await store.append(stream, 'none', newEvents(EVENTS));
});

/** The first damage of the log after that: its kind, and the place of its event in the log, from 0. */
async function found(edit: Edited, options: VerifyOptions = {}): Promise<unknown> {
  const { entries } = await store.readTexts(START);
  const { firstDamage } = await verifyLog(await edited(store, edit), options);
  if (firstDamage === undefined) return undefined;
  const place = entries.findIndex((entry) => entry.position === firstDamage.position);
  return [firstDamage.kind, place];
}

const rehashed = (event: WholeTexts): WholeTexts => ({ ...event, hash: hashOfTexts(event.previousHash, event) });
/** An event at a place of the log changed, its hash made to fit. */
const change =
  (at: number, how: (event: WholeTexts) => Partial<WholeTexts>): Edit =>
  (all) =>
    all.with(at, rehashed({ ...all[at]!, ...how(all[at]!) }));

describe('the chain of each stream', () => {
  test('holds in a log nobody touched', async () => {
    expect(await found({})).toBeUndefined();
    expect(await found({}, { rememberedStreams: 1 })).toBeUndefined();
  });

  test('begins with the first revision, and points at nothing before it', async () => {
    expect(await found({ entries: change(0, () => ({ previousHash: 'a'.repeat(64) })) })).toEqual(['Rechained', 0]);
    expect(await found({ entries: change(4, () => ({ revision: 1 })) })).toEqual(['Missing', 4]);
  });

  test('goes on with the next revision, whatever it points at', async () => {
    expect(await found({ entries: change(2, () => ({ revision: 3 })) })).toEqual(['Missing', 2]);
    expect(await found({ entries: change(2, () => ({ revision: 1 })) })).toEqual(['Duplicated', 2]);
  });

  test('points at the event before it, whatever its revision', async () => {
    expect(await found({ entries: change(2, () => ({ previousHash: GENESIS_HASH })) })).toEqual(['Rechained', 2]);
  });

  test.each([undefined, 1])('has the order of the log, however few streams are remembered: %j', async (remembered) => {
    const swap: Edit = (all) =>
      all.with(1, { ...all[2]!, position: all[1]!.position }).with(2, { ...all[1]!, position: all[2]!.position });
    const options = remembered === undefined ? {} : { rememberedStreams: remembered };
    expect(await found({ entries: swap }, options)).toEqual(['Reordered', 1]);
  });
});

test('the log is not read on once damage was found', async () => {
  let isEnded = false;
  const { entries } = await store.readTexts(START);
  const instead: Partial<EventStore> = {
    async *links() {
      try {
        yield entries.with(0, { ...(entries[0] as WholeTexts), type: 'OtherHappened' });
        throw new Error('expected nobody to ask on');
      } finally {
        isEnded = true;
      }
    },
  };
  expect((await verifyLog(await edited(store, { instead }))).ok).toBe(false);
  expect(isEnded).toBe(true);
});

test('a row that is no event is Unreadable where it stands', async () => {
  const unreadable: Edit = (all) => [
    ...all.slice(0, 3),
    { kind: 'unreadable', position: all[3]!.position, expected: 'a text', found: 'a number' },
  ];
  expect(await found({ entries: unreadable })).toEqual(['Unreadable', 3]);
});

describe('what the store finds wrong with itself', () => {
  const fault = (kind: StoreFault['kind'], event?: RecordedEvent): StoreFault => ({
    ...{ kind, expected: 'all', found: 'some' },
    ...(event !== undefined && { position: event.position }),
  });

  test('is damage of the log: newest events it remembers are its tail, the rest is the store', async () => {
    expect(await found({ faults: [fault('TailCut')] })).toEqual(['TailCut', -1]);
    for (const kind of ['CounterMoved', 'OutOfLog', 'Misfiled', 'TablesChanged', 'FileDamaged'] as const)
      expect(await found({ faults: [fault(kind)] })).toEqual(['StoreDamaged', -1]);
  });

  test('is told before what comes after it, and after what comes before it', async () => {
    const { events } = await store.readAll(START);
    const late = change(5, () => ({ previousHash: GENESIS_HASH }));
    expect(await found({ entries: late, faults: [fault('Misfiled', events[4])] })).toEqual(['StoreDamaged', 4]);
    expect(await found({ entries: late, faults: [fault('Misfiled', events[6])] })).toEqual(['Rechained', 5]);
    expect(await found({ entries: late, faults: [fault('FileDamaged')] })).toEqual(['Rechained', 5]);
  });
});

test('a store that cannot be read now is no verdict, and its self-check ends with it', async () => {
  let told: AbortSignal | undefined;
  const instead: Partial<EventStore> = {
    async *links() {
      yield [];
      throw new UnavailableError('the disk is gone');
    },
    async selfCheck(signal) {
      told = signal;
      return [];
    },
  };
  await expect(verifyLog(await edited(store, { instead }))).rejects.toThrow('the disk is gone');
  expect(told?.aborted).toBe(true);
});

describe('what resources show', () => {
  let last: RecordedEvent;
  beforeEach(async () => {
    last = (await store.readStream(A)).events.at(-1)!;
  });
  const shown = (more: Partial<Witness> = {}): Witness => ({
    ...{ executionId: 'a', revision: last.revision, hash: last.hash },
    ...more,
  });
  const kindOf = async (...witnesses: readonly Witness[]): Promise<unknown> =>
    (await verifyLog(store, { witnesses })).firstDamage?.kind;

  test('is borne out by the log, and counted', async () => {
    expect(await verifyLog(store, { witnesses: [shown(), shown()] })).toMatchObject({ ok: true, witnesses: 2 });
  });

  test('says what happened to the log where it is not', async () => {
    expect(await kindOf(shown(), shown({ hash: 'a'.repeat(64) }))).toBe('Rewritten');
    expect(await kindOf(shown({ revision: EVENTS }))).toBe('TailCut');
    expect(await kindOf(shown({ executionId: 'gone' }), shown())).toBe('StreamMissing');
  });

  test('is not read on once it was told to stop', async () => {
    const stop = new AbortController();
    const endless = function* (): Iterable<Witness> {
      for (let n = 0; n < 1_000; n += 1) {
        if (n === 3) stop.abort(new Error('enough'));
        yield shown();
      }
    };
    const verifying = verifyLog(store, { witnesses: endless(), signal: stop.signal });
    await expect(verifying).rejects.toThrow('enough');
  });
});

test('a damage shows little of what was found: whoever damages a log may write novels into it', async () => {
  const novel = change(2, () => ({ previousHash: 'once upon a time '.repeat(1000) }));
  const { firstDamage } = await verifyLog(await edited(store, { entries: novel }));
  expect(firstDamage?.found.length).toBeLessThan(200);
});
