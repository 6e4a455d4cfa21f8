import type { KubeObject } from '#kubernetes';
import { childName } from './child-name.ts';
import { durationMs } from './go-duration.ts';
import type { PipelineTask, RunObject } from './objects.ts';
import { NOTES } from './objects.ts';
import { resolverParam } from './resolution.ts';
import type { RunWorld } from './run-status.ts';
import { scenarioOf } from './scenarios.ts';
import { taskRecording } from './task-recording.ts';

const DEFAULT_TASK_LIMIT = '1h0m0s';
const DEFAULT_TASK_LIMIT_MS = 3_600_000;

/** The TaskRun Tekton makes of a pipeline task: named after the run, owned by it, its labels and annotations passed on. */
export function newTaskRun({ run, nowMs }: RunWorld, task: PipelineTask, isLast: boolean): KubeObject {
  const scenario = scenarioOf(resolverParam(run, 'bundle') ?? '');
  const { spec } = taskRecording(scenario, task.name);
  const { name, namespace, uid = '', labels, annotations } = run.metadata;
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    metadata: {
      name: childName(name, `-${task.name}`),
      ...(namespace !== undefined && { namespace }),
      labels: {
        ...labels,
        'app.kubernetes.io/managed-by': 'tekton-pipelines',
        'tekton.dev/memberOf': isLast ? 'finally' : 'tasks',
        'tekton.dev/pipelineRun': name,
        'tekton.dev/pipelineRunUID': uid,
        'tekton.dev/pipelineTask': task.name,
      },
      annotations: {
        ...passedOn(annotations),
        'pipeline.tekton.dev/release': 'unknown',
        [NOTES.startedAt]: String(nowMs),
        [NOTES.scenario]: scenario.reference,
      },
      ownerReferences: [ownerReference(run)],
    },
    spec: {
      ...spec,
      ...(task.params && { params: task.params }),
      serviceAccountName: run.spec.taskRunTemplate?.serviceAccountName ?? 'default',
      timeout: typeof task.timeout === 'string' ? task.timeout : taskLimit(run, isLast),
    },
  };
}

const ownerReference = ({ metadata: { name, uid = '' } }: RunObject) => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'PipelineRun',
  name,
  uid,
  controller: true,
  blockOwnerDeletion: true,
});

const passedOn = (annotations: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(annotations).filter(([name]) => name !== 'kubectl.kubernetes.io/last-applied-configuration'),
  );

/** The run's limit for its tasks reaches a task run only when it is longer than the default hour, or none at all. */
function taskLimit({ spec: { timeouts } }: RunObject, isLast: boolean): string {
  const limit = isLast ? timeouts?.finally : timeouts?.tasks;
  const ms = durationMs(limit);
  return limit !== undefined && (ms === 0 || (ms ?? 0) > DEFAULT_TASK_LIMIT_MS) ? limit : DEFAULT_TASK_LIMIT;
}
