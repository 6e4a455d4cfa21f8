/** Whole seconds, as Tekton writes every time. */
export const secondsIso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
