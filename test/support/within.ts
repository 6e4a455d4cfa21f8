const LIMIT_MS = 10_000;

/** A promise that was not settled in time. */
export class Late extends Error {
  override readonly name = 'Late';
}

/** The promise, or a failure after the limit: the test runner itself has none. */
export async function within<T>(what: string, promise: Promise<T>, limitMs = LIMIT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late(`waited ${limitMs} ms for ${what}`)), limitMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
