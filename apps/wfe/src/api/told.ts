import type { EventType } from '#execution';
import type { RecordedEvent } from './answers.ts';
import type { Schema } from './schema-check.ts';

const text: Schema = { type: 'string' };
const whole: Schema = { type: 'integer' };
const list = (items: Schema): Schema => ({ type: 'array', items });
const object = (properties: Schema['properties'] & object, ...required: string[]): Schema => ({
  type: 'object',
  properties,
  required,
});

const run = object({ namespace: text, name: text, uid: text }, 'namespace', 'name', 'uid');
const step = object(
  { name: text, reason: text, terminationReason: text, exitCode: whole, imageId: text },
  ...['name', 'reason'],
);
const task = object({
  ...{ pipelineTask: text, taskRun: text, attempt: whole },
  ...{ state: text, reason: text, message: text, steps: list(step) },
});
const ended = object({
  run: object({
    resolved: object({ uri: text, digest: text, entryPoint: text }),
    skippedTasks: list(object({ name: text, reason: text }, 'name', 'reason')),
  }),
  failure: object({ failedTaskRunName: text }),
});

/**
 * What `wfe` reads of what events tell, after docs/reference/events.md: the document has it as any object, because each
 * version of each type tells something else. What is missing was not told; what is there has this form.
 */
export const TOLD: Readonly<Partial<Record<EventType, Schema>>> = {
  ExecutionCreated: object({
    spec: object({ workflowRef: object({ containerImage: text }, 'containerImage') }, 'workflowRef'),
  }),
  PipelineRunCreated: object({ run }),
  TaskStarted: task,
  TaskFinished: task,
  ExecutionCompleted: ended,
  ExecutionFailed: ended,
  ExecutionCancelled: ended,
};

/** What an event tells, as far as it was held against that: nothing of it is certain to be there. */
export const told = <Told>(event: RecordedEvent | undefined): Partial<Told> | undefined =>
  event?.data as Partial<Told> | undefined;
