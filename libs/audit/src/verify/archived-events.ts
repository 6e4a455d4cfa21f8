import type { EventStore, EventTexts } from '#event-store';
import type { ArchiveReader } from '../archives/archive-files.ts';
import type { ArchivedEvent, ReadArchive } from '../archives/read-archive.ts';
import { readArchive } from '../archives/read-archive.ts';
import type { ArchiveClaim } from './archive-claims.ts';
import type { Damage } from './damage.ts';
import { damage } from './damage.ts';

/** An archive file as the log names it. */
interface NamedArchive {
  readonly sha256: string;
  /** Events of the log whose texts are said to be there. */
  readonly events: number;
}

/** The archive files that a log names, and what is expected of each. */
export class NamedArchives {
  readonly #named = new Map<string, NamedArchive>();

  get count(): number {
    return this.#named.size;
  }

  /** An event without texts, and the claim that accounts for it. Damage when two claims name one file differently. */
  met(
    event: { readonly stream: string; readonly revision: number },
    { file, sha256 }: ArchiveClaim,
  ): Damage | undefined {
    const before = this.#named.get(file);
    this.#named.set(file, { sha256: before?.sha256 ?? sha256, events: (before?.events ?? 0) + 1 });
    if (before === undefined || before.sha256 === sha256) return undefined;
    return damage('ArchiveDiffers', event, {
      expected: `the sha256 of ${file} to be ${before.sha256}, as another stream says`,
      found: sha256,
      explanation: 'Two histories say different things of one archive file.',
    });
  }

  /** The first file that is not as the log says. Waits for each file to be read. */
  async firstDamage(
    store: Pick<EventStore, 'textsAt' | 'storeId'>,
    files: ArchiveReader,
    held: (file: string) => void,
    signal?: AbortSignal,
  ): Promise<Damage | undefined> {
    for (const [file, named] of this.#named) {
      signal?.throwIfAborted();
      const found = await damageOf(file, named, store, files);
      if (found !== undefined) return found;
      held(file);
    }
    return undefined;
  }
}

/** Events of one file that are looked at: no archive has as many. */
const EVENTS_LIMIT = 1_000_000;

async function damageOf(
  file: string,
  { sha256, events }: NamedArchive,
  store: Pick<EventStore, 'textsAt' | 'storeId'>,
  files: ArchiveReader,
): Promise<Damage | undefined> {
  const inside: ArchivedEvent[] = [];
  const read = await readOf(file, files, inside);
  if (typeof read === 'string') return missing(file, sha256, read);
  if (read.sha256 !== sha256) return differs(`${file} with the sha256 ${sha256}`, read.sha256);
  const { firstDamage, head } = read.verdict;
  if (firstDamage !== undefined)
    return differs(`${file} to be a good bundle`, `${firstDamage.check} in line ${firstDamage.line}`);
  if (head?.storeId !== store.storeId) return differs(`${file} to be of this log`, String(head?.storeId));
  return heldAgainst(file, inside, events, store);
}

/** What is in a file, its events beside; why it cannot be had, when it cannot. */
async function readOf(file: string, files: ArchiveReader, inside: ArchivedEvent[]): Promise<ReadArchive | string> {
  try {
    const chunks = await files.read(file);
    if (chunks === undefined) return 'no such file';
    return await readArchive(chunks, {}, ({ stream, revision, hash }) => {
      if (inside.length < EVENTS_LIMIT) inside.push({ stream, revision, hash });
    });
  } catch (error) {
    return `a file that cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Every event the log let go of is in the file, with the hash the log has of it. */
async function heldAgainst(
  file: string,
  inside: readonly ArchivedEvent[],
  events: number,
  store: Pick<EventStore, 'textsAt'>,
): Promise<Damage | undefined> {
  let held = 0;
  for (const event of inside) {
    const entry = await store.textsAt(event.stream, event.revision);
    if (!isArchivedIn(entry, file)) continue; // the log has it whole: it is judged there
    if (entry.hash !== event.hash)
      return differs(`the event ${entry.hash} of ${event.stream}, revision ${event.revision}, in ${file}`, event.hash);
    held += 1;
  }
  // More are held when the log let go of another history since it was walked: a crash leaves that to the next start.
  return held >= events ? undefined : differs(`${events} events of the log in ${file}`, String(held));
}

const isArchivedIn = (
  entry: EventTexts | undefined,
  file: string,
): entry is Extract<EventTexts, { kind: 'archived' }> => entry?.kind === 'archived' && entry.archive === file;

const missing = (file: string, sha256: string, found: string): Damage =>
  damage(
    'ArchiveMissing',
    {},
    {
      expected: `the archive file ${file} (sha256 ${sha256})`,
      found,
      explanation:
        'The texts of archived events are in this file and nowhere else: bring it back, from where it was moved or from a copy. The log itself holds.',
    },
  );

const differs = (expected: string, found: string): Damage =>
  damage(
    'ArchiveDiffers',
    {},
    { expected, found, explanation: 'The archive file is not the one that was written: it was changed or replaced.' },
  );
