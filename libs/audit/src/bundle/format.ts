import type { JsonObject } from '#execution';

/** docs/reference/bundles.md is the format; what is here are its names and limits. */
export const BUNDLE_FORMAT = 1;
export const PRODUCT = 'workflow-execution';
/** Set before what is signed, so that the signature of a bundle can never pass for one of something else. */
export const BUNDLE_PURPOSE = 'workflow-execution/bundle/1';
/** Bytes of one line without its line feed. The largest event is a quarter of it. */
export const LINE_LIMIT = 1024 * 1024;
/** Characters of a text that is nobody's content: a position, a version, an identity. */
export const WORD_LIMIT = 1024;
/** Streams one bundle may speak of: what both sides keep in memory is about 200 bytes for each. */
export const STREAM_LIMIT = 500_000;
/** Executions one bundle of chosen executions may have. */
export const EXECUTIONS_LIMIT = 1_000;
/** Characters of the name of an archive file. */
export const ARCHIVE_NAME_LIMIT = 200;

/** What a bundle holds. Times are ISO 8601 UTC with milliseconds; null is open on that side. */
export type BundleScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'execution'; readonly executionId: string; readonly stream: string }
  /** Sorted, each once. */
  | { readonly kind: 'executions'; readonly executionIds: readonly string[] }
  | { readonly kind: 'time'; readonly from: string | null; readonly to: string | null };

export interface BundleHead {
  readonly kind: 'bundle';
  readonly format: typeof BUNDLE_FORMAT;
  readonly product: typeof PRODUCT;
  readonly storeId: string;
  readonly scope: BundleScope;
  readonly madeAt: string;
  readonly madeBy: string;
  /** Position of the newest event when the export began. */
  readonly asOf: string;
  /** Of the first event line; null when the scope is no run of the log. */
  readonly firstOrdinal: number | null;
  readonly newestSeal: NewestSeal | null;
}

export interface NewestSeal {
  readonly number: number;
  /** Events of the log up to and with the last one it covers. */
  readonly total: number;
  readonly hash: string;
}

/** An event as a line says it: as recorded, before any upcasting. */
export interface WrittenEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly previousHash: string;
  readonly hash: string;
  /** `data` and `metadata` as canonical JSON: what is hashed. */
  readonly dataText: string;
  readonly metadataText: string;
}

/** An event as it was read from a line. */
export interface BundledEvent extends WrittenEvent {
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

/** What the log still has of an event whose texts went to an archive file. Only its hash can be proven. */
export interface EventStub extends Omit<WrittenEvent, 'dataText' | 'metadataText'> {
  /** Name of the file that has its texts. */
  readonly archive: string;
}

export interface LineProof {
  /** Number of the seal. */
  readonly seal: number;
  readonly index: number;
  readonly path: readonly string[];
}

export interface StreamHead {
  readonly stream: string;
  readonly revision: number;
  readonly hash: string;
}

export interface BundleCounts {
  readonly claims: number;
  /** Event and stub lines. */
  readonly events: number;
  readonly keys: number;
  readonly seals: number;
  readonly streams: number;
  readonly stubs: number;
  /** Event and stub lines that no seal line covers. */
  readonly unsealed: number;
}

export interface BundleEnd {
  readonly kind: 'end';
  readonly counts: BundleCounts;
  readonly sha256: string;
  /** Both null when there was no key to sign with. */
  readonly keyId: string | null;
  readonly signature: string | null;
}

/** Where an event or a stub stands in the log, and the proof of it, as far as the scope has them. */
export interface LinePlace {
  readonly ordinal?: number;
  readonly proof?: LineProof;
}

export interface EventLine<Event extends WrittenEvent = BundledEvent> extends LinePlace {
  readonly kind: 'event';
  readonly event: Event;
}

/** In place of the line of an event whose texts were archived. */
export interface StubLine extends LinePlace {
  readonly kind: 'stub';
  readonly stub: EventStub;
}

export type BundleLine<Event extends WrittenEvent = BundledEvent> =
  | BundleHead
  | { readonly kind: 'key' | 'seal'; readonly event: Event }
  | EventLine<Event>
  | StubLine
  /** In the scope of a time: the event by which a stream says that it was archived, when it stands after these times. */
  | { readonly kind: 'claim'; readonly event: Event }
  | ({ readonly kind: 'stream' } & StreamHead)
  | BundleEnd;
