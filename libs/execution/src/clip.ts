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
