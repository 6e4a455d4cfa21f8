import type { Direction, Position } from '#event-store';

/** Which events of executions to see; every field given must hold. Each is a property the event has for good. */
export interface EventFilter {
  readonly types?: readonly string[];
  readonly executionId?: string;
  /** `targetResource` of its execution. */
  readonly target?: string;
  readonly workflowId?: string;
  /** `metadata.actor.user`. */
  readonly actor?: string;
  /** Outcome of its execution as of the event: the event that ended it and those after it. */
  readonly outcome?: 'Success' | 'Failed' | 'Cancelled' | 'Skipped';
  readonly correlationId?: string;
  /** Decided at or after, ISO 8601. */
  readonly from?: string;
  /** Decided before, ISO 8601. */
  readonly to?: string;
}

/** Where an event stands. */
export interface EventPlace {
  readonly position: Position;
  readonly stream: string;
  readonly revision: number;
}

export interface EventPlaces {
  readonly places: readonly EventPlace[];
  /** Position to continue after (backwards: before): everything up to it was looked at, matching or not. */
  readonly next: Position;
  /** True when nothing was left in that direction. A page may be short, or empty, without being the end. */
  readonly end: boolean;
}

/** Which executions to see as they stood at a moment. */
export interface MomentFilter {
  readonly phase?: 'Pending' | 'Running' | 'Completed' | 'Failed' | 'Skipped';
  readonly outcome?: 'Success' | 'Failed' | 'Cancelled' | 'Skipped';
  readonly target?: string;
  readonly workflowId?: string;
  readonly namespace?: string;
  readonly remediationRequest?: string;
}

export interface IdPage {
  readonly ids: readonly string[];
  /** Opaque; give it back to go on. Absent on the last page. */
  readonly next?: string;
}

/**
 * What the audit asks of the read model: where to look in the log. It answers places and ids only; what they say is
 * read from the log and folded. Limits are from 1 to 1,000. All times are ISO 8601.
 * @throws CursorError of the implementation for a cursor it did not give; PositionError for a foreign position
 */
export interface LogIndex {
  /** Position up to which it speaks. */
  indexed(): Promise<Position>;
  /** Events in log order, after a position (exclusive); backwards: before it, newest first, 'end' for the newest. */
  events(
    filter: EventFilter,
    page: { readonly from: Position | 'end'; readonly direction: Direction; readonly limit: number },
  ): Promise<EventPlaces>;
  /**
   * Executions accepted at or before the moment that, by their recorded times, looked so then; newest first by
   * creation, then id. Fold them to be exact: a clock that was set back can make one too many, never one too few.
   */
  executionsAt(
    moment: string,
    filter: MomentFilter,
    page: { readonly cursor?: string; readonly limit: number },
  ): Promise<IdPage>;
  /** Executions that had the lock of this target at the moment: one, or none. */
  holdersAt(target: string, moment: string): Promise<readonly string[]>;
  /** Executions of this target that were accepted and had no run yet at the moment, in the order of the log. */
  waitingAt(target: string, moment: string, limit: number): Promise<readonly string[]>;
  /** Targets that have, or had, an execution, by name. */
  targets(page: { readonly cursor?: string; readonly limit: number; readonly locked?: boolean }): Promise<{
    readonly targets: readonly string[];
    readonly next?: string;
  }>;
}
