import type { EventStore, Position, RecordedEvent } from '#event-store';
import { CorruptionError, STORE_LIMITS } from '#event-store';
import type { BundleComposer } from './bundle-composer.ts';
import type { RecordedSeal, SealLog } from './seal-log.ts';

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
  for await (const { event, seal } of sealsOf(run, seals)) {
    yield composer.event('seal', event);
    let left = seal.events;
    for await (const covered of logBetween(store, after, seal.position as Position)) {
      yield composer.eventLine(covered, { ordinal }, true);
      ordinal += 1;
      left -= 1;
    }
    if (left !== 0)
      throw new CorruptionError(
        `seal ${seal.number}: expected ${seal.events} events up to ${seal.position}, found ${seal.events - left}; verify the log`,
      );
    after = seal.position as Position;
  }
  if (run.lastSeal !== undefined) return;
  for await (const event of logBetween(store, after, asOf)) {
    yield composer.eventLine(event, { ordinal }, false);
    ordinal += 1;
  }
}

async function* sealsOf({ firstSeal, lastSeal }: Run, seals: SealLog): AsyncIterable<RecordedSeal> {
  if (firstSeal === 'none') return;
  const last = lastSeal?.seal.number ?? Infinity;
  for await (const recorded of firstSeal === 'first' ? seals.all() : seals.from(firstSeal)) {
    yield recorded;
    if (recorded.seal.number >= last) return;
  }
}

/** Events after a position up to another one, which they may not pass. */
export async function* logBetween(store: EventStore, after: Position, upTo: Position): AsyncIterable<RecordedEvent> {
  for (let next = after, isOver = store.compare(after, upTo) >= 0; !isOver;) {
    const slice = await store.readAll(next, undefined, PAGE);
    for (const event of slice.events) {
      isOver = store.compare(event.position, upTo) >= 0;
      if (isOver && event.position !== upTo) return;
      yield event;
      if (isOver) return;
    }
    next = slice.next;
    isOver ||= slice.end;
  }
}

const PAGE = Math.min(500, STORE_LIMITS.readLimit);
