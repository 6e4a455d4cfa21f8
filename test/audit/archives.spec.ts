import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DamageKind, VerificationReport } from '#audit';
import { verifyLog } from '#audit';
import type { EventStore, PublishedHead, SealKey } from '#event-store';
import { MemoryEventStore, MemoryLog, openSqliteEventStore, SEAL_STREAM } from '#event-store';
import type { NewEvent } from '#execution';
import { streamOf } from '#execution';
import type { SealView, WrittenArchive } from '#runtime';
import { ArchiveFolder } from '../../src/archives/archive-folder.ts';
import { BundleArchives } from '../../src/archives/bundle-archives.ts';
import type { Cells } from './meddling.ts';
import { hashOf, Meddler } from './meddling.ts';
import { KEYS, Sealing } from './sealed-log.ts';

const EVENTS = 6;
/** By what becomes of them: two files with a history each, and one that stays in the log. */
const IDS = { one: 'one', two: 'two', whole: 'whole' } as const;

let made: string;
let head: PublishedHead;
/** By execution. */
const written = new Map<string, WrittenArchive>();
let forged: WrittenArchive;

const event = (n: number, type: string, data: object): NewEvent => ({
  id: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
  type,
  schemaVersion: 1,
  data: data as NewEvent['data'],
  metadata: {
    time: '2026-01-02T03:04:05.678Z',
    actor: { user: 'tester' },
    source: 'scheduler',
    commandId: 'command',
    correlationId: '',
    causationId: 'command',
  },
});

const archivesOf = (folder: ArchiveFolder, store: EventStore, key: SealKey = KEYS.first): BundleArchives =>
  new BundleArchives({
    ...{ folder, store, now: () => Date.parse('2026-03-01T10:00:00.000Z'), madeBy: 'test 1.0.0' },
    // Sealed by hand before.
    seals: { sealNow: async () => ({}) as SealView },
    keys: { find: async (keyId) => (keyId === key.keyId ? key : undefined) },
  });

/** A good bundle of a log of the same name, which somebody made up and signed with a key of their own. */
async function forgedArchive(storeId: string): Promise<WrittenArchive> {
  const store = new MemoryEventStore(new MemoryLog(storeId));
  const sealing = new Sealing();
  await store.append(SEAL_STREAM, 'any', [await sealing.introduction(KEYS.stranger)]);
  for (let n = 0; n < EVENTS; n += 1)
    await store.append(streamOf(IDS.whole), 'any', [event(n, 'SampleHappened', { n, forged: true })]);
  await sealing.seal(store);
  const archives = archivesOf(new ArchiveFolder(join(made, 'archives')), store, KEYS.stranger);
  return archives.write([IDS.whole], new AbortController().signal);
}

/** As the service archives: sealed, written, recorded, sealed, let go. */
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'archived-log-'));
  const store = await openSqliteEventStore({ file: join(made, 'log.db') });
  const sealing = new Sealing();
  await store.append(SEAL_STREAM, 'any', [await sealing.introduction()]);
  let n = 0;
  for (let round = 0; round < EVENTS; round += 1)
    for (const id of Object.values(IDS))
      await store.append(streamOf(id), 'any', [event((n += 1), 'SampleHappened', { n })]);
  await sealing.seal(store);
  const archives = archivesOf(new ArchiveFolder(join(made, 'archives')), store);
  for (const id of [IDS.one, IDS.two]) {
    const archive = await archives.write([id], new AbortController().signal);
    written.set(id, archive);
    const data = { archive: archive.archive, events: EVENTS, outcome: 'Success' };
    await store.append(streamOf(id), 'any', [event((n += 1), 'ExecutionArchived', data)]);
  }
  head = await sealing.seal(store);
  forged = await forgedArchive(store.storeId);
  for (const [id, { archive }] of written) await store.archive(streamOf(id), EVENTS, archive.file);
  await store.close();
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

const fileOf = (id: string): string => written.get(id)!.archive.file;

/** Of a file that never was. */
const NOT_WRITTEN = 'archive-20260301T100000Z-00000000.ndjson.gz';

interface Inflicted {
  readonly meddler: Meddler;
  /** Of the archive files. */
  readonly folder: string;
}

async function foundAfter(
  inflict: (inflicted: Inflicted) => void,
  withFiles = true,
  afterwards = '',
): Promise<VerificationReport> {
  const copy = mkdtempSync(join(tmpdir(), 'archived-copy-'));
  try {
    copyFileSync(join(made, 'log.db'), join(copy, 'log.db'));
    cpSync(join(made, 'archives'), join(copy, 'archives'), { recursive: true });
    const meddler = new Meddler(join(copy, 'log.db'));
    inflict({ meddler, folder: join(copy, 'archives') });
    meddler.done();
    const db = new DatabaseSync(join(copy, 'log.db'));
    db.exec(afterwards);
    db.close();
    const store = await openSqliteEventStore({ file: join(copy, 'log.db') });
    const archives = new ArchiveFolder(join(copy, 'archives'));
    const beside = { heads: [head], ownKeys: [KEYS.first.publicKey] };
    const report = await verifyLog(store, { ...beside, ...(withFiles && { archives }) });
    await store.close();
    return report;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const rowOf = (meddler: Meddler, id: string, revision: number): Cells => meddler.stream(streamOf(id))[revision]!;
const blank = (meddler: Meddler, id: string, revision: number, file = fileOf(IDS.one)): void =>
  meddler.set(rowOf(meddler, id, revision).position, { data: '', metadata: file });

/** What somebody appends who knows how events are made, and has no key. */
function forgedClaim(meddler: Meddler, id: string, file: string, sha256 = 'a'.repeat(64), events = EVENTS): void {
  const last = meddler.stream(streamOf(id)).at(-1)!;
  const data = `{"archive":{"file":"${file}","sha256":"${sha256}"},"events":${events},"outcome":"Success"}`;
  const claim = {
    ...last,
    position: meddler.all().length + 1,
    revision: last.revision + 1,
    id: '00000000-0000-4000-8000-0000000000ff',
    type: 'ExecutionArchived',
    data,
    previous_hash: last.hash,
  };
  meddler.insert({ ...claim, hash: hashOf(last.hash, claim) });
  meddler.setCounter();
}

const inFile =
  (id: string, change: (content: Buffer) => Buffer) =>
  ({ folder }: Inflicted): void => {
    const path = join(folder, fileOf(id));
    writeFileSync(path, change(readFileSync(path)));
  };

function flipped(content: Buffer): Buffer {
  const changed = Buffer.from(content);
  changed[changed.length >> 1]! ^= 1;
  return changed;
}

type Damaged = readonly [name: string, kind: DamageKind, inflict: (inflicted: Inflicted) => void];

/** Found without looking at any file. */
const OF_THE_LOG: readonly Damaged[] = [
  ['an event blanked, whose stream says nothing of it', 'Blanked', ({ meddler }) => blank(meddler, IDS.whole, 2)],
  [
    'the seal log blanked',
    'Blanked',
    ({ meddler }) => meddler.set(meddler.stream(SEAL_STREAM)[1]!.position, { data: '', metadata: fileOf(IDS.one) }),
  ],
  [
    'an archived event said to be in another file',
    'Blanked',
    ({ meddler }) => blank(meddler, IDS.one, 2, fileOf(IDS.two)),
  ],
  [
    'all events of an archived history said to be in another file',
    'Blanked',
    ({ meddler }) => {
      for (let revision = 0; revision < EVENTS; revision += 1) blank(meddler, IDS.one, revision, fileOf(IDS.two));
    },
  ],
  [
    'one event more blanked than its stream says',
    'Blanked',
    ({ meddler }) => {
      forgedClaim(meddler, IDS.whole, NOT_WRITTEN, undefined, 2);
      for (let revision = 0; revision < 3; revision += 1) blank(meddler, IDS.whole, revision, NOT_WRITTEN);
    },
  ],
  ['the event that says so blanked too', 'Blanked', ({ meddler }) => blank(meddler, IDS.one, EVENTS)],
  [
    'an event without data and without the name of a file',
    'Unreadable',
    ({ meddler }) => blank(meddler, IDS.whole, 2, ''),
  ],
  [
    'the hash of an archived event',
    'Rechained',
    ({ meddler }) => meddler.set(rowOf(meddler, IDS.one, 2).position, { hash: 'ab'.repeat(32) }),
  ],
  [
    'the hashes of an archived event and of the link to it',
    'Rewritten',
    ({ meddler }) => {
      meddler.set(rowOf(meddler, IDS.one, 2).position, { hash: 'ab'.repeat(32) });
      meddler.set(rowOf(meddler, IDS.one, 3).position, { previous_hash: 'ab'.repeat(32) });
    },
  ],
  [
    'an archived event taken out',
    'Missing',
    ({ meddler }) => {
      meddler.run('DELETE FROM events WHERE position = ?', rowOf(meddler, IDS.one, 2).position);
      meddler.renumber();
    },
  ],
  [
    'the file named by the event that says so',
    'Blanked',
    ({ meddler }) => {
      const row = rowOf(meddler, IDS.one, EVENTS);
      meddler.set(row.position, { data: row.data.replace(fileOf(IDS.one), fileOf(IDS.two)) });
    },
  ],
  [
    'another file named by all of them, re-chained without the key',
    'Rewritten',
    ({ meddler }) => {
      const row = rowOf(meddler, IDS.one, EVENTS);
      const forged = { ...row, data: row.data.replace(fileOf(IDS.one), NOT_WRITTEN) };
      meddler.set(row.position, { data: forged.data, hash: hashOf(row.previous_hash, forged) });
      for (let revision = 0; revision < EVENTS; revision += 1) blank(meddler, IDS.one, revision, NOT_WRITTEN);
    },
  ],
];

const MORE_OF_THE_LOG: readonly Damaged[] = [
  [
    'an event after those that were archived, blanked',
    'Blanked',
    ({ meddler }) => {
      forgedClaim(meddler, IDS.one, fileOf(IDS.one));
      blank(meddler, IDS.one, EVENTS + 1);
    },
  ],
  [
    'a history said to be in a file of which others say another digest',
    'ArchiveDiffers',
    ({ meddler }) => {
      forgedClaim(meddler, IDS.whole, fileOf(IDS.two));
      for (let revision = 0; revision < EVENTS; revision += 1) blank(meddler, IDS.whole, revision, fileOf(IDS.two));
    },
  ],
];

/** Found by looking at the files. */
const OF_THE_FILES: readonly Damaged[] = [
  ['a file that is gone', 'ArchiveMissing', ({ folder }) => rmSync(join(folder, fileOf(IDS.two)))],
  ['the whole folder gone', 'ArchiveMissing', ({ folder }) => rmSync(folder, { recursive: true })],
  ['a byte of a file', 'ArchiveDiffers', inFile(IDS.one, (content) => flipped(content))],
  ['the end of a file', 'ArchiveDiffers', inFile(IDS.one, (content) => content.subarray(0, -1))],
  [
    'something after the end of a file',
    'ArchiveDiffers',
    inFile(IDS.one, (content) => Buffer.concat([content, content])),
  ],
  ['an empty file', 'ArchiveDiffers', inFile(IDS.two, () => Buffer.alloc(0))],
  [
    'two files swapped',
    'ArchiveDiffers',
    ({ folder }) => {
      const [one, two, aside] = [fileOf(IDS.one), fileOf(IDS.two), 'aside'].map((name) => join(folder, name));
      renameSync(one!, aside!);
      renameSync(two!, one!);
      renameSync(aside!, two!);
    },
  ],
  [
    'a history blanked, and a forged event that says it was archived',
    'ArchiveMissing',
    ({ meddler }) => {
      forgedClaim(meddler, IDS.whole, NOT_WRITTEN);
      for (let revision = 0; revision < EVENTS; revision += 1) blank(meddler, IDS.whole, revision, NOT_WRITTEN);
    },
  ],
  [
    'the same, said to be in a file that is there',
    'ArchiveDiffers',
    ({ meddler }) => {
      forgedClaim(meddler, IDS.whole, fileOf(IDS.two), written.get(IDS.two)!.archive.sha256);
      for (let revision = 0; revision < EVENTS; revision += 1) blank(meddler, IDS.whole, revision, fileOf(IDS.two));
    },
  ],
  [
    'the same, with another digest of that file',
    'ArchiveDiffers',
    ({ meddler }) => {
      forgedClaim(meddler, IDS.whole, fileOf(IDS.two));
      for (let revision = 0; revision < EVENTS; revision += 1) blank(meddler, IDS.whole, revision, fileOf(IDS.two));
    },
  ],
];

test('a history blanked, said to be in a good bundle that somebody made up, is found by its hashes', async () => {
  const report = await foundAfter(({ meddler }) => {
    const { file, sha256 } = forged.archive;
    forgedClaim(meddler, IDS.whole, file, sha256);
    for (let revision = 0; revision < EVENTS; revision += 1) blank(meddler, IDS.whole, revision, file);
  });
  expect(report.firstDamage).toMatchObject({ kind: 'ArchiveDiffers' });
  expect(report.firstDamage?.expected).toContain('the event');
});

test('an archived log holds, and its files with it', async () => {
  const report = await foundAfter(() => undefined);
  expect(report).toMatchObject({ ok: true, archived: 2 * EVENTS, archives: { named: 2, held: 2 } });
  expect(readdirSync(join(made, 'archives')).sort()).toEqual(
    [fileOf(IDS.one), fileOf(IDS.two), forged.archive.file].sort(),
  );
});

test('without the files, the log holds as far as it can be told, and that is said', async () => {
  const report = await foundAfter(({ folder }) => rmSync(folder, { recursive: true }), false);
  expect(report).toMatchObject({ ok: true, archives: { named: 2, held: 0 } });
});

test('a database that was made smaller holds, with its files', async () => {
  const report = await foundAfter(() => undefined, true, 'VACUUM');
  expect(report).toMatchObject({ ok: true, archives: { named: 2, held: 2 } });
});

test.each([...OF_THE_LOG, ...MORE_OF_THE_LOG])('%s is found without the files: %s', async (_, kind, inflict) => {
  expect((await foundAfter(inflict, false)).firstDamage?.kind).toBe(kind);
});

test.each(OF_THE_FILES)('%s is found: %s', async (_, kind, inflict) => {
  expect((await foundAfter(inflict)).firstDamage?.kind).toBe(kind);
});
