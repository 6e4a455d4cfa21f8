/** Time as the scripted Tekton sees it, so that tests own it. `Clock` of #kubernetes fits. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Whole seconds, as Tekton writes every time. */
export const secondsIso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
