import { clip, TEXT_LIMITS } from '#execution';

/**
 * Readers of objects whose shape is not ours to trust: a wrong type reads as absent, and every text has a limit.
 * Nothing here throws, whatever JSON comes in.
 */
export type Fields = Readonly<Record<string, unknown>>;

/** Longest image or bundle reference kept; names have TEXT_LIMITS.name, which is what Kubernetes allows. */
const IMAGE_BYTES = 512;
/** What one UTF-16 unit takes in JSON at most. */
const JSON_BYTES_MOST = 6;
const NONE: Fields = {};
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : NONE;

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** In bytes of JSON, like every limit: a name is read into many places of one event. */
export const nameOf = (value: unknown): string | undefined => clipped(textOf(value), TEXT_LIMITS.name);
export const imageOf = (value: unknown): string | undefined => clipped(textOf(value), IMAGE_BYTES);
export const messageOf = (value: unknown): string => clip(textOf(value) ?? '', TEXT_LIMITS.message);

/** Cut before it is measured: of a monstrous name only the beginning is ever looked at. */
const clipped = (text: string | undefined, limit: number): string | undefined =>
  text === undefined || text.length * JSON_BYTES_MOST <= limit
    ? text
    : clip(text.slice(0, limit).toWellFormed(), limit);

export const integerOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;

/** An ISO 8601 time as it was given; anything else is no time. */
export function timeOf(value: unknown): string | undefined {
  return typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

export interface Condition {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly since?: string;
}

/** The `Succeeded` condition of a run or task run; undefined while there is none. */
export function succeededCondition(status: Fields): Condition | undefined {
  const condition = fieldsOf(listOf(status.conditions).find((each) => fieldsOf(each).type === 'Succeeded'));
  const value = condition.status;
  if (value !== 'True' && value !== 'False' && value !== 'Unknown') return undefined;
  return present({
    status: value,
    reason: nameOf(condition.reason) ?? '',
    message: messageOf(condition.message),
    since: timeOf(condition.lastTransitionTime),
  });
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The same object without the fields that are undefined, so that optional fields are absent rather than empty. */
export function present<const T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Present<T>;
}
