import type { EventTexts, RecordedEvent, WholeTexts } from '#event-store';
import { canonicalJson, CorruptionError, hashOfTexts } from '#event-store';
import type { WrittenEvent } from './format.ts';

/** An event of the log as a line says it. */
export function writtenEvent(event: RecordedEvent): WrittenEvent {
  const where = `stream ${event.stream}, revision ${event.revision}`;
  const dataText = canonicalJson(event.data, `${where}, data`);
  return { ...event, dataText, metadataText: canonicalJson(event.metadata, `${where}, metadata`) };
}

/**
 * An entry of the log as a line says it: the texts that were hashed, untouched. A damaged event goes into the bundle as
 * it stands, so that whoever checks it finds the damage; only what no line can carry ends the export.
 * @throws CorruptionError
 */
export function writtenTexts(found: EventTexts): WrittenEvent {
  const entry = wholeTexts(found);
  if (isAsRecorded(entry) || (isCanonical(entry.dataText) && isCanonical(entry.metadataText))) return entry;
  throw new CorruptionError(
    `stream ${entry.stream}, revision ${entry.revision}: expected canonical JSON, found something else; verify the log`,
  );
}

/** @throws CorruptionError when it is none */
export function wholeTexts(entry: EventTexts): WholeTexts {
  if (entry.kind === 'whole') return entry;
  if (entry.kind === 'archived')
    throw new CorruptionError(`position ${entry.position}: its texts are in the archive ${entry.archive}`);
  const { position, expected, found } = entry;
  throw new CorruptionError(`position ${position}: expected ${expected}, found ${found}; verify the log`);
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
