import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SealView, WrittenArchive } from '#runtime';
import { ArchiveFolder } from '../../src/archives/archive-folder.ts';
import type { BundleArchivesParts } from '../../src/archives/bundle-archives.ts';
import { BundleArchives } from '../../src/archives/bundle-archives.ts';
import { StartupError } from '../../src/startup-error.ts';
import type { World } from '../../libs/audit/test/bundle/world.ts';
import { sampleWorld, streamOfExecution } from '../../libs/audit/test/bundle/world.ts';
import { until } from '../support/until.ts';

const NOW_MS = Date.parse('2026-03-01T10:00:00.000Z');
const NAME = /^archive-20260301T100000Z-[0-9a-f]{8}\.ndjson\.gz$/;
const SEALED = {} as SealView;

let beside: string;
let path: string;
let folder: ArchiveFolder;
beforeEach(() => {
  beside = mkdtempSync(join(tmpdir(), 'archives-'));
  path = join(beside, 'archives');
  folder = new ArchiveFolder(path);
});
afterEach(() => rmSync(beside, { recursive: true, force: true }));

const left = (): readonly string[] => readdirSync(path);

async function* texts(...lines: readonly string[]): AsyncIterable<string> {
  yield* lines;
}

async function contentOf(chunks: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks ?? []) all.push(chunk);
  return Buffer.concat(all);
}

function archivesOf(world: World, more: Partial<BundleArchivesParts> = {}): BundleArchives {
  const { store, key, now, madeBy } = world.parts();
  return new BundleArchives({
    ...{ folder, store, madeBy, now: () => Math.max(NOW_MS, now()) },
    seals: { sealNow: async () => (await world.seal(), SEALED) },
    keys: { find: key! },
    ...more,
  });
}

const written = (archives: BundleArchives, ...ids: readonly string[]): Promise<WrittenArchive> =>
  archives.write(ids, new AbortController().signal);

describe('a folder of archives', () => {
  test('has files that only their owner can read, under names that are given once', async () => {
    const made = [
      await folder.write(NOW_MS, texts('a\n'), contentOf),
      await folder.write(NOW_MS, texts('a\n'), contentOf),
    ];
    expect(new Set(made.map(({ file }) => file)).size).toBe(2);
    for (const { file } of made) {
      expect(file).toMatch(NAME);
      expect(statSync(join(path, file)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  test('lets what was written be checked from the file itself, before it has its name', async () => {
    let seen: readonly string[] = [];
    const { file, checked } = await folder.write(NOW_MS, texts('a\n', 'b\n'), async (chunks) => {
      seen = left();
      return contentOf(chunks);
    });
    expect(seen).toEqual([`${file}.tmp`]);
    expect(checked).toEqual(await contentOf(await folder.read(file)));
  });

  test('waits for nobody where a pipe has the name of an archive, and says so', async () => {
    await folder.prepare();
    execFileSync('mkfifo', [join(path, 'a-pipe.gz')]);
    await expect(folder.read('a-pipe.gz')).rejects.toThrow('a-pipe.gz: expected an archive file, found something else');
  });

  test('has nothing of a file that does not pass, or that breaks off', async () => {
    const failing = (): Promise<never> => Promise.reject(new Error('not good'));
    await expect(folder.write(NOW_MS, texts('a\n'), failing)).rejects.toThrow('not good');
    async function* broken(): AsyncIterable<string> {
      yield 'a\n';
      throw new Error('broke off');
    }
    await expect(folder.write(NOW_MS, broken(), contentOf)).rejects.toThrow('broke off');
    expect(left()).toEqual([]);
  });

  test('leaves no file open when what was written is refused before it was read', async () => {
    const refused = folder.write(NOW_MS, texts('a\n'), () => Promise.reject(new Error('refused')));
    await expect(refused).rejects.toThrow('refused');
    const isOpen = (fd: string): boolean => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).startsWith(path);
      } catch {
        return false; // closed meanwhile
      }
    };
    await until('all to be closed', () => !readdirSync('/proc/self/fd').some(isOpen));
  });

  test('is rid of what a crash left, and of nothing else, once it is prepared', async () => {
    mkdirSync(path);
    const others = ['archive-20260301T100000Z-a1b2c3d4.ndjson.gz', 'mine.tmp', 'notes.txt'];
    for (const name of [...others, 'archive-20260301T100000Z-ffffffff.ndjson.gz.tmp'])
      writeFileSync(join(path, name), '');
    await folder.prepare();
    expect([...left()].sort()).toEqual(others);
  });

  test('that cannot be made is told before anything starts', async () => {
    writeFileSync(path, '');
    await expect(folder.prepare()).rejects.toThrow(StartupError);
  });

  test('tells a file that is not there from one that cannot be read, and reads no other folder', async () => {
    mkdirSync(join(path, 'a-folder'), { recursive: true });
    expect(await folder.read('nothing.gz')).toBeUndefined();
    await expect(folder.read('../archives/nothing.gz')).rejects.toThrow('expected the name of an archive file');
    await expect(folder.read('a-folder')).rejects.toThrow('a-folder: expected an archive file, found something else');
  });
});

describe('archived histories', () => {
  let world: World;
  beforeEach(async () => (world = await sampleWorld({ rounds: 4 })));

  test('are sealed, written, verified and counted from the file', async () => {
    const archive = await written(archivesOf(world), 'gamma', 'alpha');
    expect(archive.executions).toEqual([
      { executionId: 'gamma', events: 4 },
      { executionId: 'alpha', events: 6 },
    ]);
    expect(archive.archive.file).toMatch(NAME);
    expect(archive.bytes).toBe(statSync(join(path, archive.archive.file)).size);
  });

  const REFUSED: readonly [string, (world: World) => BundleArchives | Promise<BundleArchives>, string][] = [
    [
      'with an event that no seal covers',
      (made) => archivesOf(made, { seals: { sealNow: async () => SEALED } }),
      'no seal',
    ],
    [
      'while the log cannot be sealed',
      (made) => archivesOf(made, { seals: { sealNow: () => Promise.reject(new Error('a person must look first')) } }),
      'a person',
    ],
    ['without the key of the seals', (made) => archivesOf(made, { keys: { find: async () => undefined } }), 'the key'],
    [
      'that were archived before',
      async (made) => {
        await made.seal();
        await made.archive('alpha');
        return archivesOf(made);
      },
      'archived before',
    ],
  ];
  test.each(REFUSED)('%s are not written', async (_, archivesFor, said) => {
    const archives = await archivesFor(world);
    await expect(written(archives, 'alpha')).rejects.toThrow(said);
    expect(left()).toEqual([]);
  });

  test('of which one is not there are not written', async () => {
    await expect(written(archivesOf(world), 'alpha', 'unknown')).rejects.toThrow(streamOfExecution('unknown'));
    expect(left()).toEqual([]);
  });

  test('of which the disk gives back something else are not written', async () => {
    const read = folder.read.bind(folder);
    folder.read = async (file) => {
      const content = await contentOf(await read(file));
      content[content.length >> 1]! ^= 1;
      return (async function* () {
        yield content;
      })();
    };
    await expect(written(archivesOf(world), 'alpha')).rejects.toThrow('is damaged');
    expect(left()).toEqual([]);
  });

  test('are not written any more when the service stops', async () => {
    const stopped = AbortSignal.abort(new Error('stopping'));
    await expect(archivesOf(world).write(['alpha'], stopped)).rejects.toThrow('stopping');
    expect(left()).toEqual([]);
  });
});
