/** The test runner itself has no time limit: whatever may wait for ever gets its own. */
const LOOK_LIMIT_MS = 30_000;
const STEP_MS = 5;

type Found<T> = T | undefined | false;

/** Thrown by a look that knows that waiting is of no use. */
export class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

/** Waits for a condition with a bound, looking every few milliseconds unless told otherwise; what the last look threw is the reason given. */
export async function until<T>(
  what: string,
  look: () => Promise<Found<T>> | Found<T>,
  limitMs = LOOK_LIMIT_MS,
  stepMs = STEP_MS,
): Promise<T> {
  const endMs = Date.now() + limitMs;
  let last: unknown;
  do {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      last = undefined;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  } while (Date.now() < endMs);
  throw new Error(`waited ${limitMs} ms for ${what}${last instanceof Error ? `; last: ${last.message}` : ''}`, {
    cause: last,
  });
}
