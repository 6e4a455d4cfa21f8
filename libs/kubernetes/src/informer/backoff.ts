/**
 * Milliseconds to wait after so many failures in a row: doubling from `baseMs`, never more than `capMs`, and between half
 * and all of that, so that many watches cut by one fault do not come back as one.
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, limits: { baseMs: number; capMs: number }, random: number): number {
  const fullMs = Math.min(limits.capMs, limits.baseMs * 2 ** Math.max(0, failures - 1));
  return Math.round(fullMs * (0.5 + random / 2));
}
