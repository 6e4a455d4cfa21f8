import { z } from 'zod';
import { parseDuration } from '#execution';

/** A Go duration that was checked when the configuration was read, for example `1h15m`. */
export type Duration = string & { readonly __duration: unique symbol };

/** Milliseconds of a duration from the configuration. */
export function milliseconds(duration: Duration): number {
  const ms = parseDuration(duration);
  if (ms === undefined) throw new Error(`expected a duration that was checked before, found ${duration}`);
  return ms;
}

/** What is known of a key beside its schema; kept as the schema's metadata. */
export interface LeafMeta {
  /** What the key does, for the documentation. */
  readonly description: string;
  /** What a value must look like, for the documentation and for complaints. */
  readonly expected: string;
  /** How a value is written in an environment variable. */
  readonly text: 'string' | 'integer' | 'list' | 'json';
  /** Never shown or logged. */
  readonly secret?: boolean;
  /** How a value is shown that is not shown as it is. */
  readonly shown?: (value: unknown) => unknown;
  /** Fields inside the value that no complaint repeats. */
  readonly hides?: readonly string[];
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Without credentials and encryption, only this machine may be on the other side. */
export function isLoopbackUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return isOfThisMachine(url) && url.protocol === 'http:' && url.username === '' && url.password === '';
}

export const isOfThisMachine = ({ hostname }: URL): boolean => LOOPBACK.test(hostname);

type Meta = Omit<LeafMeta, 'text' | 'description'>;

export const text = <Schema extends z.ZodType>(schema: Schema, description: string, meta: Meta): Schema =>
  schema.meta({ ...meta, description, text: 'string' });

const durationText = (min: string, max: string) =>
  z.custom<Duration>((value) => {
    const ms = typeof value === 'string' ? parseDuration(value) : undefined;
    return ms !== undefined && ms >= Number(parseDuration(min)) && ms <= Number(parseDuration(max));
  });

export const duration = (fallback: string, min: string, max: string, description: string) =>
  text(durationText(min, max).default(fallback as Duration), description, {
    expected: `a duration from ${min} to ${max}, such as 90s, 5m or 1h15m`,
  });

export const integer = (fallback: number, min: number, max: number, description: string) =>
  z
    .int()
    .min(min)
    .max(max)
    .default(fallback)
    .meta({ description, expected: `a whole number from ${min} to ${max}`, text: 'integer' });

export const choice = <const Values extends readonly [string, ...string[]]>(
  values: Values,
  fallback: Values[number],
  description: string,
) =>
  text(
    z.enum(values).default(() => fallback),
    description,
    { expected: `one of ${values.join(', ')}` },
  );

const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LABEL_EXPECTED = 'a DNS label: at most 63 lower-case letters, digits and dashes';

export const label = (fallback: string, description: string) =>
  text(z.string().regex(DNS_LABEL).default(fallback), description, { expected: LABEL_EXPECTED });

const DNS_SUBDOMAIN = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Name of an object. */
export const subdomain = (fallback: string, description: string) =>
  text(z.string().regex(DNS_SUBDOMAIN).default(fallback), description, {
    expected: 'the name of an object: at most 253 lower-case letters, digits, dashes and dots',
  });

const MAX_LABELS = 100;

export const labels = (description: string) =>
  z
    .array(z.string().regex(DNS_LABEL))
    .max(MAX_LABELS)
    .default([])
    .meta({ description, expected: `a list of at most ${MAX_LABELS} names, each ${LABEL_EXPECTED}`, text: 'list' });

const MAX_NAMES = 100;

/** Names made of words, such as `api key`. */
export const names = (fallback: readonly string[], description: string) =>
  z
    .array(
      z
        .string()
        .max(64)
        .regex(/[\p{L}\p{N}]/u),
    )
    .max(MAX_NAMES)
    .default([...fallback])
    .meta({
      description,
      expected: `a list of at most ${MAX_NAMES} names, each with a letter or digit and at most 64 characters`,
      text: 'list',
    });

const HASH = /^[0-9a-f]{64}$/;
const HASH_EXPECTED = '64 lower-case hex digits';
const MAX_HASHES = 10;

export const optionalHash = (description: string) =>
  text(z.string().regex(HASH).optional(), description, { expected: HASH_EXPECTED });

export const hashes = (description: string) =>
  z
    .array(z.string().regex(HASH))
    .max(MAX_HASHES)
    .default([])
    .meta({ description, expected: `a list of at most ${MAX_HASHES} hashes, each ${HASH_EXPECTED}`, text: 'list' });

export const words = (fallback: string, description: string, expected = 'a text that is not empty') =>
  text(z.string().min(1).max(1024).default(fallback), description, { expected });

export const optionalWords = (description: string, expected = 'a text that is not empty') =>
  text(z.string().min(1).max(1024).optional(), description, { expected });
