import { parseDuration } from '#execution';
import type { Api } from '../api/api.ts';
import { Failure } from '../exit-codes.ts';
import type { Times } from '../render/times.ts';
import { eventPointOf, timeOf } from './event-point.ts';
import { executionOf } from './execution.ts';
import { isoOf } from './iso-time.ts';

const REVISION = /^\d{1,9}$/;
const WITH_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?$/;
const TIMES =
  'a time as in 2026-11-20T10:15:00Z or 2026-11-20T10:15 (of this machine, or UTC with --utc), how long ago as in 5m or 36h';
const EVENTS = 'an event with or without a distance as in failure-5s or LockReleased';

/** A point somebody has typed and that was understood; what it is in the history of an execution is asked when it is called. */
export type Point = (api: Api, id: string) => Promise<string>;

/** A revision or a time, as the API takes it. @throws Failure `usage` */
export function pointOf(text: string, times: Times): Point {
  const event = eventPointOf(text);
  if (event !== undefined) return (api, id) => timeOf(api, id, event);
  const given = REVISION.test(text) ? text : known(text, times, `a revision, ${TIMES}, or ${EVENTS}`);
  return () => Promise.resolve(given);
}

/** Where moments are asked for: a session. */
export interface Asking {
  readonly times: Times;
  readonly namespace?: string;
  api(): Promise<Api>;
}

type Moment = (asking: Asking) => Promise<string>;

/**
 * The times of some options, as ISO 8601 in UTC; absent stays absent. All are read before the service is asked for any.
 * @throws Failure `usage`, `notFound`
 */
export async function momentsOf<Name extends string>(
  asking: Asking,
  texts: Readonly<Partial<Record<Name, string | undefined>>>,
): Promise<Partial<Record<Name, string>>> {
  const given = Object.entries(texts).filter((pair): pair is [Name, string] => pair[1] !== undefined);
  const moments = given.map(([name, text]) => [name, momentOf(text, asking.times)] as const);
  const found: Partial<Record<Name, string>> = {};
  for (const [name, moment] of moments) found[name] = await moment(asking);
  return found;
}

/** `EXECUTION@EVENT` is when that happened to it. */
function momentOf(text: string, times: Times): Moment {
  const [name = '', place = '', ...more] = text.split('@');
  const event = more.length === 0 ? eventPointOf(place) : undefined;
  if (event !== undefined && name !== '')
    return async (asking) => {
      const api = await asking.api();
      return timeOf(api, await executionOf(api, name, asking.namespace), event);
    };
  const time = known(text, times, `${TIMES}, or EXECUTION@ and ${EVENTS}`);
  return () => Promise.resolve(time);
}

function known(text: string, times: Times, expected: string): string {
  const ms = millisecondsOf(text, times);
  const iso = ms === undefined ? undefined : isoOf(ms);
  if (iso !== undefined) return iso;
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
