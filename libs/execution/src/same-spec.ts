import type { ExecutionSpec } from './spec.ts';

/** True when two specs ask for the same thing; `cancel` may change, and the order of keys says nothing. */
export function sameSpec(a: ExecutionSpec, b: ExecutionSpec): boolean {
  return same({ ...a, cancel: undefined }, { ...b, cancel: undefined });
}

/** Structural equality of JSON values; a key with the value undefined is no key. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [presentEntries(a), presentEntries(b)];
  if (left.length !== right.length) return false;
  const other = new Map(right);
  return left.every(([key, value]) => other.has(key) && same(value, other.get(key)));
}

const presentEntries = (value: object): [string, unknown][] =>
  Object.entries(value).filter(([, item]) => item !== undefined);
