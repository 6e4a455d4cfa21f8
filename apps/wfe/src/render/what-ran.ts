import type { EventOf, EventType, RunSnapshot, TaskFinished } from '#execution';
import type { RecordedEvent } from '../api/answers.ts';
import { told } from '../api/told.ts';

/** One attempt of a task. */
export interface RanTask {
  readonly task: string;
  readonly attempt: number;
  /** Running, or how it ended. */
  readonly state: string;
  readonly reason?: string;
  readonly message?: string;
  readonly steps: TaskFinished['steps'];
}

/** What ran for an execution, as its events tell it. */
export interface Ran {
  readonly bundle?: string;
  /** What the reference was resolved to. */
  readonly resolved?: NonNullable<RunSnapshot['resolved']>;
  readonly run?: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly tasks: readonly RanTask[];
  readonly skipped: RunSnapshot['skippedTasks'];
}

const ENDS = ['ExecutionCompleted', 'ExecutionFailed', 'ExecutionCancelled'] as const satisfies readonly EventType[];

export function whatRan(events: readonly RecordedEvent[]): Ran {
  const created = first(events, 'ExecutionCreated');
  const run = first(events, 'PipelineRunCreated')?.run;
  const end = ENDS.map((type) => first(events, type)?.run).find((snapshot) => snapshot !== undefined);
  const bundle = created?.spec?.workflowRef.containerImage;
  return {
    ...(bundle !== undefined && { bundle }),
    ...(end?.resolved && { resolved: end.resolved }),
    ...(run && { run: { namespace: run.namespace, name: run.name, uid: run.uid } }),
    tasks: tasksOf(events),
    skipped: end?.skippedTasks ?? [],
  };
}

/** By task run and attempt, in the order in which they began. */
function tasksOf(events: readonly RecordedEvent[]): readonly RanTask[] {
  const tasks = new Map<string, RanTask>();
  for (const event of events) {
    if (event.type !== 'TaskStarted' && event.type !== 'TaskFinished') continue;
    const {
      taskRun = '',
      pipelineTask = '',
      attempt = 1,
      state,
      reason,
      message,
      steps,
    } = told<TaskFinished>(event) ?? {};
    tasks.set(`${taskRun} ${attempt}`, {
      task: pipelineTask,
      attempt,
      state: state ?? 'Running',
      ...(reason !== undefined && { reason }),
      ...(message !== undefined && { message }),
      steps: steps ?? [],
    });
  }
  return [...tasks.values()];
}

function first<Type extends EventType>(events: readonly RecordedEvent[], type: Type) {
  return told<EventOf<Type>['data']>(events.find((event) => event.type === type));
}
