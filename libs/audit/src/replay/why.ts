import type { EventType, Execution, ExecutionStatus } from '#execution';
import { statusOf } from '#execution';
import type { Step } from './folded.ts';
import { headOf } from './history.ts';
import { nextOf } from './next.ts';
import { clock, doorOf, sentence } from './words.ts';

/** Why an execution is as it is. */
export interface Why {
  readonly phase: ExecutionStatus['phase'];
  readonly outcome?: NonNullable<ExecutionStatus['outcome']>;
  /** Where it stands, then what led to it in the order it happened and who was behind it, then what comes next. */
  readonly sentences: readonly string[];
  /** Revisions of the events told of, ascending. */
  readonly causes: readonly number[];
}

type Living = Exclude<Execution, { phase: 'Absent' }>;

/** Failed tasks told of; the first of them is most often the cause, the newest where it ended. */
const MAX_TASKS = 5;

/** Why the execution is as these steps left it; undefined when they are none. Pure. */
export function whyOf(steps: readonly Step[]): Why | undefined {
  const newest = steps.at(-1);
  if (newest === undefined || newest.after.phase === 'Absent') return undefined;
  const { revision, type, hash } = newest.event;
  const status = statusOf(newest.after, { revision, type, hash });
  if (status === undefined) return undefined;
  const evidence = evidenceOf(steps, newest.after);
  return {
    phase: status.phase,
    ...(status.outcome !== undefined && { outcome: status.outcome }),
    sentences: [sentence(`${status.phase}: ${status.message}`), ...evidence.map(tell), ...nextOf(newest.after)],
    causes: evidence.map((step) => step.event.revision),
  };
}

function tell(step: Step): string {
  const { time, sentence: told, actor, source } = headOf(step);
  return `${clock(time)}: ${told.replace(/\.$/, '')} (${doorOf({ actor, source })}).`;
}

/** The events without which the state would be another one, in the order of the log. */
function evidenceOf(steps: readonly Step[], state: Living): readonly Step[] {
  const wanted = new Set<EventType>(['ExecutionCreated', ...typesFor(state), ...typesForBinding(state)]);
  const latest = new Map<EventType, Step>();
  for (const step of steps) if (wanted.has(step.fact.type)) latest.set(step.fact.type, step);
  const chosen = new Set([...latest.values(), ...failedTasks(steps, state)]);
  return steps.filter((step) => chosen.has(step));
}

function typesFor(state: Living): readonly EventType[] {
  const cancelling: EventType[] = state.cancellation === undefined ? [] : ['CancellationRequested'];
  switch (state.phase) {
    case 'Pending':
      return [
        ...cancelling,
        ...(state.delay === undefined ? [] : (['ExecutionDelayed'] as const)),
        ...(state.waiting === undefined ? [] : (['ExecutionQueued'] as const)),
      ];
    case 'Running':
      return [...cancelling, 'ExecutionQueued', 'PipelineRunCreated', 'PipelineRunProgressed', 'RunOverdue'];
    case 'Finished':
      return [
        ...cancelling,
        'PipelineRunCreated',
        'RunOverdue',
        ENDS[state.outcome],
        ...(['ReleaseRequested', 'LockReleased', 'ContradictionObserved', 'StrayRunRemoved'] as const),
        ...(state.outcome === 'Failed' && state.ended === undefined ? (['ExecutionDelayed'] as const) : []),
      ];
  }
}

const ENDS = {
  Success: 'ExecutionCompleted',
  Failed: 'ExecutionFailed',
  Cancelled: 'ExecutionCancelled',
  Skipped: 'ExecutionSkipped',
} as const satisfies Readonly<Record<string, EventType>>;

function typesForBinding({ binding }: Living): readonly EventType[] {
  switch (binding.state) {
    case 'Unbound':
    case 'Bound':
      return [];
    case 'Deleting':
      return ['ResourceDeletionRequested', 'ResourceLetGo'];
    case 'Pruning':
      return ['PruningRequested'];
    case 'Removed':
      return ['ResourceDeletionRequested', 'PruningRequested', 'ResourceRemoved'];
  }
}

/** Only what matters to an execution that goes on or that failed: the first failures, and the last. */
function failedTasks(steps: readonly Step[], state: Living): readonly Step[] {
  if (state.phase === 'Pending' || (state.phase === 'Finished' && state.outcome === 'Success')) return [];
  const failed = steps.filter(({ fact }) => fact.type === 'TaskFinished' && fact.data.state === 'Failed');
  return failed.length <= MAX_TASKS ? failed : [...failed.slice(0, MAX_TASKS - 1), ...failed.slice(-1)];
}
