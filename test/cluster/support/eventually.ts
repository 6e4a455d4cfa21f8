const LIMIT_MS = 30_000;
const STEP_MS = 20;

/** Waits until `attempt` neither throws nor answers false, and gives its answer; fails with its last error after 30 s. */
export async function eventually<T>(what: string, attempt: () => Promise<T> | T, limitMs = LIMIT_MS): Promise<T> {
  const endMs = Date.now() + limitMs;
  for (;;) {
    const outcome = await outcomeOf(attempt);
    if ('value' in outcome && outcome.value !== false) return outcome.value;
    if (Date.now() > endMs)
      throw new Error(`expected within ${limitMs} ms: ${what}`, {
        cause: 'error' in outcome ? outcome.error : undefined,
      });
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

async function outcomeOf<T>(attempt: () => Promise<T> | T): Promise<{ value: T } | { error: unknown }> {
  try {
    return { value: await attempt() };
  } catch (error) {
    return { error };
  }
}

/** The promise, or a failure after `limitMs`. */
export async function within<T>(what: string, promise: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`expected within ${limitMs} ms: ${what}`)), limitMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
