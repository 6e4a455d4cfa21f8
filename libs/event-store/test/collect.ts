/** The first `count` items; then breaks out of the iteration. */
export async function collect<T>(items: AsyncIterable<T>, count: number): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) {
    found.push(item);
    if (found.length === count) break;
  }
  return found;
}

/** Items up to and including the first for which `isLast` holds. */
export async function collectUntil<T>(
  items: AsyncIterable<T>,
  isLast: (item: T, all: readonly T[]) => boolean,
): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) {
    found.push(item);
    if (isLast(item, found)) break;
  }
  return found;
}

const BOUND_MS = 10_000;
const STEP_MS = 5;

/** Waits until a condition holds, at most ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let waited = 0; !(await condition()); waited += STEP_MS) {
    if (waited > BOUND_MS) throw new Error(`waited ${BOUND_MS} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}
