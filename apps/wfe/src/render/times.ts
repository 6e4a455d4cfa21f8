import { clean } from './clean.ts';

/** How times are shown: in the zone of this machine, with its offset, or in UTC. */
export interface Times {
  readonly isUtc: boolean;
  /** Milliseconds since the epoch. */
  now(): number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Ages and durations as of the moment that is shown. */
export const asOf = (times: Times, at: string | undefined): Times =>
  at === undefined ? times : { ...times, now: () => Date.parse(at) };

/** `2026-11-21T14:03:07+01:00`: what is shown can be given to `--at`. */
export function stamp(times: Times, iso: string, precision: 'seconds' | 'milliseconds' = 'seconds'): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return clean(iso);
  const offset = times.isUtc ? 0 : -new Date(ms).getTimezoneOffset();
  const local = new Date(ms + offset * MINUTE).toISOString();
  return `${local.slice(0, precision === 'seconds' ? 19 : 23)}${times.isUtc ? 'Z' : zone(offset)}`;
}

function zone(offsetMinutes: number): string {
  const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
  return `${offsetMinutes < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
}

/** How long ago, in the two largest units at most: `4s`, `12m`, `3h12m`, `2d4h`, `40d`. */
export function age(times: Times, iso: string): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? '' : lasting(Math.max(0, times.now() - ms));
}

/** A length of time for people who look at a list. */
export function lasting(ms: number): string {
  if (ms < 2 * MINUTE) return `${Math.floor(ms / SECOND)}s`;
  if (ms < 10 * MINUTE) return pair(ms, MINUTE, 'm', SECOND, 's');
  if (ms < 3 * HOUR) return `${Math.floor(ms / MINUTE)}m`;
  if (ms < 8 * HOUR) return pair(ms, HOUR, 'h', MINUTE, 'm');
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)}h`;
  return ms < 8 * DAY ? pair(ms, DAY, 'd', HOUR, 'h') : `${Math.floor(ms / DAY)}d`;
}

/** A length of time for people who look at what happened: `0.05s`, `12.30s`, `1m03s`, `2h05m`, `3d04h`. */
export function elapsed(ms: number): string {
  if (ms < MINUTE) return `${(Math.floor(ms / 10) / 100).toFixed(2)}s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m${two(Math.floor((ms % MINUTE) / SECOND))}s`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}h${two(Math.floor((ms % HOUR) / MINUTE))}m`;
  return `${Math.floor(ms / DAY)}d${two(Math.floor((ms % DAY) / HOUR))}h`;
}

function pair(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)}${largeName}${rest === 0 ? '' : `${rest}${smallName}`}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
