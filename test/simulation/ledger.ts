import type { KubeObject } from '#kubernetes';
import { LEASES, PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { Violation } from './invariants/violation.ts';
import { executionIdLabel } from '../../libs/runtime/src/resource-spec.ts';

/** What a run was, from its creation to its end. */
export interface RunStory {
  readonly uid: string;
  readonly name: string;
  /** The execution it was labelled with when it was created. */
  readonly executionId: string | undefined;
  readonly createdAtMs: number;
  startedAtMs?: number;
  goneAtMs?: number;
  /** How Tekton says it ended. */
  end?: 'Succeeded' | 'Failed' | 'Borrowed';
  /** Somebody who is not the service deleted it. */
  isDeletedByOthers?: boolean;
}

/** An answer the service gave to a client. */
export interface Acknowledged {
  readonly executionId: string;
  readonly revision: number;
  readonly recorded: readonly string[];
}

/** Parameters of a run when it was created. */
export interface RunParameters {
  readonly executionId: string;
  readonly params: readonly { readonly name: string; readonly value: string }[];
}

interface RunParts {
  readonly spec?: { readonly status?: string; readonly params?: RunParameters['params'] };
  readonly status?: {
    readonly startTime?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly childReferences?: readonly { readonly name: string }[];
  };
}

/** What happened in the cluster and at the doors, as somebody sees it who sees everything. */
export class Ledger {
  readonly runs = new Map<string, RunStory>();
  /** What each run of an execution was created with, in order. */
  readonly runParameters: RunParameters[] = [];
  readonly acknowledged: Acknowledged[] = [];
  /** Executions for which a create of a run was carried out late or twice. */
  readonly zombieCreates = new Set<string>();
  readonly violations: Violation[] = [];
  /** Task runs at work, by uid. */
  private readonly working = new Map<string, KubeObject>();
  /** Those that exist, by name. */
  private readonly taskRuns = new Map<string, KubeObject>();
  private written = 0;
  /** Two replicas take themselves for the leader: what one shows, the other may put back for a moment. */
  isUnfenced = false;

  constructor(private readonly now: () => number) {}

  violated(invariant: Violation['invariant'], message: string): void {
    if (this.violations.some((known) => known.invariant === invariant && known.message === message)) return;
    this.violations.push({ invariant, message });
  }

  /** Writes so far, renewals of leases aside. */
  get writes(): number {
    return this.written;
  }

  stored(object: KubeObject, previous: KubeObject | undefined): void {
    if (object.kind !== LEASES.kind) this.written += 1;
    if (object.kind === WORKFLOW_EXECUTIONS.kind && !this.isUnfenced) this.checkOrder(object, previous);
    if (object.kind === PIPELINE_RUNS.kind) this.runStored(object);
    if (object.kind === TASK_RUNS.kind) this.taskRunStored(object);
  }

  removed(object: KubeObject): void {
    this.written += 1;
    const { uid = '', name } = object.metadata;
    const run = this.runs.get(uid);
    if (run !== undefined) run.goneAtMs = this.now();
    if (object.kind !== TASK_RUNS.kind) return;
    this.working.delete(uid);
    this.taskRuns.delete(name);
  }

  /** The log says that the lock of this run is free. Who deletes a run by hand may leave what it likes. */
  released(runUid: string): void {
    const run = this.runs.get(runUid);
    if (run?.isDeletedByOthers === true) return;
    if (run?.goneAtMs === undefined) this.violated('nothing left at release', `run ${runUid}: expected it to be gone`);
    const left = [...this.taskRuns.values()].filter((taskRun) => ownerOf(taskRun) === runUid);
    for (const { metadata } of left)
      this.violated(
        'nothing left at release',
        `run ${runUid}: expected no task run to be left, found ${metadata.name}`,
      );
  }

  runsOf(executionId: string): readonly RunStory[] {
    return [...this.runs.values()].filter((run) => run.executionId === executionId);
  }

  /** What is shown only ever becomes newer, as long as one replica at a time acts. */
  private checkOrder(object: KubeObject, previous: KubeObject | undefined): void {
    const [before, now] = [previous, object].map((each) => (each?.status as Shown | undefined)?.execution);
    if (before?.id !== now?.id || before?.lastEvent === undefined || now?.lastEvent === undefined) return;
    if (now.lastEvent.revision < before.lastEvent.revision)
      this.violated('status', `resource ${object.metadata.name}: ${shown(before)} is followed by ${shown(now)}`);
  }

  private runStored(run: KubeObject): void {
    const { uid = '', name } = run.metadata;
    const { spec, status } = run as KubeObject & RunParts;
    const story = this.runs.get(uid) ?? this.begun(run, uid, name);
    if (spec?.status === undefined && story.startedAtMs === undefined) this.started(story);
    const verdict = status?.conditions?.find(({ type }) => type === 'Succeeded')?.status;
    if (verdict === 'True') story.end = isItsOwn(run) ? 'Succeeded' : 'Borrowed';
    if (verdict === 'False') story.end = isItsOwn(run) ? 'Failed' : 'Borrowed';
    for (const child of status?.childReferences ?? []) this.checkOwner(story, child.name);
  }

  private begun(run: KubeObject, uid: string, name: string): RunStory {
    const story: RunStory = { uid, name, executionId: executionIdLabel(run), createdAtMs: this.now() };
    const { executionId } = story;
    const { params = [] } = (run as KubeObject & RunParts).spec ?? {};
    if (executionId !== undefined) this.runParameters.push({ executionId, params });
    const earlier = executionId === undefined ? [] : this.runsOf(executionId);
    this.runs.set(uid, story);
    const isExcused = executionId === undefined || this.zombieCreates.has(executionId);
    if (!isExcused && earlier.some((each) => each.isDeletedByOthers !== true))
      this.violated(
        'one run created',
        `execution ${executionId}: expected one run, found ${earlier[0]?.uid} and ${uid}`,
      );
    return story;
  }

  private started(story: RunStory): void {
    story.startedAtMs = this.now();
    const { executionId, uid } = story;
    if (executionId === undefined) return;
    const others = this.runsOf(executionId).filter((run) => run.uid !== uid && run.startedAtMs !== undefined);
    for (const other of others)
      this.violated(
        'one run started',
        `execution ${executionId}: expected one run ever started, found ${other.uid} and ${uid}`,
      );
  }

  private taskRunStored(taskRun: KubeObject): void {
    const { uid = '', name } = taskRun.metadata;
    this.taskRuns.set(name, taskRun);
    if (isAtWork(taskRun)) this.working.set(uid, taskRun);
    else this.working.delete(uid);
    if (!isAtWork(taskRun)) return;
    const [run, owner] = [runNameOf(taskRun), ownerOf(taskRun)];
    for (const other of this.working.values())
      if (runNameOf(other) === run && ownerOf(other) !== owner)
        this.violated(
          'one run at work',
          `target of ${run}: task runs of ${ownerOf(other)} and of ${owner} work at the same time`,
        );
  }

  /** Tekton finds children by name: that of another run would count as done without anything having run. */
  private checkOwner(run: RunStory, child: string): void {
    const taskRun = this.taskRuns.get(child);
    const owner = taskRun && ownerOf(taskRun);
    if (owner === undefined || owner === run.uid) return;
    this.violated('no borrowed task runs', `run ${run.uid} (${run.name}) counts ${child}, which belongs to ${owner}`);
  }
}

/** What a resource says of the place in the log it shows. */
interface Shown {
  readonly execution?: { readonly id?: string; readonly lastEvent?: { readonly revision: number } };
}

const shown = ({ id, lastEvent }: NonNullable<Shown['execution']>): string =>
  `revision ${lastEvent?.revision} of ${id}`;

const runNameOf = ({ metadata }: KubeObject): string => metadata.labels?.['tekton.dev/pipelineRun'] ?? '';
/** Tekton writes by name: a run may get what an earlier one of its name had come to. */
function isItsOwn({ metadata, ...run }: KubeObject): boolean {
  const { startTime = '' } = (run as RunParts).status ?? {};
  return !(Date.parse(metadata.creationTimestamp ?? '') - Date.parse(startTime) > 1_000);
}

const ownerOf = ({ metadata }: KubeObject): string | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;

function isAtWork(taskRun: KubeObject): boolean {
  const { spec, status } = taskRun as KubeObject & RunParts;
  if (spec?.status === 'TaskRunCancelled') return false;
  const verdict = status?.conditions?.find(({ type }) => type === 'Succeeded')?.status;
  return verdict === 'Unknown' || verdict === undefined;
}
