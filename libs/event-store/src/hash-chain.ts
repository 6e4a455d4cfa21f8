import { hash as digest } from 'node:crypto';
import type { RecordedEvent } from './port.ts';
import { canonicalJson } from './canonical-json.ts';

/** Stands for "the event before" at revision 0. */
export const GENESIS_HASH = '0'.repeat(64);

/** What stands between data and id in the text that is hashed. */
export const DATA_END = ',"id":"';

/** What the hash covers. Position is not part of it: it is the store's, and differs in a copied log. */
export type HashedEvent = Pick<
  RecordedEvent,
  'id' | 'stream' | 'revision' | 'type' | 'schemaVersion' | 'data' | 'metadata'
>;

/**
 * The hash of an event, format 1, in one sentence: lower-case hex of sha256 over the UTF-8 bytes of the previous
 * hash (64 lower-case hex digits) directly followed by the canonical JSON (see canonical-json.ts) of the object
 * `{"data":…,"id":…,"metadata":…,"revision":…,"schemaVersion":…,"stream":…,"type":…}`, the event as it was
 * written, before any upcasting.
 */
export function hashOf(previousHash: string, event: HashedEvent): string {
  return hashOfTexts(previousHash, {
    ...event,
    dataText: canonicalJson(event.data, 'data'),
    metadataText: canonicalJson(event.metadata, 'metadata'),
  });
}

/** The same as `hashOf`, for an event whose two open parts are canonical text already. */
export interface HashedTexts {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly dataText: string;
  readonly metadataText: string;
}

export function hashOfTexts(previousHash: string, event: HashedTexts): string {
  return digest('sha256', hashedTextOf(previousHash, event), 'hex');
}

/** The text whose UTF-8 bytes are hashed. */
export function hashedTextOf(previousHash: string, event: HashedTexts): string {
  return (
    `${previousHash}{"data":${event.dataText},"id":${JSON.stringify(event.id)},"metadata":${event.metadataText}` +
    `,"revision":${event.revision},"schemaVersion":${event.schemaVersion}` +
    `,"stream":${JSON.stringify(event.stream)},"type":${JSON.stringify(event.type)}}`
  );
}

/** Where a chain does not hold, and how it shows. */
export interface BrokenLink {
  readonly stream: string;
  readonly revision: number;
  readonly fault: 'StreamMixed' | 'RevisionMissing' | 'PreviousHashDiffers' | 'HashDiffers';
  readonly expected: string;
  readonly found: string;
}

/** What must come before the first event given: nothing, or the last event verified so far. */
export type ChainStart = Pick<RecordedEvent, 'stream' | 'revision' | 'hash'>;

/**
 * Checks consecutive events of one stream, as written: dense revisions, each pointing at the one before, each hash
 * right. Answers the first broken link, undefined when all hold. Long streams go in pages: pass the last event of the
 * page before as `after`. An event cut off at the end shows only against a hash kept elsewhere.
 */
export function verifyChain(events: readonly RecordedEvent[], after?: ChainStart): BrokenLink | undefined {
  let previous = after;
  for (const event of events) {
    const broken = brokenLink(event, previous);
    if (broken !== undefined) return broken;
    previous = event;
  }
  return undefined;
}

function brokenLink(event: RecordedEvent, previous: ChainStart | undefined): BrokenLink | undefined {
  const broken = (fault: BrokenLink['fault'], expected: string | number, found: string | number): BrokenLink => ({
    stream: event.stream,
    revision: event.revision,
    fault,
    expected: String(expected),
    found: String(found),
  });
  const stream = previous?.stream ?? event.stream;
  if (event.stream !== stream) return broken('StreamMixed', stream, event.stream);
  const revision = (previous?.revision ?? -1) + 1;
  if (event.revision !== revision) return broken('RevisionMissing', revision, event.revision);
  const previousHash = previous?.hash ?? GENESIS_HASH;
  if (event.previousHash !== previousHash) return broken('PreviousHashDiffers', previousHash, event.previousHash);
  const hash = hashOf(previousHash, event);
  return event.hash === hash ? undefined : broken('HashDiffers', hash, event.hash);
}
