import type { Weather } from './faults.ts';
import type { Random } from './random.ts';

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
  'SealKeyIntroduced',
  'SealKeyRotated',
  'LogSealed',
  'ArchiveWritten',
  'ExecutionArchived',
  'WebhookConfigured',
  'WebhookPositionReached',
  'WebhookReplayRequested',
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
  'get configmaps',
  'create configmaps',
  'replace configmaps',
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

/** Of the read model, and of the one that is to take its place; see `faultyReadModel`. */
const READ_MODEL = ['apply read model', 'reset read model', 'apply next read model', 'take next read model'] as const;

/** What a sealer does outside store and cluster. */
const SEALS = ['keep seal key', 'publish head'] as const;

/** What the archiver does outside of appends. */
const ARCHIVES = ['write archive', 'archive stream'] as const;

/** What webhooks do outside of appends. */
const WEBHOOKS = ['send event'] as const;

const BOUNDARIES = [
  ...APPENDS.map((event) => `append ${event}`),
  ...[...CALLS, ...READ_MODEL, ...SEALS, ...ARCHIVES, ...WEBHOOKS],
];
const bothSides = (name: string): readonly string[] => [`before ${name}`, `after ${name}`];

/** Boundaries that few worlds come to: every world has an eye on most of them. */
const RARE = [
  'append ExecutionDelayed',
  'append ExecutionSkipped',
  'append RunOverdue',
  'append CancellationRequested',
  'append ExecutionCompleted',
  'append ExecutionCancelled',
  'append ReleaseRequested',
  'append ResourceDeletionRequested',
  'append ResourceLetGo',
  'append StatusDriftCorrected',
  'append ContradictionObserved',
  'append StrayRunRemoved',
  'patch pipelineruns cancel',
  'append SealKeyIntroduced',
  'append SealKeyRotated',
  'append WebhookConfigured',
  'append WebhookPositionReached',
  'append WebhookReplayRequested',
  'keep seal key',
  'create configmaps',
  'create leases',
  'reset read model',
  'apply next read model',
  'take next read model',
];

/** Every place where a process can die: both sides of each durable boundary and of each call of the cluster. */
export const CRASH_POINTS: readonly string[] = BOUNDARIES.flatMap(bothSides);
const RARE_POINTS = RARE.flatMap(bothSides);

export interface PointCount {
  passed: number;
  crashed: number;
}

/** Points a world has chosen, so that rare ones get their turn; how likely a crash is at one, and how often it happens. */
const CHOSEN = 8;
const RARE_SHARE = 0.9;
const CHOSEN_RATE = 0.6;
const CHOSEN_CRASHES = 1;

/** Counts how often each crash point was come to, and decides where processes die. */
export class CrashPoints {
  readonly counts = new Map<string, PointCount>();

  private readonly chosen: ReadonlySet<string>;

  constructor(random: Random) {
    const some = Array.from({ length: CHOSEN }, () => random.pick(CRASH_POINTS));
    this.chosen = new Set([...some, ...RARE_POINTS.filter(() => random.chance(RARE_SHARE))]);
  }

  strikes(point: string, weather: Weather): boolean {
    const count = this.counts.get(point) ?? { passed: 0, crashed: 0 };
    this.counts.set(point, count);
    count.passed += 1;
    const isChosen = this.chosen.has(point) && count.crashed < CHOSEN_CRASHES;
    const isStruck = isChosen ? weather.happens('crash', CHOSEN_RATE) : weather.strikes('crash');
    if (!isStruck) return false;
    count.crashed += 1;
    return true;
  }
}
