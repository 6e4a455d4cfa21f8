import type { Answer } from './converse.ts';

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * An answer without what is different each time: uids, revisions and times of the day are put into the order in which
 * they appear. Causes are sorted and taken once: the real server goes through Go maps, whose order is random.
 */
export function comparable(answer: Answer): object {
  const { code, contentType, warnings, body } = answer;
  return { code, contentType, warnings: [...warnings].sort(), body: settled(body) };
}

function settled(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return settledText(value, key);
  if (Array.isArray(value)) {
    if (key === 'paths') return 'paths';
    // Their order goes by seconds of the day.
    if (key === 'managedFields') return value.map((item) => JSON.stringify(settled(item))).sort();
    const items = value.map((item) => settled(item));
    return key === 'causes' ? [...new Set(items.map((item) => JSON.stringify(item)))].sort() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([field, child]) => [field, settled(child, field)]),
  );
}

function settledText(text: string, key: string): string {
  if (key === 'resourceVersion') return 'revision';
  if (key === 'continue') return text === '' ? '' : 'token';
  return sortedReasons(text)
    .replaceAll(UID, 'uid')
    .replaceAll(/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'time')
    .replaceAll(/in record \(\d+\)/g, 'in record (revision)')
    .replaceAll(/current: \d+/g, 'current: revision')
    .replace(/(patch: )?(Invalid value: )"\{.*\}"(: strict decoding error)/s, '$1$2"the object"$3')
    .replace(/^[0-5]s$/, 'age')
    .replaceAll(/\bNot-[a-z0-9]{5}\b/g, 'Not-suffix')
    .replace(PARSER_WORDS, '$1 (in the words of a parser)');
}

/** Go's own parsers word their complaints differently from ours; what leads up to them is the API server's. */
const PARSER_WORDS =
  /^(error decoding patch: (?!json: cannot).*?|.*compilation failed: ERROR: |.*json parse error: |invalid continue token: continue key is not valid: ).*$/s;

/** "... is invalid: [b, a]" with its reasons in one order. */
function sortedReasons(text: string): string {
  const match = /^(.* is invalid: )\[(.*)\]$/s.exec(text);
  if (!match) return text;
  const reasons = (match[2] ?? '').split(/, (?=[\w.<>[\]]+: )/);
  return `${match[1] ?? ''}[${reasons.sort().join(', ')}]`;
}
