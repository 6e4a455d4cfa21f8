import type { ArchiveReader, LogIndex, Replay, ReplayCheck, Targets } from '#audit';
import type { EventStore } from '#event-store';
import type { ExecutionService, Projections, RuntimeHealth, SealKeys, SealService, WebhookService } from '#runtime';
import type { Vouchers } from './vouchers.ts';

/** The log, and where to look in it: what the audit reads. */
export interface AuditedLog {
  readonly store: EventStore;
  readonly index: LogIndex;
  /** Waits (bounded) until the index has taken in what was written before the call. */
  caughtUp(): Promise<void>;
}

/** What is told of the past, from the log. */
export interface Replaying {
  readonly replay: Replay;
  readonly targets: Targets;
  readonly check: ReplayCheck;
}

/** What the REST API serves. */
export interface Served {
  readonly service: ExecutionService;
  readonly log: AuditedLog;
  readonly replaying: Replaying;
  readonly vouchers: Vouchers;
  /** The files of what was archived. */
  readonly archives: ArchiveReader;
  readonly seals: SealService;
  /** The keys that sign seals, to sign what leaves the service too. */
  readonly sealKeys: Pick<SealKeys, 'find'>;
  readonly webhooks: WebhookService;
  readonly projections: Projections;
}

/** The runtime as the edge sees it: what it can be asked, how it is, and its life. */
export interface Assembled extends Served {
  /** Answers within a second or two; the edge waits no longer. */
  health(): Promise<RuntimeHealth>;
  /** Begins to follow the log and the cluster. Resolves when it acts. @throws StartupError */
  start(): Promise<void>;
  /** Stops acting, finishes what is being written, closes the store. Safe to call twice, and before `start`. */
  stop(): Promise<void>;
}
