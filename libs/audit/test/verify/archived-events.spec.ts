import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { EventStore } from '#event-store';
import { NamedArchives } from '../../src/verify/archived-events.ts';
import { exported, fileOf, streamOfExecution, verified, World } from '../bundle/world.ts';

const FILE = 'archive-20260301T100000Z-a1b2c3d4.ndjson.gz';
const OTHER = 'archive-20260301T100000Z-00000000.ndjson.gz';
const EVENTS = 4;

let world: World;
let file: Buffer;
beforeEach(async () => {
  world = new World();
  await world.introduce();
  for (let n = 0; n < EVENTS; n += 1)
    for (const id of ['alpha', 'beta']) await world.record(streamOfExecution(id), 'SampleHappened', { n });
  await world.seal();
  file = fileOf(await exported(world.parts(), { kind: 'executions', executionIds: ['alpha', 'beta'] }));
});

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

interface Asked {
  /** What the claims say of the file. */
  readonly sha256?: string;
  readonly store?: Pick<EventStore, 'textsAt' | 'storeId'>;
  readonly signal?: AbortSignal;
}

/** Of a log that let go of some events to a file with this content. */
async function foundIn(content: Buffer | Error | undefined, ids: readonly string[], asked: Asked = {}) {
  const named = new NamedArchives();
  for (const id of ids)
    for (let revision = 0; revision < EVENTS; revision += 1)
      named.met(
        { stream: streamOfExecution(id), revision },
        { file: FILE, sha256: asked.sha256 ?? sha256Of(content as Buffer), events: EVENTS },
      );
  const read = async () => {
    if (content instanceof Error) throw content;
    return content && chunks(content);
  };
  const held: string[] = [];
  const damage = await named.firstDamage(asked.store ?? world.store, { read }, (name) => held.push(name), asked.signal);
  return { damage, held };
}

async function* chunks(content: Buffer): AsyncIterable<Uint8Array> {
  yield content;
}

test('a file that has what the log let go of is held', async () => {
  for (const id of ['alpha', 'beta']) await world.archive(id, FILE);
  expect(await foundIn(file, ['alpha', 'beta'])).toEqual({ damage: undefined, held: [FILE] });
});

test('a file with the same content packed anew is not the one that was written', async () => {
  await world.archive('alpha', FILE);
  const { damage, held } = await foundIn(gzipSync(file), ['alpha'], { sha256: sha256Of(gzipSync(file, { level: 0 })) });
  expect([damage?.kind, damage?.found, held]).toEqual(['ArchiveDiffers', sha256Of(gzipSync(file)), []]);
});

test('a file that is no good bundle differs, though the log names just this one', async () => {
  await world.archive('alpha', FILE);
  const withoutEnd = Buffer.from(file.toString().replace(/\{"counts".*\n$/, ''));
  expect((await verified(withoutEnd)).firstDamage?.check).toBe('Truncated');
  const { damage } = await foundIn(withoutEnd, ['alpha']);
  expect([damage?.kind, damage?.found]).toEqual(['ArchiveDiffers', expect.stringMatching(/^Truncated in line/)]);
});

test('a good bundle of another log differs, though it has the very events', async () => {
  await world.archive('alpha', FILE);
  const { store } = world;
  const { damage } = await foundIn(file, ['alpha'], {
    store: { storeId: 'other', textsAt: (stream, revision) => store.textsAt(stream, revision) },
  });
  expect([damage?.kind, damage?.expected]).toEqual(['ArchiveDiffers', `${FILE} to be of this log`]);
});

test('what the log let go of to another file does not stand for what is missing in this one', async () => {
  await world.archive('alpha', OTHER);
  const { damage } = await foundIn(file, ['alpha']);
  expect([damage?.kind, damage?.found]).toEqual(['ArchiveDiffers', '0']);
});

test('a file that cannot be read is missing, and why is said', async () => {
  for (const [content, why] of [
    [new Error('EACCES: permission denied'), /EACCES/],
    [undefined, /no such file/],
  ] as const) {
    const { damage } = await foundIn(content, ['alpha'], { sha256: 'a'.repeat(64) });
    expect([damage?.kind, damage?.found]).toEqual(['ArchiveMissing', expect.stringMatching(why)]);
  }
});

test('no further file is read once it was told to stop', async () => {
  const stopped = foundIn(file, ['alpha'], { signal: AbortSignal.abort(new Error('enough')) });
  await expect(stopped).rejects.toThrow('enough');
});

test('one file that two streams say different things of is damage, whatever it is', () => {
  const named = new NamedArchives();
  const claim = { file: FILE, sha256: 'a'.repeat(64), events: 1 };
  expect(named.met({ stream: 'a', revision: 0 }, claim)).toBeUndefined();
  expect(named.met({ stream: 'b', revision: 0 }, claim)).toBeUndefined();
  expect(named.met({ stream: 'c', revision: 0 }, { ...claim, sha256: 'b'.repeat(64) })?.kind).toBe('ArchiveDiffers');
});
