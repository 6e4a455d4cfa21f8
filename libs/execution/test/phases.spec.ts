import type { Command } from '#execution';
import { decide, fold } from '#execution';
import * as example from './support/examples.ts';
import { minute, runSeen, sync } from './support/examples.ts';
import type { Stage } from './support/stages.ts';
import { eventsOf, STAGES } from './support/stages.ts';
import { history } from './support/story.ts';

/** What a command leads to: the types of the events, nothing, or a refusal. */
type Answer = string;

const NOTHING = 'nothing';
const UNKNOWN = 'refused ExecutionUnknown';

interface Rule {
  readonly command: Command;
  /** The answer in these stages; everywhere else `otherwise`. */
  readonly answers: Partial<Record<Stage, Answer>>;
  readonly otherwise: Answer;
}

const atEveryPending = (answer: Answer): Partial<Record<Stage, Answer>> => ({
  'Pending, unbound': answer,
  'Pending, bound': answer,
  'Pending, waiting': answer,
  'Pending, cancelling': answer,
  'Pending, deleting': answer,
  'Pending, removed': answer,
});

const atEveryRunning = (answer: Answer): Partial<Record<Stage, Answer>> => ({
  Running: answer,
  'Running, cancelling gracefully': answer,
  'Running, cancelling at once': answer,
  'Running, deleting': answer,
  'Running, removed': answer,
});

const whileHeld = (answer: Answer): Partial<Record<Stage, Answer>> => ({
  'Success, held': answer,
  'Failed, held': answer,
  'Cancelled, held': answer,
});

const whileReleasing = (answer: Answer): Partial<Record<Stage, Answer>> => ({
  'Success, releasing': answer,
  'Failed, releasing': answer,
  'Cancelled, releasing': answer,
});

/** Ends of a run in a stage whose resource goes or is gone: the lock is given back with the end. */
const runEnds = (end: string): Partial<Record<Stage, Answer>> => ({
  ...atEveryRunning(end),
  'Running, deleting': `${end} ReleaseRequested`,
  'Running, removed': `${end} ReleaseRequested`,
});

const runFoundEnded = (end: string): Partial<Record<Stage, Answer>> => ({
  ...atEveryPending(`PipelineRunCreated ${end}`),
  'Pending, deleting': `PipelineRunCreated ${end} ReleaseRequested`,
  'Pending, removed': `PipelineRunCreated ${end} ReleaseRequested`,
});

const noRun = (answer: Answer): Partial<Record<Stage, Answer>> => ({
  'Failed, no run': answer,
  'Cancelled, no run': answer,
  Skipped: answer,
});

/** A run of ours where there should be none. */
const STRAY = 'ContradictionObserved';

const RULES: Readonly<Record<string, Rule>> = {
  'Create with the same spec': {
    command: example.create(),
    answers: { Absent: 'ExecutionCreated' },
    otherwise: NOTHING,
  },
  'Create with another spec': {
    command: example.create({ spec: { ...example.SPEC, targetResource: 'node/worker-1' } }),
    answers: { Absent: 'ExecutionCreated' },
    otherwise: 'refused SpecChanged',
  },
  'Create by resource': {
    command: example.create({ entry: 'resource', resourceUid: 'res-1', generation: 1 }),
    answers: { Absent: 'ExecutionCreated ResourceBound' },
    otherwise: NOTHING,
  },
  'Create with a spec that only we can judge': {
    command: example.create({ spec: { ...example.SPEC, targetResource: 'no target' } }),
    answers: { Absent: 'ExecutionCreated ExecutionFailed' },
    otherwise: 'refused SpecChanged',
  },
  'Cancel gracefully': {
    command: example.cancel('Graceful'),
    answers: {
      Absent: UNKNOWN,
      ...atEveryPending('CancellationRequested'),
      ...atEveryRunning('CancellationRequested'),
      'Pending, cancelling': NOTHING,
      'Pending, deleting': NOTHING,
      'Pending, removed': NOTHING,
      'Running, cancelling gracefully': NOTHING,
      'Running, cancelling at once': NOTHING,
      'Running, deleting': NOTHING,
      'Running, removed': NOTHING,
      'Cancelled, held': NOTHING,
      'Cancelled, releasing': NOTHING,
      'Cancelled, released': NOTHING,
      'Cancelled, no run': NOTHING,
    },
    otherwise: 'refused ExecutionFinished',
  },
  'Cancel at once': {
    command: example.cancel('Immediate'),
    answers: {
      Absent: UNKNOWN,
      ...atEveryPending('CancellationRequested'),
      ...atEveryRunning('CancellationRequested'),
      'Pending, deleting': NOTHING,
      'Pending, removed': NOTHING,
      'Running, cancelling at once': NOTHING,
      'Running, deleting': NOTHING,
      'Running, removed': NOTHING,
      'Cancelled, held': NOTHING,
      'Cancelled, releasing': NOTHING,
      'Cancelled, released': NOTHING,
      'Cancelled, no run': NOTHING,
    },
    otherwise: 'refused ExecutionFinished',
  },
  'Release when the cooldown is over': {
    command: example.release('CooldownOver'),
    answers: {
      Absent: UNKNOWN,
      ...atEveryPending('refused RunUnfinished'),
      ...atEveryRunning('refused RunUnfinished'),
      ...whileHeld('ReleaseRequested'),
    },
    otherwise: NOTHING,
  },
  'Release before the cooldown is over': {
    command: example.release('CooldownOver', minute(5)),
    answers: {
      Absent: UNKNOWN,
      ...atEveryPending('refused RunUnfinished'),
      ...atEveryRunning('refused RunUnfinished'),
      ...whileHeld('refused CooldownNotOver'),
    },
    otherwise: NOTHING,
  },
  'Release by an operator before the cooldown is over': {
    command: example.release('Operator', minute(5)),
    answers: {
      Absent: UNKNOWN,
      ...atEveryPending('refused RunUnfinished'),
      ...atEveryRunning('refused RunUnfinished'),
      ...whileHeld('ReleaseRequested'),
    },
    otherwise: NOTHING,
  },
  'the run was created': {
    command: sync(runSeen(example.NEW_RUN, 'created')),
    answers: { Absent: UNKNOWN, ...atEveryPending('PipelineRunCreated'), ...noRun(STRAY) },
    otherwise: NOTHING,
  },
  'the run is in progress': {
    command: sync(runSeen({ ...example.RUNNING, tasks: [example.task()] })),
    answers: {
      Absent: UNKNOWN,
      ...atEveryPending('PipelineRunCreated PipelineRunProgressed TaskStarted'),
      ...atEveryRunning('TaskStarted'),
      ...noRun(STRAY),
    },
    otherwise: NOTHING,
  },
  'the run succeeded': {
    command: sync(runSeen(example.SUCCEEDED)),
    answers: {
      Absent: UNKNOWN,
      ...runFoundEnded('ExecutionCompleted'),
      ...runEnds('ExecutionCompleted'),
      'Failed, held': 'ContradictionObserved',
      'Failed, releasing': 'ContradictionObserved',
      'Cancelled, held': 'ContradictionObserved',
      'Cancelled, releasing': 'ContradictionObserved',
      ...noRun(STRAY),
    },
    otherwise: NOTHING,
  },
  'the run failed': {
    command: sync(runSeen(example.FAILED)),
    answers: {
      Absent: UNKNOWN,
      ...runFoundEnded('ExecutionFailed'),
      ...runEnds('ExecutionFailed'),
      'Success, held': 'ContradictionObserved',
      'Success, releasing': 'ContradictionObserved',
      'Cancelled, held': 'ContradictionObserved',
      'Cancelled, releasing': 'ContradictionObserved',
      ...noRun(STRAY),
    },
    otherwise: NOTHING,
  },
  'the run timed out': {
    command: sync(runSeen(example.TIMED_OUT)),
    answers: {
      Absent: UNKNOWN,
      ...runFoundEnded('ExecutionFailed'),
      ...runEnds('ExecutionFailed'),
      ...whileHeld('ContradictionObserved'),
      ...whileReleasing('ContradictionObserved'),
      ...noRun(STRAY),
    },
    otherwise: NOTHING,
  },
  'the run was cancelled': {
    command: sync(runSeen(example.CANCELLED)),
    answers: {
      Absent: UNKNOWN,
      ...runFoundEnded('ExecutionCancelled'),
      ...runEnds('ExecutionCancelled'),
      'Success, held': 'ContradictionObserved',
      'Success, releasing': 'ContradictionObserved',
      'Failed, held': 'ContradictionObserved',
      'Failed, releasing': 'ContradictionObserved',
      ...noRun(STRAY),
    },
    otherwise: NOTHING,
  },
  'a later run of ours has its name': {
    command: sync(runSeen({ ...example.RUNNING, ref: example.LATER_RUN })),
    answers: {
      Absent: UNKNOWN,
      ...atEveryPending('PipelineRunCreated PipelineRunProgressed'),
      ...atEveryRunning(`ExecutionFailed LockReleased ${STRAY}`),
    },
    otherwise: STRAY,
  },
  'an earlier run of ours is seen late': {
    command: sync(runSeen({ ...example.RUNNING, ref: example.EARLIER_RUN })),
    answers: {
      Absent: UNKNOWN,
      ...atEveryPending('PipelineRunCreated PipelineRunProgressed'),
      ...noRun(STRAY),
    },
    otherwise: NOTHING,
  },
  "a run that carries somebody else's id": {
    command: sync(runSeen({ ...example.SUCCEEDED, executionId: 'somebody-else' })),
    answers: { Absent: UNKNOWN },
    otherwise: NOTHING,
  },
  'the run does not exist': {
    command: sync({ kind: 'RunMissing', runUid: example.RUN.uid }),
    answers: {
      Absent: UNKNOWN,
      'Pending, cancelling': 'ExecutionCancelled',
      'Pending, deleting': 'ExecutionCancelled',
      'Pending, removed': 'ExecutionCancelled',
      ...atEveryRunning('ExecutionFailed LockReleased'),
      ...whileHeld('LockReleased'),
      ...whileReleasing('LockReleased'),
    },
    otherwise: NOTHING,
  },
  'the API server refused the run': {
    command: sync(example.REFUSED_RUN),
    answers: { Absent: UNKNOWN, ...atEveryPending('ExecutionFailed') },
    otherwise: NOTHING,
  },
  'the target is locked': {
    command: sync({ kind: 'TargetLocked', holder: example.HOLDER }),
    answers: {
      Absent: UNKNOWN,
      'Pending, unbound': 'ExecutionFailed',
      'Pending, bound': 'ExecutionFailed',
      'Pending, cancelling': 'ExecutionCancelled',
      'Pending, deleting': 'ExecutionCancelled',
      'Pending, removed': 'ExecutionCancelled',
    },
    otherwise: NOTHING,
  },
  'the lock went to another holder': {
    command: sync({ kind: 'TargetLocked', holder: { ...example.HOLDER, runUid: 'third-run' } }),
    answers: {
      Absent: UNKNOWN,
      ...atEveryPending('ExecutionFailed'),
      'Pending, waiting': 'ExecutionQueued',
      'Pending, cancelling': 'ExecutionCancelled',
      'Pending, deleting': 'ExecutionCancelled',
      'Pending, removed': 'ExecutionCancelled',
    },
    otherwise: NOTHING,
  },
  'the resource is there': {
    command: sync(example.resourceSeen()),
    answers: { Absent: UNKNOWN, 'Pending, unbound': 'ResourceBound' },
    otherwise: NOTHING,
  },
  'the resource is being deleted': {
    command: sync(example.resourceSeen({ deleting: true })),
    answers: {
      Absent: UNKNOWN,
      'Pending, unbound': 'ResourceBound ResourceDeletionRequested CancellationRequested',
      'Pending, bound': 'ResourceDeletionRequested CancellationRequested',
      'Pending, waiting': 'ResourceDeletionRequested CancellationRequested',
      'Pending, cancelling': 'ResourceDeletionRequested CancellationRequested',
      Running: 'ResourceDeletionRequested CancellationRequested',
      'Running, cancelling gracefully': 'ResourceDeletionRequested CancellationRequested',
      'Running, cancelling at once': 'ResourceDeletionRequested',
      ...whileHeld('ResourceDeletionRequested ReleaseRequested'),
      ...whileReleasing('ResourceDeletionRequested'),
      'Success, released': 'ResourceDeletionRequested',
      'Failed, released': 'ResourceDeletionRequested',
      'Cancelled, released': 'ResourceDeletionRequested',
      ...noRun('ResourceDeletionRequested'),
    },
    otherwise: NOTHING,
  },
  "somebody else's resource is being deleted": {
    command: sync(example.resourceSeen({ uid: 'another', deleting: true })),
    answers: {
      Absent: UNKNOWN,
      'Pending, unbound': 'ResourceBound ResourceDeletionRequested CancellationRequested',
    },
    otherwise: NOTHING,
  },
  'the resource is gone': {
    command: sync({ kind: 'ResourceMissing', uid: example.RESOURCE.uid }),
    answers: {
      Absent: UNKNOWN,
      'Pending, bound': 'ResourceRemoved CancellationRequested',
      'Pending, waiting': 'ResourceRemoved CancellationRequested',
      'Pending, cancelling': 'ResourceRemoved CancellationRequested',
      'Pending, deleting': 'ResourceRemoved',
      Running: 'ResourceRemoved CancellationRequested',
      'Running, cancelling gracefully': 'ResourceRemoved CancellationRequested',
      'Running, cancelling at once': 'ResourceRemoved',
      'Running, deleting': 'ResourceRemoved',
      ...whileHeld('ResourceRemoved ReleaseRequested'),
      ...whileReleasing('ResourceRemoved'),
      'Success, released': 'ResourceRemoved',
      'Success, released, deleting': 'ResourceRemoved',
      'Failed, released': 'ResourceRemoved',
      'Cancelled, released': 'ResourceRemoved',
      ...noRun('ResourceRemoved'),
    },
    otherwise: NOTHING,
  },
  'a resource of another uid is gone': {
    command: sync({ kind: 'ResourceMissing', uid: 'another' }),
    answers: { Absent: UNKNOWN },
    otherwise: NOTHING,
  },
  'the resource cannot be created': {
    command: sync({ kind: 'ResourceRefused', message: 'namespace "remediation" not found' }),
    answers: { Absent: UNKNOWN, 'Pending, unbound': 'ExecutionFailed' },
    otherwise: NOTHING,
  },
  'somebody wrote to the status': {
    command: sync({ kind: 'StatusDrifted', fields: ['phase'] }),
    answers: { Absent: UNKNOWN },
    otherwise: 'StatusDriftCorrected',
  },
};

function answerOf(command: Command, stage: Stage): Answer {
  const decision = decide(command, fold(history(eventsOf(stage))));
  if (decision.kind === 'Refused') return `refused ${decision.code}`;
  return decision.events.map((event) => event.type).join(' ') || NOTHING;
}

describe.each(Object.entries(RULES))('%s', (_, rule) => {
  test.each(STAGES)('%s', (stage) => {
    expect(answerOf(rule.command, stage)).toBe(rule.answers[stage] ?? rule.otherwise);
  });
});
