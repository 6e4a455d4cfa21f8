import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyLog } from '#audit';
import type { ArchiveReader } from '#audit';
import { MemoryEventStore, SEAL_STREAM } from '#event-store';
import type { EventStore } from '#event-store';
import type { NewEvent } from '#execution';
import { streamOf } from '#execution';
import type { SealView } from '#runtime';
import { ArchiveFolder } from '../../src/archives/archive-folder.ts';
import { BundleArchives } from '../../src/archives/bundle-archives.ts';
import { KEYS, Sealing } from './sealed-log.ts';

const EVENTS = 3;
const IDS = ['first', 'second'] as const;

let path: string;
beforeEach(() => (path = mkdtempSync(join(tmpdir(), 'archiving-'))));
afterEach(() => rmSync(path, { recursive: true, force: true }));

let written = 0;
const event = (type: string, data: object): NewEvent => ({
  id: `00000000-0000-4000-8000-${String((written += 1)).padStart(12, '0')}`,
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

/** Two histories in one file, of which the log has let go of the first: as a crash leaves them, and the next start finds them. */
async function halfLetGo() {
  const [store, sealing] = [new MemoryEventStore(), new Sealing()];
  await store.append(SEAL_STREAM, 'any', [await sealing.introduction()]);
  for (let n = 0; n < EVENTS; n += 1)
    for (const id of IDS) await store.append(streamOf(id), 'any', [event('SampleHappened', { n })]);
  await sealing.seal(store);
  const folder = new ArchiveFolder(path);
  const archives = new BundleArchives({
    ...{ folder, store, now: () => Date.parse('2026-03-01T10:00:00.000Z'), madeBy: 'test 1.0.0' },
    seals: { sealNow: async () => ({}) as SealView }, // sealed by hand before
    keys: { find: async () => KEYS.first },
  });
  const { archive } = await archives.write(IDS, new AbortController().signal);
  const letGo = async (id: string): Promise<void> => {
    await store.append(streamOf(id), 'any', [event('ExecutionArchived', { archive, events: EVENTS })]);
    await store.archive(streamOf(id), EVENTS, archive.file);
  };
  await letGo(IDS[0]);
  return { store, folder, letGo: () => letGo(IDS[1]) };
}

const verified = (store: EventStore, archives: ArchiveReader) => verifyLog(store, { archives });

test('a file of which the log lets go of more while it is verified is as the log says', async () => {
  const { store, folder, letGo } = await halfLetGo();
  const read = async (file: string) => (await letGo(), folder.read(file));
  const { ok, firstDamage, archives } = await verified(store, { read });
  expect([ok, firstDamage, archives]).toEqual([true, undefined, { named: 1, held: 1 }]);
});

test('and so it is before, and after', async () => {
  const { store, folder, letGo } = await halfLetGo();
  expect((await verified(store, folder)).ok).toBe(true);
  await letGo();
  expect((await verified(store, folder)).ok).toBe(true);
});

test('a file that cannot be read is damage of that file, and no end of the verification', async () => {
  const { store } = await halfLetGo();
  const read = () => Promise.reject(new Error('EACCES: permission denied'));
  expect((await verified(store, { read })).firstDamage).toMatchObject({
    kind: 'ArchiveMissing',
    found: expect.stringContaining('EACCES'),
  });
});
