import type { NewEvent } from '#execution';
import type { ExpectedRevision } from './port.ts';
import { STORE_LIMITS } from './port.ts';
import { InvalidEventError, LimitError } from './errors.ts';
import { canonicalJson } from './canonical-json.ts';

/** An event that has passed every check, its open parts as canonical JSON text: what is stored is what was hashed. */
export interface PreparedEvent {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly dataText: string;
  readonly metadataText: string;
}

export interface PreparedAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly PreparedEvent[];
  /** Size of the whole append as the limit counts it. */
  readonly bytes: number;
}

/** What a store adds to each event (id, hashes, schema version), counted so that every store accepts the same appends. */
const OVERHEAD_BYTES = 256;
/** The category is the word before the first dash; the rest names the one thing. */
const STREAM_NAME = /^[a-z0-9]+-[a-z0-9-]+$/;
const EVENT_TYPE = /^[A-Za-z0-9._-]+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Reserved names that carry meaning for a store's own tools; any other name starting with `$` is the store's. */
const KNOWN_RESERVED = ['$correlationId', '$causationId'];

/**
 * Every check of an append, done before anything is sent, the same for every store.
 * @throws InvalidEventError, LimitError; messages name places, never values
 */
export function prepareAppend(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): PreparedAppend {
  checkStreamName(stream);
  checkExpected(expected);
  if (events.length === 0) throw new InvalidEventError(`append to ${stream}: expected at least one event, found none`);
  atMost('appendEvents', events.length, `append to ${stream}`);
  const prepared = events.map((event, index) => prepareEvent(event, `append to ${stream}, event ${index}`));
  refuseEqualIds(stream, prepared);
  const bytes = prepared.reduce((sum, event) => sum + sizeOf(event) + OVERHEAD_BYTES, 0);
  atMost('appendBytes', bytes, `append to ${stream}`);
  return { stream, expected, events: prepared, bytes };
}

/** Lower-case ASCII, a category word, a dash, the rest: valid and unambiguous in every store and file name. */
export function isStreamName(stream: string): boolean {
  return typeof stream === 'string' && stream.length <= STORE_LIMITS.streamNameLength && STREAM_NAME.test(stream);
}

/** A checked order to let go of texts. @throws InvalidEventError */
export function prepareArchiving(stream: string, events: number, archive: string): void {
  checkStreamName(stream);
  if (!Number.isSafeInteger(events) || events < 1)
    throw new InvalidEventError('events to be archived: expected a whole number from 1');
  if (!isArchiveName(archive))
    throw new InvalidEventError(
      'archive: expected the name of a file of letters, digits, dots, dashes and underscores',
    );
}

const ARCHIVE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
export const isArchiveName = (name: string): boolean => ARCHIVE.test(name);

/** The word before the first dash of a stream name. */
export function categoryOf(stream: string): string {
  return stream.slice(0, stream.indexOf('-'));
}

function checkStreamName(stream: string): void {
  if (typeof stream === 'string') atMost('streamNameLength', stream.length, 'stream name');
  if (isStreamName(stream)) return;
  const rule = 'lower-case letters and digits, a dash, then letters, digits and dashes, as in workflowexecution-1f3a';
  throw new InvalidEventError(`stream name: expected ${rule}, found something else`);
}

function checkExpected(expected: ExpectedRevision): void {
  if (expected === 'none' || expected === 'exists' || expected === 'any') return;
  if (Number.isSafeInteger(expected) && expected >= 0) return;
  throw new InvalidEventError("expected revision: a whole number from 0, 'none', 'exists' or 'any'");
}

function prepareEvent(event: NewEvent, where: string): PreparedEvent {
  const { id, type, schemaVersion } = event;
  if (typeof id !== 'string' || !UUID.test(id)) throw invalid(where, 'id is no UUID in lower-case hex with dashes');
  if (typeof type !== 'string') throw invalid(where, 'type is no text');
  atMost('eventTypeLength', type.length, `${where}, type`);
  if (!EVENT_TYPE.test(type))
    throw invalid(where, 'type may hold ASCII letters, digits, dot, underscore and dash only');
  if (!Number.isSafeInteger(schemaVersion) || schemaVersion < 1) throw invalid(where, 'schemaVersion counts from 1');
  refuseReservedKeys(event.metadata, where);
  const prepared = {
    id,
    type,
    schemaVersion,
    dataText: objectText(event.data, `${where}, data`),
    metadataText: objectText(event.metadata, `${where}, metadata`),
  };
  atMost('eventBytes', sizeOf(prepared), where);
  return prepared;
}

function objectText(value: unknown, where: string): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(where, 'expected an object');
  return canonicalJson(value, where);
}

function refuseReservedKeys(metadata: unknown, where: string): void {
  const reserved = Object.keys(metadata ?? {}).find((key) => key.startsWith('$') && !KNOWN_RESERVED.includes(key));
  if (reserved === undefined) return;
  throw invalid(where, `metadata keys starting with $ are reserved (allowed: ${KNOWN_RESERVED.join(', ')})`);
}

function refuseEqualIds(stream: string, events: readonly PreparedEvent[]): void {
  if (new Set(events.map((event) => event.id)).size === events.length) return;
  throw new InvalidEventError(`append to ${stream}: two of its events have the same id`);
}

/** Counted as KurrentDB counts: bytes of data and metadata, and two for each character of the type. */
function sizeOf(event: Pick<PreparedEvent, 'type' | 'dataText' | 'metadataText'>): number {
  return Buffer.byteLength(event.dataText) + Buffer.byteLength(event.metadataText) + 2 * event.type.length;
}

function atMost(limit: keyof typeof STORE_LIMITS, found: number, where: string): void {
  if (found > STORE_LIMITS[limit]) throw new LimitError(limit, STORE_LIMITS[limit], found, where);
}

function invalid(where: string, rule: string): InvalidEventError {
  return new InvalidEventError(`${where}: ${rule}`);
}
