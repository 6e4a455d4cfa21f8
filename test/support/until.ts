/** Thrown by a look that knows that waiting is of no use. */
export class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

/** Waits for a condition with a bound, looking every few milliseconds; what the last look threw is the reason given. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  const endMs = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < endMs) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      last = undefined;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited ${timeoutMs} ms for ${what}${last instanceof Error ? `; last: ${last.message}` : ''}`, {
    cause: last,
  });
}
