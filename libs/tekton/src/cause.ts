import type { FailureReason } from '#execution';

/** A reason from the closed list and, where more is known than the reason says, what to do about it. */
export interface Cause {
  readonly reason: FailureReason;
  /** Begins in lower case, ends with a full stop; the summary has a general sentence for each reason. */
  readonly next?: string;
}

export const cause = (reason: FailureReason, next?: string): Cause => ({ reason, ...(next !== undefined && { next }) });

/** Where the workflow's author has to act: nobody who only starts it can mend it. */
export const wrongPipeline = (what: string): Cause =>
  cause('ConfigurationError', `correct ${what}, publish the workflow again and create a new execution.`);
