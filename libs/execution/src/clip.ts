import { sha256Hex } from './sha256.ts';

/** Longest texts kept in an event or status, in bytes of their JSON (UTF-8, escapes counted, quotes not). */
export const TEXT_LIMITS = { message: 1024, result: 4096, summary: 1536, rationale: 8192, name: 253 } as const;

/**
 * The text itself when it is short enough; otherwise its beginning and a mark that says how long the whole was and
 * its sha256, so that a copy found elsewhere can be recognised. Never longer than the limit (at least MARK_BYTES).
 */
export function clip(text: string, limit: number): string {
  if (beginning(text, limit).length === text.length) return text;
  const mark = ` …[cut: ${text.length} characters, sha256 ${sha256Hex(text)}]`;
  return beginning(text, limit - jsonBytes(mark)) + mark;
}

/** The text, or its beginning and an ellipsis: for sentences whose whole is elsewhere. */
export function shortened(text: string, limit: number): string {
  if (beginning(text, limit).length === text.length) return text;
  return `${beginning(text, limit - jsonBytes('…'))}…`;
}

/** What the mark of a cut text takes at most; no limit is smaller. */
export const MARK_BYTES = 128;

/** The same object, with every text in it cut to so many bytes. */
export function clipTexts<T extends object>(value: T, limit: number): T {
  const entries = Object.entries(value) as [string, unknown][];
  return Object.fromEntries(
    entries.map(([key, field]) => [key, typeof field === 'string' ? clip(field, limit) : field]),
  ) as T;
}

/** Bytes of a text inside JSON: UTF-8, with what JSON escapes written out. */
export function jsonBytes(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += jsonBytesOf(character);
  return bytes;
}

/** The longest beginning that takes at most so many bytes; no character is split. */
function beginning(text: string, limit: number): string {
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    bytes += jsonBytesOf(character);
    if (bytes > limit) break;
    length += character.length;
  }
  return text.slice(0, length);
}

const SHORT_ESCAPES = '\b\t\n\f\r"\\';

function jsonBytesOf(character: string): number {
  if (SHORT_ESCAPES.includes(character)) return 2;
  const point = character.codePointAt(0) as number;
  return point < 0x20 || (point >= 0xd800 && point <= 0xdfff) ? 6 : utf8BytesOf(point);
}

/** Bytes of a value as JSON in UTF-8. */
export function sizeOf(value: unknown): number {
  let bytes = 0;
  for (const character of JSON.stringify(value)) bytes += utf8BytesOf(character.codePointAt(0) as number);
  return bytes;
}

function utf8BytesOf(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

/** Results of one run or task, together at most this many bytes; what is over keeps its name and a mark. */
export const RESULTS_LIMIT = 65_536;
const LEFT_OUT = '…[cut]';

interface Result {
  readonly name: string;
  readonly value: string;
}

/** Clips each result, and all of them together, so that an event stays far below its size limit. */
export function clipResults<R extends Result>(results: readonly R[]): readonly R[] {
  let left: number = RESULTS_LIMIT;
  return results.map((result) => {
    const limit = Math.min(TEXT_LIMITS.result, left);
    const hasRoom = limit >= MARK_BYTES || jsonBytes(result.value) <= limit;
    const value = hasRoom ? clip(result.value, limit) : LEFT_OUT;
    left = Math.max(0, left - jsonBytes(value));
    return { ...result, value };
  });
}
