import { clip, TEXT_LIMITS } from './clip.ts';
import { formatDuration } from './duration.ts';
import type { DeadlineKind } from './observation.ts';
import type { Running } from './state.ts';

/** What did not happen in which time, and what was seen instead. */
export function overdueSentence(kind: DeadlineKind, limitMs: number, state: Running): string {
  const limit = formatDuration(limitMs);
  const { name, namespace } = state.run;
  const run = `PipelineRun ${namespace}/${name}`;
  switch (kind) {
    case 'PickUp':
      return `Tekton did not pick ${run} up within ${limit}: it has no condition`;
    case 'End':
      return `${run} did not end within ${limit} of its start (its limit of ${formatDuration(state.settings.timeoutMs)} and our grace)${lastSeen(state)}`;
    case 'Cancellation':
      return `${run} did not end within ${limit} of its cancellation (${state.cancellation?.reason ?? ''})${lastSeen(state)}`;
  }
}

function lastSeen({ progress, tasks }: Running): string {
  const failed = Object.values(tasks).filter((task) => task.state === 'Failed');
  const names = failed.map((task) => task.pipelineTask).slice(0, 3);
  const failure = names.length === 0 ? '' : `; failed by then: ${names.join(', ')}`;
  if (progress === undefined) return '; Tekton never picked it up';
  const { reason, message } = progress.condition;
  return `; Tekton last said ${reason}: ${clip(message, TEXT_LIMITS.name)}${failure}`;
}

/** What to do about it: it was Tekton that did not do its part. */
export function nextAfter(kind: DeadlineKind): string {
  switch (kind) {
    case 'PickUp':
      return 'check that the Tekton controller runs and watches the namespace of the runs, then create a new execution.';
    case 'End':
      return 'check why Tekton did not enforce the limit of the run (a frozen run, or a controller that was away), and the state of the target.';
    case 'Cancellation':
      return 'check that the Tekton controller runs, and that no pod of the run is at work any more, before anything is run again.';
  }
}
