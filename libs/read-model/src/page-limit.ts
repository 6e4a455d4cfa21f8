/** Rows or ids asked for at once, at most. */
export const PAGE_LIMIT = 1000;

/** @throws RangeError when it is no whole number from 1 to PAGE_LIMIT */
export function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= PAGE_LIMIT) return limit;
  throw new RangeError(`read model: expected a limit from 1 to ${PAGE_LIMIT}; found ${limit}`);
}
