import type { ArchivedTexts, EventTexts, KnownTexts, RecordedEvent, WholeTexts } from '#event-store';
import { canonicalJson, CorruptionError, hashOfTexts } from '#event-store';
import type { EventStub, WrittenEvent } from './format.ts';

/** An event of the log as a line says it. */
export function writtenEvent(event: RecordedEvent): WrittenEvent {
  const where = `stream ${event.stream}, revision ${event.revision}`;
  const dataText = canonicalJson(event.data, `${where}, data`);
  return { ...event, dataText, metadataText: canonicalJson(event.metadata, `${where}, metadata`) };
}

/** An entry of the log as a line has it. */
export type WrittenEntry =
  { readonly kind: 'event'; readonly event: WrittenEvent } | { readonly kind: 'stub'; readonly stub: EventStub };

/**
 * An entry of the log as a line says it: the texts that were hashed, untouched, or what is left when they were archived.
 * A damaged event goes into the bundle as it stands, so that whoever checks it finds the damage; only what no line can
 * carry ends the export.
 * @throws CorruptionError
 */
export function writtenEntry(found: EventTexts): WrittenEntry {
  const entry = knownTexts(found);
  if (entry.kind === 'archived') return { kind: 'stub', stub: stubOf(entry) };
  if (isAsRecorded(entry) || (isCanonical(entry.dataText) && isCanonical(entry.metadataText)))
    return { kind: 'event', event: entry };
  throw new CorruptionError(
    `stream ${entry.stream}, revision ${entry.revision}: expected canonical JSON, found something else; verify the log`,
  );
}

/** @throws CorruptionError when it is none */
export function knownTexts(entry: EventTexts): KnownTexts {
  if (entry.kind !== 'unreadable') return entry;
  const { position, expected, found } = entry;
  throw new CorruptionError(`position ${position}: expected ${expected}, found ${found}; verify the log`);
}

function stubOf({ kind, ...stub }: ArchivedTexts): EventStub {
  void kind;
  return stub;
}

/** What was recorded was canonical; and no canonical text has a line feed in it, whatever its hash. */
const isAsRecorded = (entry: WholeTexts): boolean =>
  hashOfTexts(entry.previousHash, entry) === entry.hash && !(entry.dataText + entry.metadataText).includes('\n');

function isCanonical(text: string): boolean {
  try {
    return canonicalJson(JSON.parse(text), 'text') === text;
  } catch {
    return false;
  }
}
