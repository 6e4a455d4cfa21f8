import type { EventStore, Position } from '#event-store';
import { UnknownEventError } from '#event-store';
import type { ArchiveRef } from '#execution';
import { isClosed, streamOf } from '#execution';
import type { Clock } from '#kubernetes';
import type { Executions, Loaded } from '../executions.ts';
import type { Ids } from '../ids.ts';
import { ownOrigin } from '../origin.ts';
import type { ReadModel } from '../read-model.ts';
import type { Reconciliation } from '../reconciliation.ts';
import type { Log, Telemetry } from '../telemetry.ts';
import type { ArchivedHistory, WrittenArchive } from './archive-log.ts';
import { ArchiveLog } from './archive-log.ts';

/** Writes histories to files that nobody changes afterwards. */
export interface ArchiveFiles {
  /**
   * Seals the log, writes all events of these executions as a bundle to a new file, makes it durable, reads it back and
   * verifies it.
   * @throws Error when any of it fails: then nothing is archived, and what was written is removed as far as possible
   */
  write(executionIds: readonly string[], signal: AbortSignal): Promise<WrittenArchive>;
}

export interface ArchiverParts {
  readonly store: EventStore;
  readonly readModel: Pick<ReadModel, 'archivable'>;
  readonly executions: Pick<Executions, 'load'>;
  readonly reconciliation: Reconciliation;
  /** What was recorded after this place is still to be told to somebody, and stays; undefined: there is nobody. */
  readonly served: () => Promise<Position | undefined>;
  readonly files: ArchiveFiles;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
  readonly log: Log;
  /** Histories whose last event is older go to files. */
  readonly afterMs: number;
}

/** Histories in one file, at most. */
const BATCH = 500;
/** Closed histories are looked for as often as they may wait, within these. */
const LOOK_MS = { most: 3_600_000, least: 1_000 };
const AFTER_FAULT_MS = 60_000;

/**
 * Moves the histories of closed executions to files: written and verified first, then recorded, and only then do their
 * texts go from the log. What is cut short in between is found again in the record, and finished.
 */
export class Archiver {
  private readonly archives: ArchiveLog;
  /** The archive whose histories were all let go of. */
  private finished: string | undefined;

  constructor(private readonly parts: ArchiverParts) {
    this.archives = new ArchiveLog(parts.store, parts.clock);
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, telemetry, log, afterMs } = this.parts;
    while (!signal.aborted) {
      let waitMs = Math.min(LOOK_MS.most, Math.max(LOOK_MS.least, afterMs));
      try {
        await this.archiveDue(signal);
      } catch (error) {
        if (signal.aborted) return;
        waitMs = AFTER_FAULT_MS;
        telemetry.driverFault('archiver');
        log.error({ err: error }, 'closed histories could not be archived; it will be tried again');
      }
      await clock.sleep(waitMs, signal);
    }
  }

  private async archiveDue(signal: AbortSignal): Promise<void> {
    const unfinished = await this.archives.newest();
    if (unfinished !== undefined && unfinished.archive.file !== this.finished) await this.letGo(unfinished, signal);
    while (!signal.aborted) {
      const due = await this.due();
      if (due.length === 0) return;
      const written = await this.parts.files.write(due, signal);
      await this.archives.record(written, ownOrigin(this.parts.ids, 'scheduler'));
      const gone = await this.letGo(written, signal);
      this.told(written);
      if (gone === 0) return this.tellNone(written); // or one file after the other would be written of the same
    }
  }

  /** The read model names them; the log decides. */
  private async due(): Promise<readonly string[]> {
    const { readModel, clock, afterMs } = this.parts;
    const before = new Date(clock.now() - afterMs).toISOString();
    const ids = await readModel.archivable(before, BATCH);
    const loaded = await Promise.all(ids.map((id) => this.loaded(id)));
    const due = loaded.flatMap((each) => (each !== undefined && isDue(each, before) ? [each] : []));
    const served = await this.parts.served();
    const ready = due.filter(({ last }) => this.isServed(last, served));
    if (ready.length < due.length)
      this.parts.log.warn(
        { executions: due.length - ready.length, served },
        'closed histories stay in the log: a webhook has not delivered them yet',
      );
    return ready.map(({ id }) => id);
  }

  /** Undefined for one that a newer version of this program wrote to: that version archives it, and the others go on. */
  private async loaded(id: string): Promise<Loaded | undefined> {
    try {
      return await this.parts.executions.load(id);
    } catch (error) {
      if (error instanceof UnknownEventError) return undefined;
      throw error;
    }
  }

  private isServed(last: Loaded['last'], served: Position | undefined): boolean {
    return served === undefined || last === undefined || this.parts.store.compare(last.position, served) <= 0;
  }

  /** Each history by itself: its last event first, so that what is left of its stream can be folded. @returns how many went */
  private async letGo({ archive, executions }: WrittenArchive, signal: AbortSignal): Promise<number> {
    let gone = 0;
    for (const history of executions) {
      if (signal.aborted) return gone;
      if (!(await this.isArchived(archive, history))) continue;
      await this.parts.store.archive(streamOf(history.executionId), history.events, archive.file);
      gone += 1;
    }
    this.finished = archive.file;
    return gone;
  }

  /** Something may have been recorded since the file was written: then that history waits for another file. */
  private async isArchived(archive: ArchiveRef, { executionId, events }: ArchivedHistory): Promise<boolean> {
    const { executions, reconciliation } = this.parts;
    const before = await executions.load(executionId);
    if (archivedIn(before) === archive.file) return true;
    if (archivedIn(before) !== undefined || before.last?.revision !== events - 1) return false;
    const done = await reconciliation.command(executionId, { type: 'ArchiveExecution', archive, events }, 'scheduler');
    return done.kind === 'Done' && archivedIn(done.loaded) === archive.file;
  }

  private tellNone({ archive, executions }: WrittenArchive): void {
    this.parts.log.warn(
      { archive: archive.file, executions: executions.length },
      'none of the histories in an archive could be let go: they went on meanwhile; they wait for the next look',
    );
  }

  private told({ archive, bytes, executions }: WrittenArchive): void {
    const events = executions.reduce((sum, history) => sum + history.events, 0);
    this.parts.telemetry.archived(executions.length, events);
    this.parts.log.info(
      { archive: archive.file, sha256: archive.sha256, bytes, executions: executions.length, events },
      'closed histories were archived; keep the file: the log has only their hashes now',
    );
  }
}

function isDue({ execution, last }: Loaded, before: string): boolean {
  return isClosed(execution) && execution.archived === undefined && last !== undefined && last.time <= before;
}

const archivedIn = ({ execution }: Loaded): string | undefined =>
  execution.phase === 'Finished' ? execution.archived?.archive.file : undefined;
