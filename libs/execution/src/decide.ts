import { archive } from './archive.ts';
import { clip, TEXT_LIMITS } from './clip.ts';
import type { CancelExecution, Command, CreateExecution, ReleaseExecution } from './commands.ts';
import { decideSync } from './decide-sync.ts';
import type { Decision } from './decision.ts';
import { nothing, record, refuse, unreachable } from './decision.ts';
import type { ExecutionEvent } from './events.ts';
import { runNameOf } from './names.ts';
import { sameSpec } from './same-spec.ts';
import type { SensitiveFindings } from './sensitive.ts';
import { refusedInClear, UNCHECKED } from './sensitive.ts';
import { recordable } from './spec-size.ts';
import type { Accepted, Execution } from './state.ts';
import { explain } from './summary.ts';
import { problemsOf } from './validate.ts';

/** The events a command leads to in this state, or why it is refused. Asking twice records nothing the second time. */
export function decide(command: Command, state: Execution): Decision {
  switch (command.type) {
    case 'CreateExecution':
      return create(command, state);
    case 'SyncExecution':
      return decideSync(command.observation, command.at, state);
    case 'CancelExecution':
      return cancel(command, state);
    case 'ReleaseExecution':
      return release(command, state);
    case 'ArchiveExecution':
      return archive(command, state);
    default:
      return unreachable(command);
  }
}

function create(command: CreateExecution, state: Execution): Decision {
  if (state.phase !== 'Absent') {
    if (sameSpec(state.spec, recordable(command.spec))) return nothing();
    return refuse('SpecChanged', `execution ${state.id} was accepted with another spec; specs are immutable`);
  }
  return record(...accepted({ ...command, spec: recordable(command.spec) }), ...rejected(command));
}

function accepted(command: CreateExecution): ExecutionEvent[] {
  const { executionId, entry, resource, spec, settings, resourceUid } = command;
  const { policy, redacted } = command.sensitive ?? UNCHECKED;
  const runName = runNameOf(spec.targetResource);
  const uid = resourceUid === undefined ? {} : { resourceUid };
  const created: ExecutionEvent = {
    type: 'ExecutionCreated',
    data: { executionId, entry, resource, ...uid, spec, settings, sensitive: { policy, redacted }, runName },
  };
  if (resourceUid === undefined) return [created];
  const generation = command.generation === undefined ? {} : { generation: command.generation };
  return [created, { type: 'ResourceBound', data: { resource: { ...resource, uid: resourceUid }, ...generation } }];
}

/** A spec that only we can judge ends the execution at once: nothing is created for it. */
function rejected(command: CreateExecution): ExecutionEvent[] {
  const problems = [...problemsOf(command.spec), ...sensitiveProblems(command)];
  if (problems.length === 0) return [];
  const message = problems.map((problem) => `${problem.path}: ${problem.message}`).join('; ');
  const subject: Pick<Accepted, 'spec'> = command;
  const failure = explain(subject, { reason: 'ConfigurationError', message, wasExecutionFailure: false }, command.at);
  return [{ type: 'ExecutionFailed', data: { failure } }];
}

/** By REST such a parameter was refused before; here a resource has brought it, and its value is already replaced. */
function sensitiveProblems({ entry, sensitive = UNCHECKED }: CreateExecution): SensitiveFindings['problems'] {
  if (sensitive.policy === 'refuse' || entry === 'rest') return refusedInClear(sensitive.found);
  return sensitive.problems;
}

function cancel(command: CancelExecution, state: Execution): Decision {
  switch (state.phase) {
    case 'Absent':
      return refuse('ExecutionUnknown', 'there is no such execution');
    case 'Pending':
    case 'Running': {
      const asked = state.cancellation?.mode;
      if (asked === command.mode || asked === 'Immediate') return nothing();
      const generation = command.generation === undefined ? {} : { generation: command.generation };
      return record({
        type: 'CancellationRequested',
        data: { mode: command.mode, reason: clip(command.reason, TEXT_LIMITS.message), ...generation },
      });
    }
    case 'Finished':
      if (state.outcome === 'Cancelled') return nothing();
      return refuse(
        'ExecutionFinished',
        `execution ${state.id} ended at ${state.finishedAt} with outcome ${state.outcome}`,
      );
    default:
      return unreachable(state);
  }
}

function release(command: ReleaseExecution, state: Execution): Decision {
  switch (state.phase) {
    case 'Absent':
      return refuse('ExecutionUnknown', 'there is no such execution');
    case 'Pending':
    case 'Running':
      return refuse(
        'RunUnfinished',
        `execution ${state.id} is ${state.phase}; its lock can be given back once it has ended`,
      );
    case 'Finished':
      break;
    default:
      return unreachable(state);
  }
  if (state.lock.state !== 'Held') return nothing();
  if (command.cause === 'CooldownOver' && command.at < state.lock.until)
    return refuse('CooldownNotOver', `the cooldown of execution ${state.id} lasts until ${state.lock.until}`);
  const reason = clip(command.reason, TEXT_LIMITS.message);
  return record({ type: 'ReleaseRequested', data: { cause: command.cause, reason } });
}
