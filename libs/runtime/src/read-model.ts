import type { Position } from '#event-store';

/** One execution as lists show it. */
export interface ExecutionRow {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly phase: 'Pending' | 'Running' | 'Completed' | 'Failed' | 'Skipped';
  readonly outcome?: 'Success' | 'Failed' | 'Cancelled' | 'Skipped';
  readonly reason?: string;
  readonly target: string;
  readonly workflowId: string;
  readonly workflowVersion: string;
  readonly remediationRequest: string;
  readonly runNamespace: string;
  readonly runName: string;
  readonly lock: 'None' | 'Waiting' | 'Held' | 'Releasing' | 'Released';
  readonly lockUntil?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly finishedAt?: string;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly revision: number;
  /** False when nothing remains to be done for it: no run, no lock, no resource to let go. */
  readonly isOpen: boolean;
  /** True while it has no run yet and would wait for the lock. */
  readonly isQueued: boolean;
  /** True while it has a resource that nobody deletes. */
  readonly hasResource: boolean;
  /** Name of the file that has its history, when that was archived. */
  readonly archive?: string;
}

export type ResourcePlace = Pick<ExecutionRow, 'id' | 'namespace' | 'name'>;

export interface ExecutionFilter {
  readonly phase?: ExecutionRow['phase'];
  readonly outcome?: NonNullable<ExecutionRow['outcome']>;
  readonly target?: string;
  readonly workflowId?: string;
  readonly namespace?: string;
  readonly remediationRequest?: string;
  /** Created at or after, ISO 8601. */
  readonly from?: string;
  /** Created before, ISO 8601. */
  readonly to?: string;
}

export interface ExecutionPage {
  readonly items: readonly ExecutionRow[];
  /** Opaque; give it back to go on. Absent on the last page. */
  readonly next?: string;
}

/**
 * Since when an execution has been so, ISO 8601: the latest time any of its events had told by then, so that a clock
 * that was set back reorders nothing. At a moment it stood where its events up to the first later one had brought it.
 */
export interface Milestones {
  /** It has a run, and with it the lock. */
  readonly running?: string;
  readonly finished?: string;
  /** Its lock, when it had one, is free. */
  readonly released?: string;
}

/** A change of one row, with the position of the event that led to it. */
export interface RowChange {
  readonly row: ExecutionRow;
  readonly milestones: Milestones;
  readonly position: Position;
}

/** What is kept of an event of an execution so that it is found; what it says is in the log. */
export interface EventEntry {
  readonly position: Position;
  readonly executionId: string;
  readonly revision: number;
  readonly type: string;
  /** When it was decided, ISO 8601. */
  readonly time: string;
  readonly actor: string;
  readonly correlationId: string;
  /** Absent when the execution cannot be read. */
  readonly target?: string;
  readonly workflowId?: string;
  /** Of the execution as of this event: absent before it ended. */
  readonly outcome?: NonNullable<ExecutionRow['outcome']>;
}

/** A read model that is being built from nothing beside the one that answers. */
export interface Successor {
  readonly model: Pick<ReadModel, 'checkpoint' | 'apply' | 'reset' | 'size'>;
  /** Puts it in the place of the other, which is let go and removed. Once it resolves, that outlives a crash. */
  take(): Promise<void>;
  /** Lets it go and removes it. Safe to call twice. */
  discard(): Promise<void>;
}

/**
 * Lists and look-ups, rebuilt from the log at any time. Its checkpoint is in the same transaction as its rows.
 * @throws CursorError for a cursor it did not give
 */
export interface ReadModel {
  /** Position up to which the rows speak; START when empty. */
  checkpoint(): Promise<Position>;
  /**
   * Writes rows, events and checkpoint together. Events come in log order; those it has already are written again, and
   * a row that is older than the one it has changes nothing.
   */
  apply(changes: readonly RowChange[], events: readonly EventEntry[], checkpoint: Position): Promise<void>;
  /** Events it has taken in. */
  size(): Promise<number>;
  /** An empty one beside this one, which goes on answering. What is left of an earlier attempt is removed. */
  successor(): Promise<Successor>;
  /** Newest first by creation, then id. */
  list(filter: ExecutionFilter, page: { cursor?: string; limit: number }): Promise<ExecutionPage>;
  get(id: string): Promise<ExecutionRow | undefined>;
  /** Ids of executions for which something remains to be done, oldest first, after an id (exclusive). */
  open(after: string | undefined, limit: number): Promise<readonly string[]>;
  /** Executions whose cooldown ended at or before this time (ISO 8601), earliest first. */
  cooledDown(at: string, limit: number): Promise<readonly string[]>;
  /** End of the cooldown that ends next; undefined when none is running. */
  nextCooldownEnd(): Promise<string | undefined>;
  /** Executions in line for the lock of this name, in the order in which the log accepted them. */
  waitingFor(runNamespace: string, runName: string, limit: number): Promise<readonly string[]>;
  /** Executions that have the lock of this name as far as the log says; one, or for a moment two. */
  holding(runNamespace: string, runName: string, limit: number): Promise<readonly string[]>;
  /** Executions whose resource nobody deletes, oldest first, after an id (exclusive), and where it should be. */
  withResource(after: string | undefined, limit: number): Promise<readonly ResourcePlace[]>;
  /** Executions with nothing left but their resource that ended at or before this time (ISO 8601), earliest first. */
  expired(finishedAt: string, limit: number): Promise<readonly string[]>;
  /** End of the one that ended first among those; undefined when there is none. */
  oldestEnd(): Promise<string | undefined>;
  /** Executions of which nothing is left to do or to show, not archived, unchanged since this time; the oldest first. */
  archivable(unchangedSince: string, limit: number): Promise<readonly string[]>;
  /** Forgets everything, so that it is rebuilt from the beginning of the log. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export class CursorError extends Error {
  override readonly name = 'CursorError';
}
