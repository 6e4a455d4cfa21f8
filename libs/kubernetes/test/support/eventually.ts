const LIMIT_MS = 5_000;

/** Waits until the condition holds; fails after five seconds, saying what was waited for. */
export async function eventually(what: string, condition: () => boolean): Promise<void> {
  const endMs = Date.now() + LIMIT_MS;
  while (!condition()) {
    if (Date.now() > endMs) throw new Error(`expected within ${LIMIT_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
