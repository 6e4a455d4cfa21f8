import { sha256Hex } from './sha256.ts';

/** Longest texts kept in an event or status, in UTF-16 units. */
export const TEXT_LIMITS = { message: 1024, result: 4096, summary: 1536, rationale: 8192 } as const;

/**
 * The text itself when it is short enough; otherwise its beginning and a mark that says how long the whole was and
 * its sha256, so that a copy found elsewhere can be recognised.
 */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const mark = ` …[cut: ${text.length} characters, sha256 ${sha256Hex(text)}]`;
  const kept = text.slice(0, Math.max(0, limit - mark.length));
  return (isLeadSurrogate(kept.charCodeAt(kept.length - 1)) ? kept.slice(0, -1) : kept) + mark;
}

const isLeadSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** Results of one run or task, together at most this many characters; the rest keep their names and a mark. */
const RESULTS_LIMIT = 65_536;

interface Result {
  readonly name: string;
  readonly value: string;
}

/** Clips each result, and all of them together, so that an event stays far below its size limit. */
export function clipResults<R extends Result>(results: readonly R[]): readonly R[] {
  let left = RESULTS_LIMIT;
  return results.map((result) => {
    const value = clip(result.value, Math.max(0, Math.min(TEXT_LIMITS.result, left)));
    left -= value.length;
    return { ...result, value };
  });
}
