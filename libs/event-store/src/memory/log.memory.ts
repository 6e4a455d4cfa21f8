import { randomUUID } from 'node:crypto';
import type { EventTexts, LogFilter, RecordedEvent } from '../port.ts';
import type { PreparedEvent } from '../prepare.ts';
import { canonicalJson } from '../canonical-json.ts';
import { prefixesOf } from '../reading.ts';
import { GENESIS_HASH, hashOfTexts } from '../hash-chain.ts';
import { Positions } from '../positions.ts';

/** The disk of memory stores: what is left when a store is closed or dropped, and found again by the next one. */
export class MemoryLog {
  readonly positions: Positions;
  readonly events: RecordedEvent[] = [];
  readonly #streams = new Map<string, RecordedEvent[]>();
  /** Name of the archive by event whose texts were let go of. */
  readonly #archives = new Map<RecordedEvent, string>();

  /** @param storeId UUID; a fixed one makes positions the same in every run */
  constructor(readonly storeId: string = randomUUID()) {
    this.positions = new Positions('m1', storeId);
  }

  stream(name: string): readonly RecordedEvent[] {
    return this.#streams.get(name) ?? [];
  }

  isArchived(event: RecordedEvent): boolean {
    return this.#archives.has(event);
  }

  archive(stream: string, events: number, archive: string): void {
    for (const event of this.stream(stream).slice(0, events))
      if (!this.isArchived(event)) this.#archives.set(event, archive);
  }

  /** The texts an event was written from, as far as they are kept: canonical JSON says the same value in one way only. */
  textsOf(event: RecordedEvent): EventTexts {
    const { data, metadata, ...rest } = event;
    const archive = this.#archives.get(event);
    if (archive !== undefined) return { kind: 'archived', ...rest, archive };
    const texts = { dataText: canonicalJson(data, 'data'), metadataText: canonicalJson(metadata, 'metadata') };
    return { kind: 'whole', ...rest, ...texts };
  }

  write(stream: string, prepared: readonly PreparedEvent[]): void {
    const events = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, events);
    for (const event of prepared) {
      const recorded = this.#recorded(stream, events.at(-1), event);
      events.push(recorded);
      this.events.push(recorded);
    }
  }

  /** Events after a number that match, at most `limit`, and the number of the last one looked at. */
  scan(after: number, filter: LogFilter | undefined, limit: number): { events: RecordedEvent[]; upTo: number } {
    const prefixes = prefixesOf(filter);
    const found: RecordedEvent[] = [];
    let upTo = after;
    while (upTo < this.events.length && found.length < limit) {
      const event = this.events[upTo]!;
      upTo += 1;
      const isAsked = prefixes === undefined || prefixes.some((prefix) => event.stream.startsWith(prefix));
      if (isAsked && !this.isArchived(event)) found.push(event);
    }
    return { events: found, upTo };
  }

  #recorded(stream: string, before: RecordedEvent | undefined, event: PreparedEvent): RecordedEvent {
    const revision = (before?.revision ?? -1) + 1;
    const previousHash = before?.hash ?? GENESIS_HASH;
    const { id, type, schemaVersion, dataText, metadataText } = event;
    return deepFrozen({
      id,
      type,
      schemaVersion,
      data: JSON.parse(dataText) as RecordedEvent['data'],
      metadata: JSON.parse(metadataText) as RecordedEvent['metadata'],
      stream,
      revision,
      position: this.positions.at(this.events.length + 1),
      previousHash,
      hash: hashOfTexts(previousHash, { ...event, stream, revision }),
    });
  }
}

/** Readers share the recorded objects, so nobody may change them. */
function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) deepFrozen(member);
  return Object.freeze(value);
}
