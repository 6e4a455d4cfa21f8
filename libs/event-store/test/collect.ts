/** The runner has no time limit for tests: whatever may wait for ever gets its own. */
const BOUND_MS = 10_000;
const STEP_MS = 5;

/** Fails when a promise is not settled in time. */
export async function bounded<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${BOUND_MS} ms for: ${what}`)), BOUND_MS);
  });
  try {
    return await Promise.race([promise, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/** Items up to and including the first for which `isLast` holds; then breaks out of the iteration. */
export async function collectUntil<T>(
  items: AsyncIterable<T>,
  isLast: (item: T, all: readonly T[]) => boolean,
): Promise<T[]> {
  const iterator = items[Symbol.asyncIterator]();
  const found: T[] = [];
  try {
    for (;;) {
      const { done, value } = await bounded(iterator.next(), `item ${found.length + 1}`);
      if (done === true) return found;
      found.push(value);
      if (isLast(value, found)) return found;
    }
  } finally {
    if (iterator.return !== undefined) await bounded(iterator.return(), 'the end of the iteration');
  }
}

/** The first `count` items; fewer when they end. */
export function collect<T>(items: AsyncIterable<T>, count: number): Promise<T[]> {
  return collectUntil(items, (_, all) => all.length === count);
}

/** The next item of an iteration that goes on. */
export async function nextOf<T>(iterator: AsyncIterator<T>): Promise<T> {
  const { done, value } = await bounded(iterator.next(), 'the next item');
  if (done === true) throw new Error('expected an item, found the end');
  return value;
}

/** Waits until a condition holds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + BOUND_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${BOUND_MS} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}
