import type { EventStore, Position, RecordedEvent } from '#event-store';
import { factOf, pagesOf } from '#event-store';
import type { Execution, LastEvent } from '#execution';
import { ABSENT, evolve, streamOf } from '#execution';

/** An execution folded from its stream, and where in the log that is. */
export interface Loaded {
  readonly id: string;
  readonly execution: Execution;
  /** The newest event; absent while there is no stream. */
  readonly last?: LastEvent & { readonly id: string; readonly time: string; readonly position: Position };
}

/** Streams longer than this are refused: something records without end. */
const MAX_EVENTS_PER_EXECUTION = 10_000;

/** Loads executions, remembering the latest of them so that a load reads only what is new. */
export class Executions {
  private readonly known = new Map<string, Loaded>();

  constructor(
    private readonly store: EventStore,
    private readonly remembered = 2_000,
  ) {}

  /** State as of the newest durable event. */
  async load(id: string): Promise<Loaded> {
    const start = this.known.get(id) ?? { id, execution: ABSENT };
    return this.remember(await this.readOn(start, () => true));
  }

  /** State as of an earlier moment: folds the events that pass, and stops at the first that does not. */
  async loadWhile(id: string, isWithin: (event: RecordedEvent) => boolean): Promise<Loaded> {
    return this.readOn({ id, execution: ABSENT }, isWithin);
  }

  /** Takes in events that were just appended, in order, without reading them back. */
  extend(loaded: Loaded, events: readonly RecordedEvent[]): Loaded {
    return this.remember(events.reduce(foldOn, loaded));
  }

  private async readOn(start: Loaded, isWithin: (event: RecordedEvent) => boolean): Promise<Loaded> {
    let loaded = start;
    const from = start.last === undefined ? 0 : start.last.revision + 1;
    for await (const events of pagesOf(this.store, streamOf(start.id), from)) {
      for (const event of events) {
        if (!isWithin(event)) return loaded;
        loaded = foldOn(loaded, event);
      }
      if ((loaded.last?.revision ?? 0) > MAX_EVENTS_PER_EXECUTION)
        throw new Error(`execution ${start.id} has more than ${MAX_EVENTS_PER_EXECUTION} events; expected tens`);
    }
    return loaded;
  }

  private remember(loaded: Loaded): Loaded {
    if (loaded.last === undefined) return loaded;
    const kept = this.known.get(loaded.id);
    if (kept?.last !== undefined && kept.last.revision > loaded.last.revision) return kept;
    this.known.delete(loaded.id);
    this.known.set(loaded.id, loaded);
    if (this.known.size > this.remembered) this.known.delete(this.known.keys().next().value as string);
    return loaded;
  }
}

/** The execution after its next event. @throws Error for an event this version does not know */
export function foldOn(loaded: Loaded, event: RecordedEvent): Loaded {
  const { revision, type, hash, id, position, metadata } = event;
  const last = { revision, type, hash, id, position, time: metadata.time };
  return { id: loaded.id, execution: evolve(loaded.execution, factOf(event)), last };
}
