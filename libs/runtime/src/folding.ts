import type { EventStore, RecordedEvent } from '#event-store';
import type { Execution, Finished } from '#execution';
import { pagesOf } from '#event-store';
import { ABSENT, executionIdOf, streamOf } from '#execution';
import type { Loaded } from './executions.ts';
import { foldOn } from './executions.ts';
import type { EventEntry, Milestones, RowChange } from './read-model.ts';
import { rowOf } from './row.ts';

/** What a batch of the log does to the read model. */
export interface FoldedBatch {
  /** One for each execution touched: as it stands after its last event in the batch. */
  readonly changes: readonly RowChange[];
  readonly entries: readonly EventEntry[];
  /** Executions met in this batch that cannot be read (a newer version wrote them), and why. */
  readonly unreadable: readonly { readonly executionId: string; readonly error: unknown }[];
}

/** An execution as far as it was followed. */
interface Followed {
  readonly loaded: Loaded;
  readonly milestones: Milestones;
  /** The latest time told by its events so far. */
  readonly latest: string;
  /** From here on it is not understood: its row stays, its events are still found. */
  readonly error?: unknown;
}

/** Executions kept folded, so that the next event of one needs no reading. */
const KEPT = 4_000;

/** Folds executions forward along the log; one whose beginning is not at hand is read up to where the batch goes on. */
export class Folding {
  private readonly known = new Map<string, Followed>();

  constructor(private readonly store: EventStore) {}

  /** Forgets everything: the log is followed from somewhere else. */
  clear(): void {
    this.known.clear();
  }

  /** @throws the errors of #event-store; what was folded until then must be cleared */
  async take(batch: readonly RecordedEvent[]): Promise<FoldedBatch> {
    const touched = new Map<string, Followed>();
    const entries: EventEntry[] = [];
    for (const event of batch) {
      const id = executionIdOf(event.stream);
      if (id === undefined) continue;
      const followed = follow(touched.get(id) ?? (await this.before(id, event.revision)), event);
      touched.set(id, followed);
      entries.push(entryOf(id, followed.loaded.execution, event));
    }
    this.keep(touched);
    const all = [...touched];
    const unreadable = all.flatMap(([executionId, { error }]) => (error === undefined ? [] : [{ executionId, error }]));
    return { changes: all.flatMap(([, followed]) => changeOf(followed)), entries, unreadable };
  }

  /** The execution before its event of this revision. */
  private async before(id: string, revision: number): Promise<Followed> {
    const known = this.known.get(id);
    if (known !== undefined && (known.error !== undefined || nextRevision(known) === revision)) return known;
    let followed = beginning(id);
    if (revision === 0) return followed;
    for await (const events of pagesOf(this.store, streamOf(id), 0)) {
      for (const event of events) if (event.revision < revision) followed = follow(followed, event);
      if ((events.at(-1)?.revision ?? 0) >= revision - 1) break;
    }
    return followed;
  }

  private keep(touched: ReadonlyMap<string, Followed>): void {
    for (const [id, followed] of touched) {
      this.known.delete(id);
      this.known.set(id, followed);
    }
    for (const id of this.known.keys()) {
      if (this.known.size <= KEPT) return;
      this.known.delete(id);
    }
  }
}

const beginning = (id: string): Followed => ({ loaded: { id, execution: ABSENT }, milestones: {}, latest: '' });

const nextRevision = ({ loaded }: Followed): number => (loaded.last?.revision ?? -1) + 1;

function follow(before: Followed, event: RecordedEvent): Followed {
  if (before.error !== undefined) return before;
  try {
    const loaded = foldOn(before.loaded, event);
    const { time } = event.metadata;
    const latest = time > before.latest ? time : before.latest;
    const so = before.loaded.last === undefined ? archivedMilestones(loaded.execution) : before.milestones;
    return { loaded, latest, milestones: milestonesAt(so, loaded.execution, latest) };
  } catch (error) {
    return { ...before, error };
  }
}

/** What the event that stands for an archived history tells; none for one that begins. */
function archivedMilestones(execution: Execution): Milestones {
  if (execution.phase !== 'Finished') return {};
  const { finishedAt: finished, lock } = execution;
  if (lock.state === 'None') return { finished };
  return { running: lock.since, finished, ...(lock.state === 'Released' && { released: lock.at }) };
}

function milestonesAt(so: Milestones, execution: Execution, latest: string): Milestones {
  if (so.finished !== undefined && so.released !== undefined) return so;
  if (execution.phase === 'Finished' && execution.archived !== undefined && so.finished === undefined)
    return milestonesOf(execution);
  const isFinished = execution.phase === 'Finished';
  const hadLock = execution.phase === 'Running' || (isFinished && execution.lock.state !== 'None');
  const isReleased = isFinished && execution.lock.state === 'Released';
  return {
    ...so,
    ...(hadLock && so.running === undefined && { running: latest }),
    ...(isFinished && so.finished === undefined && { finished: latest }),
    ...(isReleased && so.released === undefined && { released: latest }),
  };
}

/** All that is left of an archived execution: the times as its events told them. */
function milestonesOf({ finishedAt, lock }: Finished): Milestones {
  return {
    finished: finishedAt,
    ...(lock.state !== 'None' && { running: lock.since }),
    ...(lock.state === 'Released' && { released: lock.at }),
  };
}

function entryOf(executionId: string, execution: Execution, event: RecordedEvent): EventEntry {
  const { position, revision, type, metadata } = event;
  const { time, actor, correlationId } = metadata;
  const known = { position, executionId, revision, type, time, actor: actor.user, correlationId };
  if (execution.phase === 'Absent') return known;
  const { targetResource: target, workflowRef } = execution.spec;
  const outcome = execution.phase === 'Finished' ? { outcome: execution.outcome } : {};
  return { ...known, target, workflowId: workflowRef.workflowId, ...outcome };
}

function changeOf({ loaded, milestones, error }: Followed): RowChange[] {
  const row = error === undefined ? rowOf(loaded) : undefined;
  return row === undefined || loaded.last === undefined ? [] : [{ row, milestones, position: loaded.last.position }];
}
