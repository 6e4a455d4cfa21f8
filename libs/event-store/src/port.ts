import type { NewEvent } from '#execution';

/**
 * Place of an event in the whole log. Opaque: it carries the identity of the store that gave it, and a store
 * refuses the position of another one (`PositionError`). Compare with `EventStore.compare` only.
 */
export type Position = string & { readonly __position: unique symbol };

/** Where the log begins: before the first event of any store. */
export const START = 'start' as Position;

/**
 * What a stream must look like for an append to be accepted.
 * `'none'`: it does not exist. A number: its last revision is that one. `'exists'`: it has at least one event.
 * `'any'`: no check, and no promise about repeating; for streams about which nobody decides anything.
 */
export type ExpectedRevision = 'none' | 'exists' | 'any' | number;

/** An event as it stands in the log. */
export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** 0-based, dense, per stream. */
  readonly revision: number;
  readonly position: Position;
  /** Hash of the event before it in its stream, `GENESIS_HASH` for revision 0. */
  readonly previousHash: string;
  /** Hex sha256 over `previousHash` and the canonical JSON of the event; see hash-chain.ts. */
  readonly hash: string;
}

export interface AppendResult {
  /** Revision and hash of the last event of this append. */
  readonly revision: number;
  readonly hash: string;
  /** Position of the last event of this append. */
  readonly position: Position;
  /** The events of this append as recorded, in order. On a repetition: the first attempt's. */
  readonly events: readonly RecordedEvent[];
  /** True when these ids were already there at this place: nothing was written now. */
  readonly repeated: boolean;
}

export type Direction = 'forwards' | 'backwards';

export interface StreamSlice {
  readonly events: readonly RecordedEvent[];
  /** Revision to read from next in the same direction; undefined at the end. */
  readonly next: number | undefined;
}

export interface LogSlice {
  readonly events: readonly RecordedEvent[];
  /** Position to continue after: that of the last event looked at, matching the filter or not. */
  readonly next: Position;
  /** True when nothing was left after this slice at the time of reading. */
  readonly end: boolean;
}

/**
 * An event as the texts that were hashed (hash-chain.ts says how), never parsed: what stands there can be judged even
 * when it is no JSON any more.
 */
export interface WholeTexts {
  readonly kind: 'whole';
  readonly position: Position;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** Canonical JSON, as stored. */
  readonly dataText: string;
  readonly metadataText: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** Something stands at this place of the log, and it is nothing that this program can have written. */
export interface UnreadableTexts {
  readonly kind: 'unreadable';
  readonly position: Position;
  /** What a member must be, and which one is not; no content. */
  readonly expected: string;
  readonly found: string;
}

/** What is left of an event whose texts were archived: its place in the log and in its stream, and its hashes. */
export interface ArchivedTexts extends Omit<WholeTexts, 'kind' | 'dataText' | 'metadataText'> {
  readonly kind: 'archived';
  /** Name of the file that has its texts. */
  readonly archive: string;
}

/** An event whose place and hashes can be read, whether its texts are here or in an archive. */
export type KnownTexts = WholeTexts | ArchivedTexts;

export type EventTexts = KnownTexts | UnreadableTexts;

/** What a run of events holds of one stream: one event after the other, each pointing at the one before it. */
export interface StreamRun {
  readonly stream: string;
  /** Of its first event. */
  readonly revision: number;
  readonly previousHash: string;
  /** Of its last event, which may be the first. */
  readonly lastRevision: number;
  readonly lastHash: string;
}

/**
 * Events that follow each other in the log without a gap, each found to be what was hashed, in one way only; their texts
 * are of no more interest. An event of the seal log is a run of its own.
 */
export interface SoundRun {
  readonly kind: 'sound';
  /** How many there are, some thousand at most. */
  readonly events: number;
  /** Where one of them stands, counted from 0. */
  at(index: number): Position;
  /** Their hashes as leaves of a Merkle tree, in their order; `MerkleTree.addLeaves` takes them. */
  readonly leaves: string;
  /** Each stream once. */
  readonly streams: readonly StreamRun[];
}

/** Events as whoever goes over the whole log needs them: judged already, or one to be judged by its texts. */
export type Link = SoundRun | EventTexts;

export interface TextsSlice {
  readonly entries: readonly EventTexts[];
  /** Position to continue after. */
  readonly next: Position;
  /** True when nothing was left after this slice at the time of reading. */
  readonly end: boolean;
}

/**
 * What a store finds wrong with itself, beyond what the events say.
 * `TailCut`: it remembers events newer than its newest. `CounterMoved`: what it remembers cannot be. `OutOfLog`: an
 * event where no reader of the log comes by. `Misfiled`: an event, or the list of categories, is not where filtered
 * readers look. `TablesChanged`: the tables are not as they were made. `FileDamaged`: the file is not well-formed.
 */
export interface StoreFault {
  readonly kind: 'TailCut' | 'CounterMoved' | 'OutOfLog' | 'Misfiled' | 'TablesChanged' | 'FileDamaged';
  /** The first position concerned, where there is one. */
  readonly position?: Position;
  readonly expected: string;
  readonly found: string;
}

/** Which streams to see: those whose name starts with one of these ASCII prefixes; all when absent. */
export interface LogFilter {
  readonly streamPrefixes?: readonly string[];
}

export type SubscriptionMessage =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  /** Sent once each time history is exhausted and delivery goes live. */
  | { readonly kind: 'caught-up'; readonly position: Position }
  /** Everything up to here was delivered or did not match the filter. Safe to store. */
  | { readonly kind: 'checkpoint'; readonly position: Position };

/** Hard limits, checked before anything is sent; `LimitError` names the one that was passed. */
export const STORE_LIMITS = {
  eventBytes: 256 * 1024,
  appendBytes: 1024 * 1024,
  appendEvents: 500,
  streamNameLength: 200,
  eventTypeLength: 100,
  readLimit: 1000,
  /** Appends waiting for the writer; one more is refused as unavailable. */
  pendingAppends: 4096,
  /** What they may hold together. */
  pendingBytes: 64 * 1024 * 1024,
  /** Faults one self-check answers at most, the first ones. */
  selfCheckFaults: 20,
} as const;

/**
 * The log. One implementation per file or database; everything it throws is one of errors.ts.
 *
 * Repeating an append with the same event ids and the same expected revision is always safe for `'none'` and
 * numbers: it answers the first attempt's result (`repeated: true`), also after later appends and restarts.
 */
export interface EventStore {
  /** Identity of this log; part of every position. */
  readonly storeId: string;

  /**
   * Appends all events or none, durably: when it resolves, they survive `kill -9` and power loss.
   * @throws ConcurrencyError when the stream is not as expected (certainly not applied)
   * @throws LimitError, InvalidEventError (certainly not applied)
   * @throws UnavailableError (certainly not applied), OutcomeUnknownError (perhaps applied: repeat it)
   */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult>;

  /**
   * Reads one stream from `from` (inclusive; 'end' only backwards), at most `limit` events (1 to readLimit). Archived
   * events are passed over, here and by every other reader of events.
   * @throws StreamNotFoundError when the stream has no event. A revision beyond the end is an empty slice.
   */
  readStream(
    stream: string,
    options?: { from?: number | 'end'; direction?: Direction; limit?: number },
  ): Promise<StreamSlice>;

  /** Reads the whole log in order, after a position (exclusive). */
  readAll(after: Position, filter?: LogFilter, limit?: number): Promise<LogSlice>;

  /**
   * The whole log in order, after a position (exclusive), as the texts that were hashed; pages end early rather than grow
   * large. Damage of a single entry is an answer, not an error.
   * @throws CorruptionError when the store cannot read on at all
   */
  readTexts(after: Position, limit?: number): Promise<TextsSlice>;

  /**
   * The whole log from its beginning to its end, page by page, for whoever verifies it. A store that can read and hash
   * ahead, beside the event loop, answers runs of what it found sound; all else is as `readTexts` shows it.
   * @throws CorruptionError when the store cannot read on at all, UnavailableError
   */
  links(): AsyncIterable<readonly Link[]>;

  /** One event of a stream as the texts that were hashed; undefined when there is none of that revision. */
  textsAt(stream: string, revision: number): Promise<EventTexts | undefined>;

  /**
   * Everything after a position (exclusive), history first, then live, without gap or duplicate, in log order.
   * A slow consumer loses nothing and costs bounded memory. Ends when the signal aborts or the store closes;
   * breaking out of the loop frees everything.
   * @throws PositionError when the position is another store's or beyond the head
   */
  subscribe(after: Position, filter?: LogFilter, signal?: AbortSignal): AsyncIterable<SubscriptionMessage>;

  /** Position of the newest event; START in an empty log. */
  head(): Promise<Position>;

  /**
   * Negative, zero or positive as `a` is before, at or after `b`; its size is how many events lie between them, as near
   * as the store can tell. @throws PositionError for a foreign position
   */
  compare(a: Position, b: Position): number;

  /**
   * Whether `b` is the position given right after `a`, so that no event can have been between them (START is before the
   * first). Undefined when this store cannot tell. @throws PositionError for a foreign position
   */
  follows(a: Position, b: Position): boolean | undefined;

  /**
   * What the store itself finds wrong with the log; empty when nothing. Reads all of it once, beside everything else
   * that goes on; an aborted signal ends the waiting.
   * @throws UnavailableError, the signal's reason
   */
  selfCheck(signal?: AbortSignal): Promise<readonly StoreFault[]>;

  /**
   * Lets go of the texts of the first `events` events of a stream, which an archive file has. Place, id, type and hashes
   * stay, so that counts, chains and seals still hold: `readTexts` shows them. Durable when it resolves; repeating is safe.
   * @param archive name of the file: letters, digits, dots, dashes and underscores
   * @throws ConcurrencyError when no event follows them in the stream, InvalidEventError for a name that is none
   * @throws UnavailableError (certainly not applied), OutcomeUnknownError (perhaps applied: repeat it)
   */
  archive(stream: string, events: number, archive: string): Promise<void>;

  /** Proves that an append would be durable now (writes to the disk, not to the log). @throws UnavailableError */
  probe(): Promise<void>;

  /** Finishes what was accepted, then lets go of the file. Safe to call twice. */
  close(): Promise<void>;
}
