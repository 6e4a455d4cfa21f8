import { within } from '../../../test/support/within.ts';

/** Items up to and including the first for which `isLast` holds; then breaks out of the iteration. */
export async function collectUntil<T>(
  items: AsyncIterable<T>,
  isLast: (item: T, all: readonly T[]) => boolean,
): Promise<T[]> {
  const iterator = items[Symbol.asyncIterator]();
  const found: T[] = [];
  try {
    for (;;) {
      const { done, value } = await within(`item ${found.length + 1}`, iterator.next());
      if (done === true) return found;
      found.push(value);
      if (isLast(value, found)) return found;
    }
  } finally {
    if (iterator.return !== undefined) await within('the end of the iteration', iterator.return());
  }
}

/** The first `count` items; fewer when they end. */
export function collect<T>(items: AsyncIterable<T>, count: number): Promise<T[]> {
  return collectUntil(items, (_, all) => all.length === count);
}

/** The next item of an iteration that goes on. */
export async function nextOf<T>(iterator: AsyncIterator<T>): Promise<T> {
  const { done, value } = await within('the next item', iterator.next());
  if (done === true) throw new Error('expected an item, found the end');
  return value;
}
