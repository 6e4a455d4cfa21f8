import { createHash } from 'node:crypto';
import type { EventStore, Position, RecordedEvent } from '#event-store';
import { LOG_SEALED, SEAL_STREAM } from '#event-store';
import { streamOf } from '#execution';
import type { ArchiveFiles, SealService, WrittenArchive } from '#runtime';
import { SERVICE_ACTOR } from '#runtime';
import type { SimulatedProcess } from './process.ts';
import { never } from './process.ts';

/** A file takes up to this long. */
const WRITE_MS = 5_000;

/** The disk with the archive files: it outlives every process. */
export class ArchiveDisk {
  /** Hashes of the events in each file, by its name. */
  readonly files = new Map<string, ReadonlySet<string>>();
  private written: (() => void)[] = [];

  /** Resolves when the next file is there, and nobody but the disk knows of it. */
  next(): Promise<void> {
    return new Promise((resolve) => this.written.push(resolve));
  }

  /** Files as one process reaches them. It may die before and after each. */
  of(store: EventStore, seals: Pick<SealService, 'sealNow'>, process: SimulatedProcess): ArchiveFiles {
    return {
      write: async (executionIds) => {
        if (!process.survives('before write archive')) return never();
        await seals.sealNow({ actor: SERVICE_ACTOR, source: 'scheduler' });
        const written = await process.within(this.write(store, executionIds));
        for (const tell of this.written.splice(0)) tell();
        const { timeline, weather } = process.around;
        await process.within(timeline.sleep(weather.between(0, WRITE_MS)));
        process.say(`writes ${written.archive.file} of ${executionIds.length}`);
        return process.survives('after write archive') ? written : never();
      },
    };
  }

  private async write(store: EventStore, executionIds: readonly string[]): Promise<WrittenArchive> {
    const executions = [];
    const hashes: string[] = [];
    for (const executionId of executionIds) {
      const { events, next } = await store.readStream(streamOf(executionId));
      if (next !== undefined) throw new Error(`expected a history of one page; found more of ${executionId}`);
      await mustBeSealed(store, events);
      executions.push({ executionId, events: events.length });
      hashes.push(...events.map(({ hash }) => hash));
    }
    const file = `archive-${this.files.size + 1}.ndjson.gz`;
    this.files.set(file, new Set(hashes));
    const sha256 = createHash('sha256').update(hashes.join()).digest('hex');
    return { archive: { file, sha256 }, bytes: hashes.length, executions };
  }
}

/** As the verification of the file that was written would find. */
async function mustBeSealed(store: EventStore, events: readonly RecordedEvent[]): Promise<void> {
  const { events: newest } = await store.readStream(SEAL_STREAM, { from: 'end', direction: 'backwards', limit: 5 });
  const seal = newest.find(({ type }) => type === LOG_SEALED);
  const unsealed = events.find(
    ({ position }) => !seal || store.compare(position, seal.data['position'] as Position) > 0,
  );
  if (unsealed !== undefined)
    throw new Error(`expected every event under a seal; found ${unsealed.stream}@${unsealed.revision} without`);
}
