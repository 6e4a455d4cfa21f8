/**
 * What a terminal could take for an order, or a reader for something else: control characters, line breaks, characters
 * that change the direction of text or cannot be seen, halves of surrogate pairs. Joiners stay: scripts need them.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const JOINERS = new Set(['\u200c', '\u200d']);
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text of somebody else's on one line, with nothing in it that acts on a terminal. */
export function clean(text: string): string {
  return text.replace(UNSAFE, (found) => (JOINERS.has(found) ? found : (SHORT[found] ?? escaped(found))));
}

/** A longer text of somebody else's: its lines, each of them clean. */
export function cleanLines(text: string): string[] {
  return text.split(/\r?\n/).map(clean);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** The same inside a quoted text of JSON or YAML, where `\uXXXX` means the character itself. */
export function escapeInQuotes(document: string): string {
  return document.replace(UNSAFE, (found) =>
    found === '\n' || JOINERS.has(found)
      ? found
      : [...Array(found.length).keys()].map((at) => `\\u${hex4(found.charCodeAt(at))}`).join(''),
  );
}

export const isUnsafe = (text: string): boolean => text.search(UNSAFE) >= 0;

const hex4 = (unit: number): string => unit.toString(16).padStart(4, '0');
