/** When to look again: the soonest of these waits (milliseconds), if there is one. */
export function again(...waits: readonly (number | undefined)[]): { readonly againMs?: number } {
  const againMs = waits.reduce(soonest, undefined);
  return againMs === undefined ? {} : { againMs };
}

/** The shorter of two waits, of which each may not be there. */
export function soonest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : Math.min(a, b);
}
