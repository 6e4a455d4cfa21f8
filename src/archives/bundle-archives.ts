import type { ArchivedEvent, ReadArchive } from '#audit';
import { exportBundle, readArchive } from '#audit';
import type { EventStore, SealKey } from '#event-store';
import { streamOf } from '#execution';
import type { ArchiveFiles, ArchivedHistory, CommandContext, SealKeys, SealService, WrittenArchive } from '#runtime';
import { SERVICE_ACTOR } from '#runtime';
import type { ArchiveFolder } from './archive-folder.ts';

export interface BundleArchivesParts {
  readonly folder: ArchiveFolder;
  /** The log as written: without upcasters. */
  readonly store: EventStore;
  readonly seals: Pick<SealService, 'sealNow'>;
  readonly keys: Pick<SealKeys, 'find'>;
  readonly now: () => number;
  /** Program version, for the reader. */
  readonly madeBy: string;
}

/** Says of seals that they were made for an archive. */
const ORIGIN: CommandContext = { actor: SERVICE_ACTOR, source: 'scheduler' };

/** Histories as bundles in a folder: sealed, signed, read back and verified before anybody relies on them. */
export class BundleArchives implements ArchiveFiles {
  constructor(private readonly parts: BundleArchivesParts) {}

  async write(executionIds: readonly string[], signal: AbortSignal): Promise<WrittenArchive> {
    const { folder, now } = this.parts;
    let signer: SealKey | undefined;
    const lines = this.lines(executionIds, (key) => (signer = key), signal);
    const { file, checked } = await folder.write(now(), lines, (chunks) => {
      if (signer === undefined) throw new Error('expected the key of the seals at hand to sign an archive; found none');
      return this.checked(chunks, signer, executionIds);
    });
    const { sha256, bytes, executions } = checked;
    return { archive: { file, sha256 }, bytes, executions };
  }

  private lines(
    executionIds: readonly string[],
    signedBy: (key: SealKey | undefined) => void,
    signal: AbortSignal,
  ): AsyncIterable<string> {
    const { store, seals, keys, now, madeBy } = this.parts;
    const seal = async (): Promise<void> => void (await seals.sealNow(ORIGIN));
    const key = async (keyId: string): Promise<SealKey | undefined> => {
      const found = await keys.find(keyId);
      signedBy(found);
      return found;
    };
    return exportBundle({ store, seal, key, now, madeBy }, { kind: 'executions', executionIds }, signal);
  }

  /** What is to be relied on is what is in the file: nothing else says how many events it has. */
  private async checked(
    chunks: AsyncIterable<Uint8Array>,
    signer: SealKey,
    executionIds: readonly string[],
  ): Promise<Omit<ReadArchive, 'verdict'> & { readonly executions: readonly ArchivedHistory[] }> {
    const counts = new Map<string, number>();
    const count = ({ stream }: ArchivedEvent): void => void counts.set(stream, (counts.get(stream) ?? 0) + 1);
    const { verdict, ...file } = await readArchive(chunks, { keys: [signer.publicKey] }, count);
    const { firstDamage, archived, unsealed, streams, head } = verdict;
    if (firstDamage !== undefined)
      throw new Error(`the archive that was just written is damaged: ${firstDamage.check} in line ${firstDamage.line}`);
    mustBe('of this log', this.parts.store.storeId, head?.storeId);
    mustBe('without events that no seal covers', 0, unsealed);
    mustBe('without events that were archived before', 0, archived);
    mustBe('of as many executions as were asked for', executionIds.length, streams);
    const executions = executionIds.map((executionId) => ({
      executionId,
      events: counts.get(streamOf(executionId)) ?? 0,
    }));
    const empty = executions.find(({ events }) => events === 0);
    mustBe('with events of every execution', undefined, empty?.executionId);
    return { ...file, executions };
  }
}

function mustBe(what: string, expected: string | number | undefined, found: string | number | undefined): void {
  if (expected === found) return;
  throw new Error(
    `the archive that was just written: expected it ${what} (${expected ?? 'all'}); found ${found ?? 'none'}`,
  );
}
