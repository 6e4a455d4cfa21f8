import type { RunFailure, RunObservation } from '#execution';
import { observe } from '#tekton';
import { capturedRun, capturedTaskRuns } from './captures.ts';

/** Recorded JSON, to be changed at will. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Mutable = Record<string, any>;

const copy = (value: unknown): Mutable => structuredClone(value) as Mutable;

/** The last recorded objects of a scenario, as copies. */
export const final = (scenario: string): [Mutable, Mutable[]] => [
  copy(capturedRun(scenario, 'final')),
  capturedTaskRuns(scenario, 'final').map(copy),
];

/** A recorded scenario under small edits: each variant says what it changes, the rest is as it was recorded. */
export class Edited {
  readonly run: Mutable;
  readonly taskRuns: Mutable[];

  constructor(scenario: string) {
    [this.run, this.taskRuns] = final(scenario);
  }

  task(name: string): Mutable {
    const found = this.taskRuns.find(({ metadata }) => metadata.labels['tekton.dev/pipelineTask'] === name);
    if (found === undefined) throw new Error(`no task run of task ${name} was recorded`);
    return found;
  }

  /** Changes the run's condition; `Failed` with the recorded message unless told otherwise. */
  runSays(reason: string, message?: string, status = 'False'): this {
    Object.assign(this.run.status.conditions[0], { status, reason, ...(message !== undefined && { message }) });
    return this;
  }

  taskSays(name: string, reason: string, message?: string, status = 'False'): this {
    const condition = this.task(name).status.conditions[0] as Mutable;
    Object.assign(condition, { status, reason, ...(message !== undefined && { message }) });
    return this;
  }

  stepOf(name: string, at: number): Mutable {
    return this.task(name).status.steps[at] as Mutable;
  }

  /** The task run never got as far as a pod. */
  withoutPod(name: string): this {
    Object.assign(this.task(name).status, { podName: '', steps: [] });
    return this;
  }

  /** One more task run of the same run: a copy of a recorded one under another name, listed last. */
  another(task: string, as: string, suffix = as): Mutable {
    const made = structuredClone(this.task(task));
    made.metadata.name = `${this.run.metadata.name}-${suffix}`;
    made.metadata.labels['tekton.dev/pipelineTask'] = as;
    const reference = { apiVersion: 'tekton.dev/v1', kind: 'TaskRun', name: made.metadata.name, pipelineTaskName: as };
    (this.run.status.childReferences as Mutable[]).push(reference);
    this.taskRuns.push(made);
    return made;
  }

  observed(): RunObservation {
    return observe(this.run, this.taskRuns);
  }

  failure(): RunFailure {
    const { failure } = this.observed();
    if (failure === undefined) throw new Error('the variant has not failed');
    return failure;
  }
}
