import { parseDuration } from '#execution';
import { Failure } from '../exit-codes.ts';
import type { Times } from '../render/times.ts';

const REVISION = /^\d{1,9}$/;
const WITH_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?$/;
const MOMENTS =
  'a time as in 2026-11-20T10:15:00Z or 2026-11-20T10:15 (of this machine, or UTC with --utc), or how long ago as in 5m';

/** A revision or a time, as the API takes it. @throws Failure `usage` */
export function pointOf(text: string, times: Times): string {
  return REVISION.test(text) ? text : momentOf(text, times, `a revision, ${MOMENTS}`);
}

/** A time as ISO 8601 in UTC. @throws Failure `usage` */
export function momentOf(text: string, times: Times, expected = MOMENTS): string {
  const ms = millisecondsOf(text, times);
  if (ms !== undefined && Number.isFinite(ms) && Math.abs(ms) <= 8.64e15) return new Date(ms).toISOString();
  throw new Failure('usage', `expected ${expected}; found ${JSON.stringify(text.slice(0, 80))}`);
}

function millisecondsOf(text: string, times: Times): number | undefined {
  if (text === 'now') return times.now();
  if (WITH_ZONE.test(text)) return Date.parse(text.replace(' ', 'T'));
  if (WITHOUT_ZONE.test(text)) {
    const whole = text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T');
    return Date.parse(times.isUtc ? `${whole}Z` : whole);
  }
  const ago = text === '0' ? undefined : parseDuration(text);
  return ago === undefined ? undefined : times.now() - ago;
}
