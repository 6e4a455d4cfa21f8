import { clip, clipTexts, TEXT_LIMITS } from './clip.ts';
import type { FailureDetails } from './failure.ts';
import type { LockHolder, RunCondition } from './observation.ts';
import type { SkipDetails } from './state.ts';

/** What a status names of who holds the lock; what only decisions need of it stays in the log. */
export type ShownHolder = Pick<LockHolder, 'namespace' | 'name' | 'executionId' | 'workflowId'>;
export type ShownSkip = Omit<SkipDetails, 'holder'> & { readonly holder: ShownHolder };

/**
 * What others wrote, shortened so that a status stays under its 8 KiB: names to 253 bytes, and texts to the limits
 * they have in events, whatever the events of older versions hold.
 */
export function shownFailure(failure: FailureDetails): FailureDetails {
  return {
    ...clipTexts(failure, TEXT_LIMITS.name),
    message: clip(failure.message, TEXT_LIMITS.message),
    naturalLanguageSummary: clip(failure.naturalLanguageSummary, TEXT_LIMITS.summary),
  };
}

export function shownSkip(skip: SkipDetails): ShownSkip {
  return {
    ...clipTexts(skip, TEXT_LIMITS.name),
    message: clip(skip.message, TEXT_LIMITS.message),
    holder: shownHolder(skip.holder),
  };
}

export function shownHolder({ namespace, name, executionId, workflowId }: LockHolder): ShownHolder {
  const shown = {
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(executionId !== undefined && { executionId }),
    ...(workflowId !== undefined && { workflowId }),
  };
  return clipTexts(shown, TEXT_LIMITS.name);
}

/** Tekton's sentence; while and after the run, the details are elsewhere in the status. */
const RUN_MESSAGE_LIMIT = 512;

export function shownCondition({ status, reason, message }: RunCondition): RunCondition {
  return { status, reason: clip(reason, TEXT_LIMITS.name), message: clip(message, RUN_MESSAGE_LIMIT) };
}
