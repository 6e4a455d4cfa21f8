/**
 * JSON values that are never changed again, so that they can be handed out and kept without copying. The weak map holds
 * about how many characters each takes when written down.
 */
const sizes = new WeakMap<object, number>();

/** The value as JSON would carry it (a field that is undefined is absent), frozen. What is frozen by us already is shared. */
export function frozenJson<T>(value: T): T {
  return frozen(value) as T;
}

/** About how many characters a value that `frozenJson` gave takes as JSON. */
export function jsonSize(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value === 'object' && value !== null) return sizes.get(value) ?? 0;
  return 5;
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || sizes.has(value)) return value;
  return Array.isArray(value) ? frozenList(value) : frozenFields(value as Record<string, unknown>);
}

function frozenList(value: readonly unknown[]): readonly unknown[] {
  const copy = value.map((each) => frozen(each ?? null));
  sizes.set(
    copy,
    copy.reduce<number>((size, each) => size + jsonSize(each) + 1, 2),
  );
  return Object.freeze(copy);
}

function frozenFields(value: Readonly<Record<string, unknown>>): object {
  const copy: Record<string, unknown> = {};
  let size = 2;
  for (const key of Object.keys(value)) {
    if (value[key] === undefined) continue;
    copy[key] = frozen(value[key]);
    size += key.length + 4 + jsonSize(copy[key]);
  }
  sizes.set(copy, size);
  return Object.freeze(copy);
}

/** True when two JSON values say the same, whatever the order of their fields. Cheap where they share parts. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [definedFields(a), definedFields(b)];
  if (left.length !== right.length) return false;
  return left.every(([key, value]) => sameJson(value, (b as Record<string, unknown>)[key]));
}

const definedFields = (value: object): readonly [string, unknown][] =>
  Object.entries(value).filter(([, part]) => part !== undefined);
