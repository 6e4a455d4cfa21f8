import type { Position } from '#event-store';
import { isClosed } from '#execution';
import type { Clock } from '#kubernetes';
import type { Loaded } from '../executions.ts';
import type { Ids } from '../ids.ts';
import { ownOrigin } from '../origin.ts';
import type { ReadModel } from '../read-model.ts';
import type { WrittenArchive } from './archive-log.ts';
import { ArchiveLog } from './archive-log.ts';
import type { LettingGoParts } from './letting-go.ts';
import { LettingGo, loadedIfKnown } from './letting-go.ts';
import type { HistoryEnd } from './served.ts';
import { servedOf } from './served.ts';

/** Writes histories to files that nobody changes afterwards. */
export interface ArchiveFiles {
  /**
   * Seals the log, writes all events of these executions as a bundle to a new file, makes it durable, reads it back and
   * verifies it.
   * @throws Error when any of it fails: then nothing is archived, and what was written is removed as far as possible
   */
  write(executionIds: readonly string[], signal: AbortSignal): Promise<WrittenArchive>;
}

export interface ArchiverParts extends LettingGoParts {
  readonly readModel: Pick<ReadModel, 'archivable'>;
  readonly files: ArchiveFiles;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Histories whose last event is older go to files. */
  readonly afterMs: number;
}

/** Histories in one file, at most. */
const BATCH = 500;
/** Archives that may not be finished: of the leader before this one, and of one that took itself for the leader beside it. */
const LOOKED_BACK = 20;
/** Closed histories are looked for as often as they may wait, within these. */
const LOOK_MS = { most: 3_600_000, least: 1_000 };
const AFTER_FAULT_MS = 60_000;

/** Histories that may go to a file, and the place of the newest event in them. */
interface Due {
  readonly ids: readonly string[];
  readonly through: Position;
}

/**
 * Moves the histories of closed executions to files: written and verified first, then recorded, and only then do their
 * texts go from the log. What is cut short in between is found again in the record, and finished.
 */
export class Archiver {
  private readonly archives: ArchiveLog;
  private readonly lettingGo: LettingGo;

  constructor(private readonly parts: ArchiverParts) {
    this.archives = new ArchiveLog(parts.store, parts.clock);
    this.lettingGo = new LettingGo(parts);
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
    // Nothing else is archived before these have gone: so what was begun is found again among the newest.
    for (const begun of (await this.archives.newest(LOOKED_BACK)).toReversed())
      if (!(await this.lettingGo.of(begun, signal)).isDone) return;
    while (!signal.aborted) {
      const due = await this.due();
      if (due === undefined) return;
      const written = await this.parts.files.write(due.ids, signal);
      await this.archives.record(written, due.through, ownOrigin(this.parts.ids, 'scheduler'));
      const { gone, isDone } = await this.lettingGo.of(written, signal);
      if (!isDone) return;
      if (gone === 0) return this.tellNone(written); // or one file after the other would be written of the same
    }
  }

  /** The read model names them; the log decides. */
  private async due(): Promise<Due | undefined> {
    const { readModel, executions, clock, afterMs } = this.parts;
    const before = new Date(clock.now() - afterMs).toISOString();
    const ids = await readModel.archivable(before, BATCH);
    const loaded = await Promise.all(ids.map((id) => loadedIfKnown(executions, id)));
    const due = loaded.flatMap((each) => (each === undefined ? [] : endOf(each, before)));
    const ready = await servedOf(this.parts, due);
    const through = this.newest(ready);
    return through && { ids: ready.map(({ executionId }) => executionId), through };
  }

  private tellNone({ archive, executions }: WrittenArchive): void {
    this.parts.log.warn(
      { archive: archive.file, executions: executions.length },
      'none of the histories in an archive could be let go: they went on meanwhile; they wait for the next look',
    );
  }

  private newest(ends: readonly HistoryEnd[]): Position | undefined {
    const { store } = this.parts;
    return ends.map(({ position }) => position).sort((a, b) => store.compare(b, a))[0];
  }
}

/** Of a history that is closed, whole, and old enough; otherwise nothing. */
function endOf({ id, execution, last }: Loaded, before: string): readonly HistoryEnd[] {
  const isDue = isClosed(execution) && execution.archived === undefined && last !== undefined && last.time <= before;
  return isDue ? [{ executionId: id, position: last.position }] : [];
}
