/** After a failure: doubled with each, up to the longest. */
const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;
/** A receiver that asks for more time than this is asked again all the same. */
const LONGEST_ASKED_MS = 60 * 60_000;
const JITTER = 0.5;

/** How long to wait after so many failures in a row (from 1), in milliseconds. `random` is in [0, 1). */
export function pauseMs(failures: number, askedMs: number | undefined, random: number): number {
  const fullMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
  return Math.max(fullMs * (1 - JITTER * random), Math.min(askedMs ?? 0, LONGEST_ASKED_MS));
}
