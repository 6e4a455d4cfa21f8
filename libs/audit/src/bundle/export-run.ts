import type { EventStore, EventTexts, Position } from '#event-store';
import { CorruptionError, STORE_LIMITS } from '#event-store';
import type { BundleComposer } from './bundle-composer.ts';
import type { RecordedSeal, SealLog } from './seal-log.ts';
import { writtenEntry } from './written-event.ts';

/** Of the log: after which position, from which ordinal and seal on, up to which seal; undefined is as far as it goes. */
export interface Run {
  readonly after: Position;
  readonly ordinal: number;
  /** The first seal covers the first event. */
  readonly firstSeal: RecordedSeal | 'first' | 'none';
  readonly lastSeal: RecordedSeal | undefined;
}

/** What a run of the log is made from. */
interface RunParts {
  readonly store: EventStore;
  readonly asOf: Position;
  readonly seals: SealLog;
  readonly composer: BundleComposer;
  readonly run: Run;
}

/** Each seal, then the events it covers; then, unless the run ends with a seal, those that are not sealed yet. */
export async function* exportedRun({ store, asOf, seals, composer, run }: RunParts): AsyncIterable<string> {
  let { after, ordinal } = run;
  for await (const recorded of sealsOf(run, seals)) {
    yield composer.event('seal', recorded.event);
    for await (const covered of coveredBy(store, recorded, after))
      yield composer.entryLine(writtenEntry(covered), { ordinal: ordinal++ }, true);
    after = recorded.seal.position as Position;
  }
  if (run.lastSeal !== undefined) return;
  for await (const event of logBetween(store, after, asOf))
    yield composer.entryLine(writtenEntry(event), { ordinal: ordinal++ }, false);
}

/** The entries a seal covers, which are those after the one before. @throws CorruptionError when it is not so */
export async function* coveredBy(
  store: EventStore,
  { seal: { number, events, position } }: RecordedSeal,
  after: Position,
): AsyncIterable<EventTexts> {
  let found = 0;
  let last: Position | undefined;
  for await (const entry of logBetween(store, after, position as Position, events)) {
    found += 1;
    last = entry.position;
    yield entry;
  }
  if (found === events && last === position) return;
  const ends = last === position ? '' : ' and others';
  throw new CorruptionError(
    `seal ${number}: expected ${events} events up to ${position}, found ${found}${ends}; verify the log`,
  );
}

async function* sealsOf({ firstSeal, lastSeal }: Run, seals: SealLog): AsyncIterable<RecordedSeal> {
  if (firstSeal === 'none') return;
  const last = lastSeal?.seal.number ?? Infinity;
  for await (const recorded of firstSeal === 'first' ? seals.all() : seals.from(firstSeal)) {
    yield recorded;
    if (recorded.seal.number >= last) return;
  }
}

/** Entries of the log after a position up to another one, which they may not pass, and at most so many. */
export async function* logBetween(
  store: EventStore,
  after: Position,
  upTo: Position,
  atMost = Infinity,
): AsyncIterable<EventTexts> {
  let left = atMost;
  for (let next = after; left > 0 && store.compare(next, upTo) < 0;) {
    const slice = await store.readTexts(next, Math.min(PAGE, left));
    for (const entry of slice.entries) {
      if (store.compare(entry.position, upTo) > 0) return;
      yield entry;
    }
    left -= slice.entries.length;
    next = slice.next;
    if (slice.end) return;
  }
}

const PAGE = Math.min(500, STORE_LIMITS.readLimit);
