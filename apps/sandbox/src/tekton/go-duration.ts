const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const PART = /^(\d+(?:\.\d*)?|\.\d+)([^\d.]*)/;

/** Milliseconds of a Go duration, or the sentence Go's parser would say about the text. */
export function parseGoDuration(text: string): number | string {
  const negative = text.startsWith('-');
  let rest = text.replace(/^[-+]/, '');
  if (rest === '0') return 0;
  if (rest === '') return `time: invalid duration ${JSON.stringify(text)}`;
  let ms = 0;
  while (rest !== '') {
    const [part, amount, unit] = PART.exec(rest) ?? [];
    if (part === undefined) return `time: invalid duration ${JSON.stringify(text)}`;
    if (unit === '') return `time: missing unit in duration ${JSON.stringify(text)}`;
    const unitMs = UNIT_MS[unit as string];
    if (unitMs === undefined) return `time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`;
    ms += Number(amount) * unitMs;
    rest = rest.slice(part.length);
  }
  return negative ? -ms : ms;
}

/** The way Go prints a duration: `1h0m0s`, `4s`, `1.5s`, `100ms`, `0s`. */
export function formatGoDuration(ms: number): string {
  if (ms < 0) return `-${formatGoDuration(-ms)}`;
  if (ms > 0 && ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = `${(ms % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

/** Milliseconds of a duration in an object that was admitted; undefined when absent or no duration. */
export function durationMs(text: string | undefined): number | undefined {
  const ms = text === undefined ? undefined : parseGoDuration(text);
  return typeof ms === 'number' ? ms : undefined;
}
