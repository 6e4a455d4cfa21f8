import type { Weather } from './faults.ts';

/** Appends to the log, by the first event of each; see `appendName`. */
const APPENDS = [
  'ExecutionCreated',
  'IdempotencyKeyClaimed',
  'ResourceBound',
  'ExecutionQueued',
  'ExecutionSkipped',
  'ExecutionDelayed',
  'PipelineRunCreated',
  'PipelineRunProgressed',
  'TaskStarted',
  'TaskFinished',
  'RunOverdue',
  'CancellationRequested',
  'ExecutionCompleted',
  'ExecutionFailed',
  'ExecutionCancelled',
  'ReleaseRequested',
  'ReleaseRequested by the scheduler',
  'LockReleased',
  'ResourceDeletionRequested',
  'ResourceRemoved',
  'ResourceLetGo',
  'PruningRequested',
  'StatusDriftCorrected',
  'ContradictionObserved',
  'StrayRunRemoved',
] as const;

/** Calls of the cluster; see `callName`. */
const CALLS = [
  'create pipelineruns',
  'create workflowexecutions',
  'patch pipelineruns start',
  'patch pipelineruns cancel',
  'patch workflowexecutions finalizers',
  'patchStatus workflowexecutions',
  'delete pipelineruns',
  'delete workflowexecutions',
  'create events',
  'get leases',
  'create leases',
  'replace leases',
  'get pipelineruns',
  'get taskruns',
  'get workflowexecutions',
  'list pipelineruns',
  'list taskruns',
  'list workflowexecutions',
  'watch pipelineruns',
  'watch taskruns',
  'watch workflowexecutions',
] as const;

const BOUNDARIES = [...APPENDS.map((event) => `append ${event}`), ...CALLS, 'apply read model', 'reset read model'];

/** Every place where a process can die: both sides of each durable boundary and of each call of the cluster. */
export const CRASH_POINTS: readonly string[] = BOUNDARIES.flatMap((name) => [`before ${name}`, `after ${name}`]);

export interface PointCount {
  passed: number;
  crashed: number;
}

/** Crashes at the point a world has chosen, so often at most. */
const CHOSEN_CRASHES = 2;
const CHOSEN_RATE = 0.5;

/** Counts how often each crash point was come to, and decides where processes die. */
export class CrashPoints {
  readonly counts = new Map<string, PointCount>();

  /** @param chosen the point where this world crashes with preference, so that rare ones get their turn */
  constructor(readonly chosen: string) {}

  strikes(point: string, weather: Weather): boolean {
    const count = this.counts.get(point) ?? { passed: 0, crashed: 0 };
    this.counts.set(point, count);
    count.passed += 1;
    const isChosen = point === this.chosen && count.crashed < CHOSEN_CRASHES;
    if (!weather.strikes('crash', isChosen ? CHOSEN_RATE : undefined)) return false;
    count.crashed += 1;
    return true;
  }
}
