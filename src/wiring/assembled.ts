import type { ExecutionService, RuntimeHealth } from '#runtime';

/** The runtime as the edge sees it: what it can be asked, how it is, and its life. */
export interface Assembled {
  readonly service: ExecutionService;
  /** Answers within a second or two; the edge waits no longer. */
  health(): Promise<RuntimeHealth>;
  /** Begins to follow the log and the cluster. Resolves when it acts. @throws StartupError */
  start(): Promise<void>;
  /** Stops acting, finishes what is being written, closes the store. Safe to call twice, and before `start`. */
  stop(): Promise<void>;
}
