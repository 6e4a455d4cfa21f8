import type { Command, ExecutionSettings, RunObservation, TaskObservation } from '#execution';
import { runNameOf } from '#execution';

/** One execution of the generated log: its commands in order, each with its time. The same for the same index. */
export interface Life {
  readonly executionId: string;
  readonly target: string;
  readonly workflowId: string;
  readonly user: string;
  readonly remediationRequest: string;
  readonly commands: readonly Command[];
}

/** The first execution of every generated log is accepted then; each later one EVERY_MS after the one before. */
export const BEGIN_MS = Date.parse('2024-01-01T00:00:00Z');
export const EVERY_MS = 20_000;
const WORKFLOWS = 40;
const USERS = 25;
/** A target has this many executions, whatever the size of the log; one in HOT of all meets the same one. */
const PER_TARGET = 20;
const HOT = 100;
const NAMESPACE = 'kubernaut-workflows';

const SETTINGS: ExecutionSettings = {
  executionNamespace: NAMESPACE,
  pipelineName: 'workflow',
  serviceAccountName: 'kubernaut-workflow-runner',
  timeoutMs: 1_800_000,
  onConflict: 'Fail',
  cooldownMs: 300_000,
};

/** Most succeed, one in seven fails, one in thirty is cancelled; all give their lock back, and their resources are gone. */
export function lifeOf(index: number, executions: number): Life {
  const target = targetOf(index, executions);
  const workflowId = `workflow-${index % WORKFLOWS}`;
  const user = `user-${(index * 7) % USERS}@example.test`;
  const remediationRequest = `rr-${index}`;
  const executionId = idOf(index);
  const at = (seconds: number): string => new Date(BEGIN_MS + index * EVERY_MS + seconds * 1000).toISOString();
  const life = { executionId, target, workflowId, user, remediationRequest };
  return { ...life, commands: commandsOf(index, life, at) };
}

export function targetOf(index: number, executions: number): string {
  if (index % HOT === 0) return 'production/deployment/hot';
  return `production/deployment/app-${index % Math.max(1, Math.ceil(executions / PER_TARGET))}`;
}

/** A UUID of version 7, of the time the execution is accepted. */
function idOf(index: number): string {
  const time = (BEGIN_MS + index * EVERY_MS).toString(16).padStart(12, '0');
  const rest = index.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${rest}`;
}

type At = (seconds: number) => string;

function commandsOf(index: number, life: Omit<Life, 'commands'>, at: At): readonly Command[] {
  const resource = { namespace: 'default', name: `wfe-${index}`, uid: `resource-${index}` };
  const sync = (seconds: number, observation: Extract<Command, { type: 'SyncExecution' }>['observation']): Command => ({
    type: 'SyncExecution',
    at: at(seconds),
    observation,
  });
  const seen = (seconds: number, run: Partial<RunObservation>, how: 'created' | 'watched' = 'watched'): Command =>
    sync(seconds, { kind: 'RunObserved', run: { ...runOf(index, life, at), ...run }, how });
  const isCancelled = index % 30 === 7;
  const isFailed = index % 7 === 3;
  const end = isCancelled ? cancelledRun(at) : isFailed ? failedRun(at) : succeededRun(at);
  return [
    createdBy(index, life, at),
    sync(0.1, { kind: 'ResourceObserved', resource, deletionRequested: false }),
    seen(0.2, {}, 'created'),
    seen(2, { condition: running(0), startTime: at(1), totalTasks: 3 }),
    seen(3, { condition: running(0), startTime: at(1), totalTasks: 3, tasks: [taskOf('check', 'Running', at)] }),
    seen(20, { condition: running(1), startTime: at(1), totalTasks: 3, tasks: [taskOf('check', 'Succeeded', at)] }),
    ...(isCancelled
      ? [{ type: 'CancelExecution', at: at(25), mode: 'Graceful', reason: 'the alert has cleared' } as const]
      : []),
    seen(40, { startTime: at(1), completionTime: at(39), totalTasks: 3, ...end }),
    { type: 'ReleaseExecution', at: at(3_640), cause: 'CooldownOver', reason: 'the cooldown is over' },
    sync(3_641, { kind: 'RunMissing', runUid: `run-${index}` }),
    sync(7_200, { kind: 'ResourceMissing', uid: resource.uid }),
  ];
}

function createdBy(index: number, life: Omit<Life, 'commands'>, at: At): Command {
  return {
    type: 'CreateExecution',
    at: at(0),
    executionId: life.executionId,
    entry: 'rest',
    resource: { namespace: 'default', name: `wfe-${index}` },
    spec: {
      remediationRequestRef: { name: life.remediationRequest },
      workflowRef: {
        workflowId: life.workflowId,
        version: '1.4.2',
        containerImage: `bundles.example.test/remediation/${life.workflowId}:1.4.2`,
      },
      targetResource: life.target,
      parameters: { NAMESPACE: 'production', REPLICAS: '3', REASON: `pods of ${life.target} are restarting` },
      confidence: 0.87,
      rationale: 'The pods restart because their memory limit is too low; the workflow raises it and restarts them.',
    },
    settings: SETTINGS,
  };
}

const running = (done: number) => ({
  status: 'Unknown' as const,
  reason: 'Running',
  message: `Tasks Completed: ${done} (Failed: 0, Cancelled 0), Incomplete: ${3 - done}, Skipped: 0`,
});

function runOf(index: number, life: Omit<Life, 'commands'>, at: At): RunObservation {
  return {
    ref: { namespace: NAMESPACE, name: runNameOf(life.target), uid: `run-${index}`, createdAt: at(0) },
    executionId: life.executionId,
    deletionRequested: false,
    tasks: [],
    skippedTasks: [],
    results: [],
  };
}

function taskOf(name: string, state: TaskObservation['state'], at: At): TaskObservation {
  const hasEnded = state !== 'Running';
  return {
    pipelineTask: name,
    taskRun: `run-${name}`,
    uid: `task-${name}`,
    state,
    reason: hasEnded ? state : 'Running',
    message: hasEnded ? 'All Steps have completed executing' : 'Not all Steps have completed',
    attempt: 1,
    startTime: at(2),
    ...(hasEnded && { completionTime: at(19) }),
    steps: hasEnded
      ? [{ name: 'run', reason: state === 'Failed' ? 'Error' : 'Completed', exitCode: state === 'Failed' ? 1 : 0 }]
      : [],
    results: [],
  };
}

const succeededRun = (at: At) => ({
  condition: { status: 'True' as const, reason: 'Succeeded', message: 'Tasks Completed: 3 (Failed: 0), Skipped: 0' },
  outcome: 'Succeeded' as const,
  tasks: [taskOf('check', 'Succeeded', at), taskOf('raise-limit', 'Succeeded', at), taskOf('restart', 'Succeeded', at)],
  results: [{ name: 'RESTARTED', value: '3' }],
});

const failedRun = (at: At) => ({
  condition: { status: 'False' as const, reason: 'Failed', message: 'Tasks Completed: 2 (Failed: 1), Skipped: 1' },
  outcome: 'Failed' as const,
  tasks: [taskOf('check', 'Succeeded', at), taskOf('raise-limit', 'Failed', at)],
  skippedTasks: [{ name: 'restart', reason: 'Parent Tasks were skipped' }],
  failure: {
    reason: 'TaskFailed' as const,
    message: 'step "run" exited with code 1',
    failedTaskName: 'raise-limit',
    failedTaskRunName: 'run-raise-limit',
    failedStepName: 'run',
    failedTaskIndex: 1,
    exitCode: 1,
    failedAt: at(39),
    wasExecutionFailure: true,
  },
});

const cancelledRun = (at: At) => ({
  condition: { status: 'False' as const, reason: 'Cancelled', message: 'PipelineRun was cancelled' },
  outcome: 'Cancelled' as const,
  tasks: [taskOf('check', 'Succeeded', at)],
  failure: { reason: 'Cancelled' as const, message: 'PipelineRun was cancelled', wasExecutionFailure: true },
});
