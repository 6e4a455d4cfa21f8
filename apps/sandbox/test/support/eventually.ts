const LIMIT_MS = 5_000;
const STEP_MS = 5;

/** Waits until the answer is not undefined or false. */
export async function eventually<T>(what: string, attempt: () => Promise<T> | T): Promise<T> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const answer = await attempt();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`expected within ${LIMIT_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}
