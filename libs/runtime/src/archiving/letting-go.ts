import type { EventStore } from '#event-store';
import { UnknownEventError } from '#event-store';
import type { ArchiveRef } from '#execution';
import { streamOf } from '#execution';
import type { Executions, Loaded } from '../executions.ts';
import type { Reconciliation } from '../reconciliation.ts';
import type { Telemetry } from '../telemetry.ts';
import type { ArchivedHistory, WrittenArchive } from './archive-log.ts';
import type { HistoryEnd, ServedParts } from './served.ts';
import { servedOf } from './served.ts';

export interface LettingGoParts extends ServedParts {
  readonly store: EventStore;
  readonly executions: Pick<Executions, 'load'>;
  readonly reconciliation: Reconciliation;
  readonly telemetry: Telemetry;
}

/** Archives that are known to be finished, the newest: more than are ever looked at again. */
const REMEMBERED = 100;

type Held = ArchivedHistory & HistoryEnd;

interface LetGo {
  /** Histories whose texts went. */
  readonly gone: number;
  /** False while some of it stays, because somebody is still to be told of it, or the signal aborted. */
  readonly isDone: boolean;
}

/**
 * The second half of archiving: of what is in a recorded file, the texts go from the log. Repeating it is safe.
 *
 * Whoever is still to be told events is asked when everything is recorded and nothing is gone. So a webhook that wants
 * old events either says so before that, and gets them first, or finds in the record what it does not get.
 */
export class LettingGo {
  /** Archives whose histories were all let go of. */
  private readonly finished = new Set<string>();

  constructor(private readonly parts: LettingGoParts) {}

  async of(written: WrittenArchive, signal: AbortSignal): Promise<LetGo> {
    const { archive, executions } = written;
    if (this.finished.has(archive.file)) return { gone: 0, isDone: true };
    const held: Held[] = [];
    for (const history of executions) {
      if (signal.aborted) return { gone: 0, isDone: false };
      const end = await this.endOf(history);
      if (end !== undefined && (await this.isArchived(archive, history))) held.push(end);
    }
    const served = await servedOf(this.parts, held);
    for (const [gone, { executionId, events }] of served.entries()) {
      if (signal.aborted) return { gone, isDone: false };
      await this.parts.store.archive(streamOf(executionId), events, archive.file);
    }
    if (served.length > 0) this.told(written, served);
    const isDone = served.length === held.length;
    if (isDone) this.remember(archive.file);
    return { gone: served.length, isDone };
  }

  /**
   * Its last event stands for it from then on, and what is left of its stream can be folded. Something may have been
   * recorded since the file was written: then that history waits for another file.
   */
  private async isArchived(archive: ArchiveRef, { executionId, events }: ArchivedHistory): Promise<boolean> {
    const { executions, reconciliation } = this.parts;
    const before = await loadedIfKnown(executions, executionId);
    if (before === undefined) return false;
    if (archivedIn(before) === archive.file) return true;
    if (archivedIn(before) !== undefined || before.last?.revision !== events - 1) return false;
    const done = await reconciliation.command(executionId, { type: 'ArchiveExecution', archive, events }, 'scheduler');
    return done.kind === 'Done' && archivedIn(done.loaded) === archive.file;
  }

  /** The history with its end, while the log still holds it. */
  private async endOf(history: ArchivedHistory): Promise<Held | undefined> {
    const last = await this.parts.store.textsAt(streamOf(history.executionId), history.events - 1);
    return last === undefined || last.kind === 'archived' ? undefined : { ...history, position: last.position };
  }

  private remember(file: string): void {
    this.finished.add(file);
    if (this.finished.size > REMEMBERED) this.finished.delete(this.finished.keys().next().value as string);
  }

  private told({ archive, bytes }: WrittenArchive, gone: readonly ArchivedHistory[]): void {
    const events = gone.reduce((sum, history) => sum + history.events, 0);
    this.parts.telemetry.archived(gone.length, events);
    this.parts.log.info(
      { archive: archive.file, sha256: archive.sha256, bytes, executions: gone.length, events },
      'closed histories were archived; keep the file: the log has only their hashes now',
    );
  }
}

/** Undefined for one that a newer version of this program wrote to: that version archives it, and the others go on. */
export async function loadedIfKnown(executions: Pick<Executions, 'load'>, id: string): Promise<Loaded | undefined> {
  try {
    return await executions.load(id);
  } catch (error) {
    if (error instanceof UnknownEventError) return undefined;
    throw error;
  }
}

const archivedIn = ({ execution }: Loaded): string | undefined =>
  execution.phase === 'Finished' ? execution.archived?.archive.file : undefined;
