import type { Direction, LogFilter } from './port.ts';
import { STORE_LIMITS } from './port.ts';
import { InvalidEventError, LimitError, StreamNotFoundError } from './errors.ts';
import { isStreamName } from './prepare.ts';

/** A checked order to read one stream. */
export interface StreamRead {
  readonly from: number | 'end';
  readonly direction: Direction;
  readonly limit: number;
}

/** Prefixes one filter may name. */
const PREFIX_LIMIT = 32;
const PREFIX = /^[a-z0-9-]*$/;

/** @throws StreamNotFoundError for a name no stream can have, InvalidEventError and LimitError for bad options */
export function streamRead(stream: string, options: Partial<StreamRead> = {}): StreamRead {
  if (!isStreamName(stream)) throw new StreamNotFoundError(String(stream).slice(0, STORE_LIMITS.streamNameLength));
  const direction = options.direction ?? 'forwards';
  const from = options.from ?? (direction === 'forwards' ? 0 : 'end');
  if (from === 'end' && direction === 'forwards') {
    throw new InvalidEventError("readStream: 'end' is a place to read backwards from, the direction is forwards");
  }
  if (from !== 'end' && (!Number.isSafeInteger(from) || from < 0)) {
    throw new InvalidEventError("readStream: from is a whole number from 0, or 'end' when reading backwards");
  }
  return { from, direction, limit: readLimit(options.limit, 'readStream') };
}

/** @throws InvalidEventError when it is no whole number from 1, LimitError when it is too large */
export function readLimit(limit: number = STORE_LIMITS.readLimit, where: string): number {
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new InvalidEventError(`${where}: limit is a whole number from 1, found ${limit}`);
  }
  if (limit > STORE_LIMITS.readLimit) throw new LimitError('readLimit', STORE_LIMITS.readLimit, limit, where);
  return limit;
}

/**
 * The prefixes of a filter; undefined when everything is asked for. Lower-case ASCII, because stores compare anything
 * else in ways of their own.
 */
export function prefixesOf(filter: LogFilter = {}): readonly string[] | undefined {
  const prefixes = filter.streamPrefixes;
  if (prefixes === undefined) return undefined;
  if (prefixes.length > PREFIX_LIMIT) {
    throw new LimitError('streamPrefixes', PREFIX_LIMIT, prefixes.length, 'log filter');
  }
  if (!prefixes.every((prefix) => PREFIX.test(prefix) && prefix.length <= STORE_LIMITS.streamNameLength)) {
    throw new InvalidEventError('log filter: a stream prefix holds lower-case letters, digits and dashes only');
  }
  return prefixes.includes('') ? undefined : [...prefixes];
}
