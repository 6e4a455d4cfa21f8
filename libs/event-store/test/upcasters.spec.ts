import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Upcaster } from '#event-store';
import { MemoryEventStore, START, UnknownSchemaError, Upcasters, verifyChain, withUpcasters } from '#event-store';
import type { GoldenEvent } from './golden.ts';
import { goldenEvents, replayGolden } from './golden.ts';
import { newEvent } from './events.ts';
import { collect } from './collect.ts';
import { sourceFolder } from './folders.ts';

const GOLDEN = join(sourceFolder, 'golden');

/** Made-up types: Sample has had three shapes, Plain one. */
const STEPS: Upcaster[] = [
  { type: 'Sample', from: 1, upcast: ({ name, ...rest }) => ({ ...rest, names: [name ?? ''] }) },
  { type: 'Sample', from: 2, upcast: (data) => ({ ...data, isTrusted: false }) },
];
const upcasters = new Upcasters({ Sample: 3, Plain: 1 }, STEPS);

describe('upcasters', () => {
  test('an old event is read in the current shape, through every step in order', async () => {
    const store = withUpcasters(new MemoryEventStore(), upcasters);
    const old = newEvent({ type: 'Sample', schemaVersion: 1, data: { name: 'a' } });
    const appended = await store.append('sample-1', 'none', [old]);
    const expected = { schemaVersion: 3, data: { names: ['a'], isTrusted: false } };
    expect(appended.events[0]).toMatchObject(expected);
    expect((await store.readStream('sample-1')).events[0]).toMatchObject(expected);
    expect((await store.readAll(START)).events[0]).toMatchObject(expected);
    const [message] = await collect(store.subscribe(START), 1);
    expect(message).toMatchObject({ kind: 'event', event: expected });
  });

  test('what is stored stays as written: the chain verifies on the store below', async () => {
    const store = new MemoryEventStore();
    const old = newEvent({ type: 'Sample', schemaVersion: 1, data: { name: 'a' } });
    await withUpcasters(store, upcasters).append('sample-1', 'none', [old]);
    const { events } = await store.readStream('sample-1');
    expect(events[0]).toMatchObject({ schemaVersion: 1, data: { name: 'a' } });
    expect(verifyChain(events)).toBeUndefined();
  });

  test('an event of a newer program is refused with a sentence, one of an unknown type is left alone', async () => {
    const store = withUpcasters(new MemoryEventStore(), upcasters);
    await store.append('sample-1', 'none', [newEvent({ type: 'Elsewhere', schemaVersion: 9, data: { x: 1 } })]);
    expect((await store.readStream('sample-1')).events[0]).toMatchObject({ schemaVersion: 9, data: { x: 1 } });
    const newer = store.append('sample-2', 'none', [newEvent({ type: 'Plain', schemaVersion: 2 })]);
    await expect(newer).rejects.toThrow(UnknownSchemaError);
    await expect(store.readStream('sample-2')).rejects.toThrow(
      /Plain has schema version 2, this program knows up to 1/,
    );
  });

  test('a missing, doubled or overlong list of steps is found when it is built', () => {
    expect(() => new Upcasters({ Sample: 3 }, STEPS.slice(1))).toThrow('no upcaster for Sample from version 1');
    expect(() => new Upcasters({ Sample: 3 }, [...STEPS, STEPS[0]!])).toThrow(
      'two upcasters for Sample from version 1',
    );
    expect(() => new Upcasters({ Sample: 2 }, STEPS)).toThrow('beyond the current version');
  });
});

describe('golden files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'golden-'));
    cpSync(GOLDEN, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const change = (file: string, edit: (golden: GoldenEvent) => unknown): void => {
    const golden = JSON.parse(readFileSync(join(folder, file), 'utf8')) as GoldenEvent;
    writeFileSync(join(folder, file), JSON.stringify(edit(golden)));
  };

  test('every version ever written is read as the current one and its hash still verifies', () => {
    expect(goldenEvents(GOLDEN)).toHaveLength(4);
    expect(replayGolden(GOLDEN, upcasters)).toEqual([]);
  });

  test('a changed event shows', () => {
    change('Sample.v1.json', ({ written, current }) => ({ written: { ...written, data: { name: 'b' } }, current }));
    const faults = replayGolden(folder, upcasters);
    expect(faults.map(({ file, fault }) => `${file}: ${fault}`)).toEqual([
      'Sample.v1.json: the hash does not verify',
      'Sample.v1.json: upcasts to {"names":["b"],"isTrusted":false}',
    ]);
  });

  test('a version without a file and a step that changed show', () => {
    rmSync(join(folder, 'Sample.v2.json'));
    const other = new Upcasters({ Sample: 3, Plain: 1 }, [
      STEPS[0]!,
      { type: 'Sample', from: 2, upcast: (data) => data },
    ]);
    expect(replayGolden(folder, other).map(({ file }) => file)).toEqual(['Sample.v1.json', 'Sample.v2.json']);
  });
});
