import type { RecordedEvent } from '#event-store';
import type { EventFilter } from '../log-index.ts';

/** What the events of an execution say of all of them: what it is about, and how and with which event it ended. */
export interface Traits {
  /** Revision up to which this speaks. */
  readonly through: number;
  readonly target?: string;
  readonly workflowId?: string;
  readonly end?: { readonly outcome: NonNullable<EventFilter['outcome']>; readonly revision: number };
}

export const NO_TRAITS: Traits = { through: -1 };

const OUTCOMES: Readonly<Record<string, NonNullable<EventFilter['outcome']>>> = {
  ExecutionCompleted: 'Success',
  ExecutionFailed: 'Failed',
  ExecutionCancelled: 'Cancelled',
  ExecutionSkipped: 'Skipped',
};

/** One event further. Pure. */
export function traitsAfter(traits: Traits, event: RecordedEvent): Traits {
  const further = { ...traits, through: event.revision };
  const outcome = OUTCOMES[event.type];
  if (outcome !== undefined) return { ...further, end: traits.end ?? { outcome, revision: event.revision } };
  return event.type === 'ExecutionCreated' ? { ...further, ...subjectOf(event) } : further;
}

/** Of every version of ExecutionCreated: what it is about has been said in the same words since the first. */
function subjectOf({ data }: RecordedEvent): Pick<Traits, 'target' | 'workflowId'> {
  const { targetResource, workflowRef } = data['spec'] as {
    readonly targetResource: string;
    readonly workflowRef: { readonly workflowId: string };
  };
  return { target: targetResource, workflowId: workflowRef.workflowId };
}
