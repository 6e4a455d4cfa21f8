import { readdirSync, readFileSync } from 'node:fs';
import type { EventType, Execution, ExecutionEvent, Fact } from '#execution';
import { decide, fold, SCHEMA_VERSIONS } from '#execution';
import { create, minute } from './support/examples.ts';

/** The files are beside the sources; the specs run from dist. */
const FOLDER = new URL('../../../../libs/execution/test/golden/', import.meta.url);

interface Golden {
  readonly type: EventType;
  readonly schemaVersion: number;
  readonly time: string;
  readonly data: object;
}

/** Real examples, written by hand, of every version of every event ever written. Never changed, never removed. */
const read = (name: string): Golden => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Golden;
const golden = (type: EventType, version = SCHEMA_VERSIONS[type]): Fact =>
  read(`${type}.v${version}.json`) as unknown as Fact;
const replay = (...types: readonly EventType[]): Execution => fold(types.map((type) => golden(type)));

const TYPES = Object.keys(SCHEMA_VERSIONS) as EventType[];
const VERSIONS = TYPES.flatMap((type) =>
  Array.from({ length: SCHEMA_VERSIONS[type] }, (_, index) => [type, index + 1] as const),
);

test.each(VERSIONS)('%s version %i has a golden file', (type, version) => {
  expect(read(`${type}.v${version}.json`)).toMatchObject({
    type,
    schemaVersion: version,
    time: expect.stringMatching(/^\d{4}-.*Z$/),
  });
});

test('no golden file is of an event or version that is not written', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(VERSIONS.map(([type, version]) => `${type}.v${version}.json`).sort());
});

const CREATED = golden('ExecutionCreated') as Fact & { type: 'ExecutionCreated' };
const RUN = (golden('PipelineRunCreated') as Fact & { type: 'PipelineRunCreated' }).data.run;
const RESOURCE = (golden('ResourceBound') as Fact & { type: 'ResourceBound' }).data.resource;

/** What Create recorded and nothing changes. */
const ACCEPTED = {
  id: '0195a1b2-0000-7000-8000-000000000001',
  entry: 'resource',
  resource: { namespace: 'remediation', name: 'restart-payment' },
  spec: CREATED.data.spec,
  settings: CREATED.data.settings,
  redacted: ['DB_PASSWORD'],
  runName: 'wfe-cf0cc089293b1165',
  createdAt: '2026-03-01T10:00:00.000Z',
};

describe('replaying them gives', () => {
  test('an accepted execution', () => {
    expect(replay('ExecutionCreated')).toEqual({ ...ACCEPTED, phase: 'Pending', binding: { state: 'Unbound' } });
  });

  test('one that waits, bound to its resource', () => {
    expect(replay('ExecutionCreated', 'ResourceBound', 'ExecutionQueued')).toEqual({
      ...ACCEPTED,
      phase: 'Pending',
      binding: { state: 'Bound', resource: RESOURCE },
      observedGeneration: 1,
      waiting: {
        since: '2026-03-01T10:00:00.400Z',
        holder: expect.objectContaining({ name: 'scale-payment', state: 'Cooldown' }),
      },
    });
  });

  const untilRunning: EventType[] = ['ExecutionCreated', 'ResourceBound', 'ExecutionQueued', 'PipelineRunCreated'];

  test('one that runs, is being cancelled, and whose resource is being deleted', () => {
    const more: EventType[] = ['PipelineRunProgressed', 'TaskStarted', 'TaskFinished', 'CancellationRequested'];
    expect(replay(...untilRunning, ...more, 'StatusDriftCorrected', 'ResourceDeletionRequested')).toEqual({
      ...ACCEPTED,
      phase: 'Running',
      run: RUN,
      adopted: false,
      runningSince: '2026-03-01T10:00:02.120Z',
      binding: { state: 'Deleting', resource: RESOURCE, requestedAt: '2026-03-01T10:00:08.900Z' },
      observedGeneration: 2,
      driftCorrections: 1,
      cancellation: { mode: 'Graceful', reason: 'spec.cancel was set', requestedAt: '2026-03-01T10:00:08.500Z' },
      progress: {
        condition: { status: 'Unknown', reason: 'Running', message: expect.stringContaining('Incomplete: 2') },
        startTime: '2026-03-01T10:00:02Z',
        totalTasks: 3,
        observedAt: '2026-03-01T10:00:03.015Z',
      },
      tasks: { 'wfe-cf0cc089293b1165-restart': { pipelineTask: 'restart', state: 'Succeeded', attempt: 1 } },
      progressEvents: 3,
    });
  });

  test('one that succeeded, was contradicted, gave its lock back, and lost its resource', () => {
    const end: EventType[] = [
      'ExecutionCompleted',
      'ContradictionObserved',
      'ReleaseRequested',
      'LockReleased',
      'ResourceRemoved',
    ];
    expect(replay(...untilRunning, ...end)).toEqual({
      ...ACCEPTED,
      phase: 'Finished',
      outcome: 'Success',
      finishedAt: '2026-03-01T10:00:09.210Z',
      binding: { state: 'Removed', uid: RESOURCE.uid, removedAt: '2026-03-01T10:05:11.800Z' },
      observedGeneration: 1,
      lock: { state: 'Released', since: '2026-03-01T10:00:02.120Z', at: '2026-03-01T10:05:11.300Z' },
      ended: {
        ref: RUN,
        adopted: false,
        condition: { status: 'True', reason: 'Completed', message: expect.any(String) },
        startTime: '2026-03-01T10:00:02Z',
        completionTime: '2026-03-01T10:00:09Z',
        totalTasks: 2,
        completedTasks: 2,
        results: [{ name: 'restarted-pods', value: '3' }],
      },
      contradiction: {
        condition: { status: 'False', reason: 'Failed', message: expect.any(String) },
        strayRun: expect.objectContaining({ createdAt: '2026-03-01T10:00:10Z' }),
      },
    });
  });

  test('one whose run cannot be created yet', () => {
    expect(replay('ExecutionCreated', 'ExecutionDelayed')).toMatchObject({
      phase: 'Pending',
      delay: { what: 'run', code: 'server-error', since: '2026-03-01T10:00:01.900Z' },
      delayEvents: 1,
    });
  });

  test('one whose run is overdue, and whose resource is not kept any longer', () => {
    expect(replay(...untilRunning, 'RunOverdue', 'ResourceDeletionRequested', 'ResourceLetGo')).toMatchObject({
      phase: 'Running',
      overdue: { deadline: 'End', limitMs: 1_920_000, at: '2026-03-01T10:00:08.400Z' },
      binding: { state: 'Deleting', resource: RESOURCE, letGoAt: '2026-03-01T10:15:09.000Z' },
    });
  });

  test('one whose stray run is gone, and whose resource was kept long enough', () => {
    const end: EventType[] = ['ExecutionCompleted', 'ContradictionObserved', 'StrayRunRemoved', 'PruningRequested'];
    expect(replay(...untilRunning, ...end)).toMatchObject({
      contradiction: { removedRun: expect.objectContaining({ createdAt: '2026-03-01T10:00:10Z' }) },
      binding: { state: 'Pruning', resource: RESOURCE, requestedAt: '2026-03-02T10:00:10.000Z' },
    });
  });

  test('one of which only the archived event is left', () => {
    expect(replay('ExecutionArchived')).toMatchObject({
      ...{ id: ACCEPTED.id, runName: ACCEPTED.runName, createdAt: ACCEPTED.createdAt },
      phase: 'Finished',
      outcome: 'Failed',
      ended: { ref: RUN },
      failure: { reason: 'TaskFailed', failedStepName: 'restart' },
      archived: { events: 9, at: '2026-06-01T02:00:00.000Z', archive: { file: expect.stringContaining('archive-') } },
    });
  });

  test.each<[EventType, string, string]>([
    ['ExecutionFailed', 'Failed', 'OOMKilled'],
    ['ExecutionCancelled', 'Cancelled', 'Cancelled'],
  ])('one that ended with %s holds its lock through the cooldown', (type, outcome, reason) => {
    expect(replay(...untilRunning, type)).toMatchObject({
      phase: 'Finished',
      outcome,
      failure: { reason, wasExecutionFailure: true, executionTimeBeforeFailure: '7s' },
      lock: { state: 'Held', since: '2026-03-01T10:00:02.120Z', until: '2026-03-01T10:05:09.000Z' },
    });
  });

  test('one whose release was asked for, and one that was skipped', () => {
    expect(replay(...untilRunning, 'ExecutionCompleted', 'ReleaseRequested')).toMatchObject({
      lock: { state: 'Releasing', requestedAt: '2026-03-01T10:05:09.020Z', cause: 'CooldownOver' },
    });
    expect(replay('ExecutionCreated', 'ExecutionSkipped')).toMatchObject({
      phase: 'Finished',
      outcome: 'Skipped',
      lock: { state: 'None' },
      skip: { reason: 'RecentlyRemediated', until: '2026-03-01T10:00:01.500Z' },
    });
  });
});

test('today’s Create records what the golden one says, key for key', () => {
  const { spec, settings, sensitive, executionId, resource, resourceUid } = CREATED.data;
  const command = create({
    at: minute(0),
    spec,
    settings,
    sensitive: { ...sensitive, found: sensitive.redacted, problems: [] },
    executionId,
    resource,
    entry: 'resource',
    generation: 1,
    resourceUid: resourceUid ?? '',
  });
  const decision = decide(command, { phase: 'Absent' });
  const [created, bound] = decision.kind === 'Recorded' ? decision.events : ([] as ExecutionEvent[]);
  expect(created?.data).toEqual(CREATED.data);
  expect(bound?.data).toEqual(golden('ResourceBound').data);
});
