import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { JsonObject } from '#execution';
import type { Case } from './agreement.ts';
import { DAMAGED, disagreements, INTACT } from './agreement.ts';
import { changed, closed, rehash } from './forging.ts';
import { PATIENCE_MS, withPython } from './python.ts';
import { exported, fileOf, sampleWorld, streamOfExecution, World } from './world.ts';

const RUNS = 8;
const EVENTS = 60;
const DEEPEST = 100;

/** Any doubles: by their bits, and those that people write. */
const bits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, value);
  return view.getFloat64(0);
});
const people = fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: -30, max: 30 }));
const numbers = fc.oneof(
  bits.filter(Number.isFinite),
  people.map(([digits, exponent]) => Number(`${digits}e${exponent}`)),
  fc.integer(),
);
/** Texts of any code units: with halves of pairs, in any order. */
const texts = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom(0xd83d, 0xde00, 0x41, 0x22, 0x0a, 0xfb33, 0x2028), { maxLength: 8 })
    .map((units) => String.fromCharCode(...units)),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    numbers,
    texts,
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 5 }),
  ),
}));
const contents = fc.dictionary(texts, values, { maxKeys: 6, noNullPrototype: true }) as fc.Arbitrary<JsonObject>;

async function worldOf(events: readonly JsonObject[]): Promise<World> {
  const world = new World();
  await world.introduce();
  for (const data of events) await world.record(streamOfExecution('alpha'), 'SampleHappened', data);
  await world.seal();
  return world;
}

withPython(() => {
  test(
    'both implementations read and hash any content alike',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(contents, { minLength: EVENTS, maxLength: EVENTS }), async (events) => {
          const world = await worldOf(events);
          const file = fileOf(await exported(world.parts(), { kind: 'all' }));
          expect(await disagreements([{ name: 'any content', file, expected: INTACT }], { head: world.head! })).toEqual(
            [],
          );
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE_MS,
  );

  test('what is nested as deep as can be recorded is good, and one level more is not', async () => {
    const nested = (depth: number): JsonObject =>
      JSON.parse('{"a":'.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1)) as JsonObject;
    const world = await worldOf([nested(DEEPEST)]);
    const lines = await exported(world.parts(), { kind: 'all' });
    const place = lines.findIndex((line) => line.includes('{"a":{"a":'));
    const deeper = lines.with(place, lines[place]!.replace('{}', '{"a":{}}'));
    const cases: Case[] = [
      { name: 'deepest', file: fileOf(lines), expected: INTACT },
      { name: 'deeper', file: fileOf(deeper), expected: 'Malformed' },
      { name: 'bottomless', file: fileOf([`${'['.repeat(400_000)}`]), expected: 'Malformed' },
    ];
    expect(await disagreements(cases, {})).toEqual([]);
  });

  test.each<[string, (line: string) => string | Buffer]>([
    ['a number with too many digits', (line) => line.replace('"n":1', '"n":1.00000000000000000001')],
    ['a number written with a capital exponent', (line) => line.replace('"n":1', '"n":1E0')],
    ['a negative zero', (line) => line.replace('"n":1', '"n":-0')],
    ['a number that is none', (line) => line.replace('"n":1', '"n":NaN')],
    ['a number too large for a double', (line) => line.replace('"n":1', '"n":1e999')],
    ['a name twice', (line) => line.replace('"n":1', '"n":1,"n":1')],
    ['an escape that need not be', (line) => line.replace('"n":1', String.raw`"n":"\u0041"`)],
    ['an escaped slash', (line) => line.replace('"n":1', String.raw`"n":"\/"`)],
    ['an escape in capitals', (line) => line.replace('"n":1', String.raw`"n":"\uD83D"`)],
    ['a pair written as escapes', (line) => line.replace('"n":1', String.raw`"n":"\ud83d\ude00"`)],
    ['names sorted by code points', (line) => line.replace('"n":1', '"\ufb33":1,"\u{1f600}":1')],
    ['a control character as itself', (line) => line.replace('"n":1', '"n":"\u0001"')],
    ['a surrogate in UTF-8', (line) => Buffer.concat(splitAt(line, Buffer.from('22eda0bd22', 'hex')))],
    ['an overlong form in UTF-8', (line) => Buffer.concat(splitAt(line, Buffer.from('22c0af22', 'hex')))],
    ['a comma too many', (line) => line.replace('"n":1', '"n":1,')],
    ['a line that is too long', (line) => line.replace('"n":1', `"n":"${'x'.repeat(1024 * 1024)}"`)],
  ])('%s is refused by both, where the line is', async (name, damage) => {
    const world = await worldOf([{ n: 1 }]);
    const lines = await exported(world.parts(), { kind: 'all' });
    const place = lines.findIndex((line) => line.includes('"n":1'));
    const damaged = Buffer.from(damage(lines[place]!));
    const file = Buffer.concat([
      fileOf(lines.slice(0, place)),
      damaged,
      Buffer.from('\n'),
      fileOf(lines.slice(place + 1)),
    ]);
    expect(await disagreements([{ name, file, expected: 'Malformed' }], {})).toEqual([]);
  });

  test('content that could not have been recorded for its size is refused by both', async () => {
    const world = await worldOf([{ n: 1 }]);
    const lines = await exported(world.parts(), { kind: 'all' });
    const place = lines.findIndex((line) => line.includes('"n":1'));
    const wrapped = '['.repeat(12) + `"${'x'.repeat(200_000)}"` + ']'.repeat(12);
    const large = changed(lines[place]!.replace('"n":1', '"n":0'), (line) => void rehash(line)).replace(
      '"n":0',
      `"n":${wrapped}`,
    );
    const small = lines[place]!.replace('"n":1', `"n":${wrapped.slice(4, -4)}`);
    const cases: Case[] = [
      { name: 'too large', file: fileOf(lines.with(place, large)), expected: 'Malformed' },
      { name: 'not too large', file: fileOf(lines.with(place, small)), expected: 'HashDiffers' },
    ];
    expect(await disagreements(cases, {})).toEqual([]);
  });

  test('any byte changed anywhere is found by both, at the same line by the same check', async () => {
    const world = await sampleWorld({ rounds: 3 });
    const file = fileOf(await exported(world.parts(), { kind: 'execution', executionId: 'alpha' }));
    const places = fc.sample(
      fc.tuple(fc.integer({ min: 0, max: file.length - 1 }), fc.integer({ min: 1, max: 255 })),
      300,
    );
    const cases = places.map(([place, by]): Case => {
      const damaged = Buffer.from(file);
      damaged[place] = damaged[place]! ^ by;
      return { name: `byte ${place} ^ ${by}`, file: damaged, expected: DAMAGED };
    });
    expect(await disagreements(cases, {})).toEqual([]);
  });

  test('a packed file that is cut anywhere, or goes on after its end, is no bundle', async () => {
    const world = await sampleWorld({ rounds: 3 });
    const packed = gzipSync(fileOf(await exported(world.parts(), { kind: 'all' })));
    const cut = fc.sample(fc.integer({ min: 2, max: packed.length - 1 }), 60);
    const more = [Buffer.from('xy'), Buffer.from([0, 0, 0]), Buffer.from('more than that'), Buffer.alloc(70_000)];
    const cases: Case[] = [
      ...[...cut, packed.length - 1, packed.length - 8].map((length) => ({
        name: `cut at ${length}`,
        file: packed.subarray(0, length),
        expected: 'Truncated',
      })),
      ...more.map((rest) => ({
        name: `and ${rest.length} more`,
        file: Buffer.concat([packed, rest]),
        expected: 'Malformed',
      })),
      { name: 'begun anew', file: Buffer.concat([packed, Buffer.from([0x1f, 0x8b])]), expected: 'Truncated' },
      { name: 'another checksum', file: packed.with(-8, packed.at(-8)! ^ 1), expected: 'Malformed' },
      { name: 'nothing', file: Buffer.alloc(0), expected: 'Truncated' },
      { name: 'nothing, packed', file: gzipSync(''), expected: 'Truncated' },
      { name: 'no gzip at all', file: Buffer.from([0x1f, 0x8b, 0xff, 0xff, 0xff]), expected: 'Malformed' },
    ];
    expect(
      await disagreements(
        cases.map((each) => ({ ...each, isPacked: true })),
        {},
      ),
    ).toEqual([]);
  });

  test('what follows the last line is no part of a bundle, a line or not', async () => {
    const world = await worldOf([{ n: 1 }]);
    const file = fileOf(await exported(world.parts(), { kind: 'all' }));
    const cases: Case[] = [
      { name: 'less than a line', file: Buffer.concat([file, Buffer.from('x')]), expected: 'Truncated' },
      { name: 'an empty line', file: Buffer.concat([file, Buffer.from('\n')]), expected: 'Malformed' },
      { name: 'no line feed at the end', file: file.subarray(0, -1), expected: 'Truncated' },
      { name: 'other line ends', file: Buffer.from(file.toString().replaceAll('\n', '\r\n')), expected: 'Malformed' },
    ];
    expect(await disagreements(cases, {})).toEqual([]);
  });

  test('an unsigned bundle whose unsealed events were made anew is intact, and says that nobody vouches', async () => {
    const world = new World();
    await world.record(streamOfExecution('alpha'), 'SampleHappened', { n: 1 });
    const lines = await exported(world.parts(), { kind: 'all' });
    const cases: Case[] = [{ name: 'nobody', file: fileOf(await closed(lines, undefined)), expected: INTACT }];
    expect(await disagreements(cases, {})).toEqual([]);
  });
});

/** The line with other bytes in place of its number. */
function splitAt(line: string, bytes: Buffer): Buffer[] {
  const [before, after] = line.split('"n":1');
  return [Buffer.from(`${before}"n":`), bytes, Buffer.from(after!)];
}
