import type { LogIndex } from '#audit';
import type { EventStore } from '#event-store';
import type { ExecutionService, RuntimeHealth, SealService } from '#runtime';
import type { Vouchers } from './vouchers.ts';

/** The log, and where to look in it: what the audit reads. */
export interface AuditedLog {
  readonly store: EventStore;
  readonly index: LogIndex;
  /** Waits (bounded) until the index has taken in what was written before the call. */
  caughtUp(): Promise<void>;
}

/** The runtime as the edge sees it: what it can be asked, how it is, and its life. */
export interface Assembled {
  readonly service: ExecutionService;
  readonly log: AuditedLog;
  readonly vouchers: Vouchers;
  readonly seals: SealService;
  /** Answers within a second or two; the edge waits no longer. */
  health(): Promise<RuntimeHealth>;
  /** Begins to follow the log and the cluster. Resolves when it acts. @throws StartupError */
  start(): Promise<void>;
  /** Stops acting, finishes what is being written, closes the store. Safe to call twice, and before `start`. */
  stop(): Promise<void>;
}
