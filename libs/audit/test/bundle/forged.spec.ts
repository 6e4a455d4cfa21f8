import type { BundleRequest } from '#audit';
import { inclusionProof, merkleRoot } from '#event-store';
import { sampleKey } from '../../../event-store/test/seal/keys.ts';
import type { Case } from './agreement.ts';
import { disagreements, INTACT } from './agreement.ts';
import { changed, closed, rehash, resigned } from './forging.ts';
import { withPython } from './python.ts';
import { exported, fileOf, sampleWorld, streamOfExecution, World } from './world.ts';

/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call -- lines are plain JSON here */
const ROUNDS = 5;
const OTHER_HASH = 'ab'.repeat(32);
const thief = sampleKey(7);

interface Bundle {
  readonly lines: readonly string[];
  readonly world: World;
  /** Index of the nth line of a kind; from the end when negative. */
  readonly at: (kind: string, nth?: number) => number;
}

type Forge = (bundle: Bundle) => Promise<readonly string[]> | readonly string[];

const ALL: BundleRequest = { kind: 'all' };
const ONE: BundleRequest = { kind: 'execution', executionId: 'alpha' };
const CHAIN: BundleRequest = { kind: 'execution', executionId: 'alpha', chain: true };

async function bundleOf(request: BundleRequest, world?: World): Promise<Bundle> {
  const made = world ?? (await sampleWorld({ rounds: ROUNDS }));
  const lines = await exported(made.parts(), request);
  const at = (kind: string, nth = 0): number => {
    const found = lines.flatMap((line, index) => (kindOf(line) === kind ? [index] : []));
    return found.at(nth)!;
  };
  return { lines, world: made, at };
}

const kindOf = (line: string): unknown => (JSON.parse(line) as { kind: unknown }).kind;

/** One line changed; the end line left as it was. */
const change =
  (kind: string, nth: number, how: (line: any) => void): Forge =>
  ({ lines, at }) =>
    lines.with(at(kind, nth), changed(lines[at(kind, nth)]!, how));

/** The same, with an end line made anew by somebody who has the service's key: only the other checks are left to find it. */
const inside =
  (forge: Forge): Forge =>
  async (bundle) =>
    closed(await forge(bundle), bundle.world.key);

/** Seal or key line signed again. */
const sign =
  (kind: string, nth: number, fill: number, how: (data: any) => void): Forge =>
  async ({ lines, at }) =>
    lines.with(at(kind, nth), await resigned(lines[at(kind, nth)]!, sampleKey(fill), how));

const drop =
  (kind: string, nth: number): Forge =>
  ({ lines, at }) =>
    lines.toSpliced(at(kind, nth), 1);

/** Hashes of an event line and all after it in its stream made to fit again. */
function rechained(lines: readonly string[], from: number): string[] {
  const stream: string = JSON.parse(lines[from]!).event.stream;
  let previous: string | undefined;
  return lines.map((text, index) => {
    const { kind, event } = JSON.parse(text);
    if (index < from || kind !== 'event' || event.stream !== stream) return text;
    return changed(text, (line) => {
      line.event.previousHash = previous ?? line.event.previousHash;
      rehash(line);
      previous = line.event.hash;
    });
  });
}

/** An event that says something else, with every hash of its stream made to fit. */
const rewritten =
  (nth: number): Forge =>
  (bundle) => {
    const place = bundle.at('event', nth);
    return rechained(change('event', nth, (line) => (line.event.data = { forged: true }))(bundle) as string[], place);
  };

const FORGED: readonly [string, BundleRequest, string, Forge][] = [
  ['another format', ALL, 'FormatUnknown', change('bundle', 0, (line) => (line.format = 2))],
  ['another product', ALL, 'Malformed', change('bundle', 0, (line) => (line.product = 'other'))],
  ['a member more', ALL, 'Malformed', change('event', 3, (line) => (line.event.more = 1))],
  ['a member less', ALL, 'Malformed', change('event', 3, (line) => delete line.event.position)],
  ['a hash in capitals', ALL, 'Malformed', change('event', 3, (line) => (line.event.hash = 'A'.repeat(64)))],
  ['a revision that is no whole number', ALL, 'Malformed', change('event', 3, (line) => (line.event.revision = 1.5))],
  ['an unknown kind', ALL, 'Malformed', change('event', 3, (line) => (line.kind = 'note'))],
  ['white space in a line', ALL, 'Malformed', ({ lines }) => lines.with(3, lines[3]!.replace(':', ': '))],
  ['members in another order', ALL, 'Malformed', ({ lines }) => lines.with(-1, reversed(lines.at(-1)!))],
  [
    'a number written in another way',
    ALL,
    'Malformed',
    ({ lines, at }) => lines.with(at('event', 0), lines[at('event', 0)]!.replace('"ordinal":0', '"ordinal":0.0')),
  ],
  ['an empty line', ALL, 'Malformed', ({ lines }) => lines.toSpliced(3, 0, '')],
  ['a byte order mark', ALL, 'Malformed', ({ lines }) => lines.with(0, `\ufeff${lines[0]}`)],
  ['a second bundle line', ALL, 'Misplaced', ({ lines }) => lines.toSpliced(1, 0, lines[0]!)],
  ['an end line in the middle', ALL, 'DigestDiffers', ({ lines }) => [lines[0]!, lines.at(-1)!]],
  ['a line after the end', ALL, 'Misplaced', ({ lines }) => [...lines, lines[1]!]],
  ['a second end line', ALL, 'Misplaced', ({ lines }) => [...lines, lines.at(-1)!]],
  [
    'a key after a seal',
    ALL,
    'Misplaced',
    inside(({ lines, at }) => lines.toSpliced(at('seal', 0) + 1, 0, lines[at('key', -1)]!).toSpliced(at('key', -1), 1)),
  ],
  ['no ordinal in a run', ALL, 'Misplaced', change('event', 3, (line) => delete line.ordinal)],
  ['a proof without an ordinal', ONE, 'Malformed', change('event', 3, (line) => delete line.ordinal)],
  [
    'an event with a proof after one without',
    ONE,
    'Misplaced',
    ({ lines, at }) => lines.toSpliced(at('event', -1), 0, lines[at('event', 0)]!),
  ],
  [
    'a seal after an event without one',
    ALL,
    'Misplaced',
    ({ lines, at }) => lines.toSpliced(at('stream'), 0, lines[at('seal', -1)]!),
  ],

  ['an event that says something else', ALL, 'HashDiffers', change('event', 4, (line) => (line.event.data = {}))],
  [
    'another time',
    ONE,
    'HashDiffers',
    change('event', 1, (line) => (line.event.metadata.time = '2027-01-01T00:00:00.000Z')),
  ],
  ['another person', ONE, 'HashDiffers', change('event', 1, (line) => (line.event.metadata.actor.user = 'nobody'))],
  ['another type', ONE, 'HashDiffers', change('event', 1, (line) => (line.event.type = 'OtherHappened'))],
  ['another schema version', ONE, 'HashDiffers', change('event', 1, (line) => (line.event.schemaVersion = 2))],
  ['another id', ONE, 'HashDiffers', change('event', 1, (line) => (line.event.id = line.event.id.replace(/^0/, 'f')))],
  ['another hash', ALL, 'HashDiffers', change('event', 4, (line) => (line.event.hash = OTHER_HASH))],
  [
    'another previous hash',
    ALL,
    'PreviousHashDiffers',
    change('event', 6, (line) => (line.event.previousHash = OTHER_HASH)),
  ],
  [
    'another previous hash of a first event',
    ALL,
    'PreviousHashDiffers',
    change('event', 0, (line) => (line.event.previousHash = OTHER_HASH)),
  ],
  ['another revision', ONE, 'RevisionMissing', change('event', 1, (line) => (line.event.revision = 5))],
  ['another ordinal', ALL, 'OrdinalDiffers', change('event', 4, (line) => (line.ordinal += 1))],
  [
    'another position',
    ALL,
    'DigestDiffers',
    change('event', 4, (line) => (line.event.position = 'm1:0f8c2a51b7e4:99')),
  ],
  [
    'another position, under a new signature, of the last event of a seal',
    ALL,
    'SealDiffers',
    inside(change('event', 6, (line) => (line.event.position = 'm1:0f8c2a51b7e4:99'))),
  ],
  [
    'an event of another stream',
    ONE,
    'ForeignEvent',
    change('event', 1, (line) => (line.event.stream = streamOfExecution('beta'))),
  ],
  ['a chain made anew', ALL, 'RootDiffers', inside(rewritten(1))],
  ['a chain made anew without touching the proofs', ONE, 'ProofDiffers', inside(rewritten(1))],
  ['newest events made anew, but for the heads of their streams', ALL, 'StreamHeadDiffers', inside(rewritten(-1))],
  ['an event left out', ALL, 'OrdinalDiffers', inside(drop('event', 4))],
  ['an event left out of a stream', ONE, 'RevisionMissing', inside(drop('event', 1))],
  ['the newest events of a stream left out', ONE, 'StreamHeadDiffers', inside(drop('event', -1))],
  ['the newest events of the log left out', ALL, 'StreamHeadDiffers', inside(drop('event', -1))],

  [
    'a proof of another event',
    ONE,
    'ProofDiffers',
    inside(({ lines, at }) =>
      lines.with(
        at('event', 1),
        changed(lines[at('event', 1)]!, (line) => (line.proof.path = JSON.parse(lines[at('event', 0)]!).proof.path)),
      ),
    ),
  ],
  [
    'a proof with one hash more',
    ONE,
    'ProofDiffers',
    inside(change('event', 1, (line) => line.proof.path.push(OTHER_HASH))),
  ],
  ['a proof with one hash less', ONE, 'ProofDiffers', inside(change('event', 1, (line) => line.proof.path.pop()))],
  ['a proof from another place', ONE, 'ProofDiffers', inside(change('event', 1, (line) => (line.proof.index += 1)))],
  [
    'a proof from a place the seal does not have',
    ONE,
    'ProofDiffers',
    inside(change('event', 1, (line) => (line.proof.index += 1e6))),
  ],
  ['a proof under another seal', ONE, 'ProofDiffers', inside(change('event', 1, (line) => (line.proof.seal += 1)))],
  [
    'an ordinal that does not fit its proof',
    ONE,
    'ProofDiffers',
    inside(change('event', 1, (line) => (line.ordinal += 1))),
  ],
  ['proofs and no seal', ONE, 'ProofDiffers', inside(drop('seal', 0))],

  [
    'a seal of the chain left out',
    CHAIN,
    'CountDiffers',
    async (bundle) => fixDigest(drop('seal', -1)(bundle) as string[], bundle),
  ],
  ['a seal with another root', ALL, 'RootDiffers', inside(sign('seal', 0, 1, (data) => (data.root = OTHER_HASH)))],
  ['a seal of another log', ALL, 'StoreDiffers', inside(sign('seal', 0, 1, (data) => (data.storeId = 'other')))],
  ['a seal that begins elsewhere', ALL, 'SealDiffers', inside(sign('seal', 1, 1, (data) => (data.from += 1)))],
  [
    'a seal after another one',
    ALL,
    'SealDiffers',
    inside(sign('seal', 1, 1, (data) => (data.previousSeal = OTHER_HASH))),
  ],
  ['a seal of another number', ALL, 'SealDiffers', inside(sign('seal', 1, 1, (data) => (data.number += 1)))],
  [
    'a seal that is not the one in the log',
    ALL,
    'SealDiffers',
    inside(
      change('seal', 0, (line) => {
        line.event.metadata.time = '2027-01-01T00:00:00.000Z';
        rehash(line);
      }),
    ),
  ],
  [
    'a seal by the key of before',
    ALL,
    'KeyDiffers',
    inside(sign('seal', -1, 1, (data) => (data.keyId = sampleKey(1).keyId))),
  ],
  ['a seal by a foreign key', ALL, 'KeyDiffers', inside(sign('seal', 0, 7, (data) => (data.keyId = thief.keyId)))],
  [
    'a seal signed by a foreign key under the name of another',
    ALL,
    'SignatureDiffers',
    inside(sign('seal', 0, 7, () => undefined)),
  ],
  [
    'a seal by a weaker algorithm',
    ALL,
    'AlgorithmUnknown',
    inside(sign('seal', 0, 1, (data) => (data.algorithm = 'sha1/ed25519'))),
  ],
  ['a seal of no algorithm', ALL, 'AlgorithmUnknown', inside(sign('seal', 0, 1, (data) => delete data.algorithm))],
  ['a seal with a field more', ALL, 'Malformed', inside(sign('seal', 0, 1, (data) => (data.more = 1)))],
  [
    'a seal over more events than one may cover',
    ALL,
    'Malformed',
    inside(sign('seal', 0, 1, (data) => (data.events = 10_001))),
  ],
  [
    'a key by a weaker algorithm',
    ALL,
    'AlgorithmUnknown',
    inside(sign('key', 0, 1, (data) => (data.algorithm = 'none'))),
  ],
  ['a key under another id', ALL, 'Malformed', inside(sign('key', 0, 1, (data) => (data.keyId = OTHER_HASH)))],
  [
    'a rotation that names another key',
    ALL,
    'KeyDiffers',
    inside(sign('key', 1, 2, (data) => (data.previousKeyId = thief.keyId))),
  ],
  [
    'a rotation that the key before did not sign',
    ALL,
    'SignatureDiffers',
    inside(sign('key', 1, 2, (data) => (data.reason = 'other'))),
  ],
  ['the first key left out', ALL, 'KeyDiffers', inside(drop('key', 0))],
  ['the newest key left out', ALL, 'KeyDiffers', inside(drop('key', 1))],

  [
    'another head of a stream',
    ALL,
    'StreamHeadDiffers',
    inside(change('stream', 1, (line) => (line.hash = OTHER_HASH))),
  ],
  [
    'a stream nobody heard of',
    ALL,
    'StreamHeadDiffers',
    inside(change('stream', 3, (line) => (line.stream = 'zzz-zzz'))),
  ],
  [
    'streams in another order',
    ALL,
    'Misplaced',
    inside(({ lines, at }) =>
      lines.with(at('stream', 1), lines[at('stream', 0)]!).with(at('stream', 0), lines[at('stream', 1)]!),
    ),
  ],
  [
    'a stream line twice',
    ALL,
    'Misplaced',
    inside(({ lines, at }) => lines.toSpliced(at('stream', 1), 0, lines[at('stream', 1)]!)),
  ],
  [
    'the newest events left out, from what the newest seal covers on',
    ALL,
    'EventMissing',
    inside(({ lines, at }) => lines.toSpliced(at('event', -5), 5)),
  ],
  ['another count of what is not sealed', ALL, 'CountDiffers', change('end', 0, (line) => (line.counts.unsealed += 1))],
  ['a stream line left out', ALL, 'CountDiffers', inside(drop('stream', 1))],
  ['other counts', ALL, 'CountDiffers', change('end', 0, (line) => (line.counts.events += 1))],
  ['another digest', ALL, 'DigestDiffers', change('end', 0, (line) => (line.sha256 = OTHER_HASH))],
  [
    'another time of making',
    ALL,
    'DigestDiffers',
    change('bundle', 0, (line) => (line.madeAt = '2027-01-01T00:00:00.000Z')),
  ],
  ['half a signature', ALL, 'Malformed', change('end', 0, (line) => (line.signature = null))],
  ['the signature of a foreign key', ALL, 'KeyDiffers', ({ lines }) => closed(lines, thief)],
  ['the signature of the key of before', ALL, 'KeyDiffers', ({ lines }) => closed(lines, sampleKey(1))],
  [
    'a signature over something else',
    ALL,
    'SignatureDiffers',
    change('end', 0, (line) => (line.signature = Buffer.alloc(64, 1).toString('base64'))),
  ],
  ['another newest seal', ALL, 'SealDiffers', inside(change('bundle', 0, (line) => (line.newestSeal.number += 1)))],
  ['no newest seal', ONE, 'SealDiffers', inside(change('bundle', 0, (line) => (line.newestSeal = null)))],
  ['an older newest seal', ONE, 'SealDiffers', inside(change('bundle', 0, (line) => (line.newestSeal.number = 0)))],
  ['no signature', ALL, INTACT, ({ lines }) => closed(lines, undefined)],
];

const reversed = (text: string): string =>
  JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).reverse()));

/** The digest made to fit, the counts left as they were. */
async function fixDigest(lines: readonly string[], { world }: Bundle): Promise<readonly string[]> {
  const fitting = JSON.parse((await closed(lines, world.key)).at(-1)!);
  return lines.with(
    -1,
    changed(lines.at(-1)!, (line) => (line.sha256 = fitting.sha256)),
  );
}

withPython(() => {
  test(`both implementations name the same check and line for each of ${FORGED.length} forgeries`, async () => {
    const cases: Case[] = [];
    for (const [name, request, expected, forge] of FORGED)
      cases.push({ name, expected, file: fileOf(await forge(await bundleOf(request))) });
    expect(await disagreements(cases, {})).toEqual([]);
  });

  test('a seal over events in another order than that of their stream proves nothing', async () => {
    const world = new World();
    await world.introduce();
    for (const n of [1, 2]) await world.record(streamOfExecution('alpha'), 'SampleHappened', { n });
    await world.seal();
    const { lines, at } = await bundleOf(ONE, world);
    const hashOfLine = (kind: string, nth: number): string => JSON.parse(lines[at(kind, nth)]!).event.hash;
    const hashes = [hashOfLine('key', 0), hashOfLine('event', 1), hashOfLine('event', 0)];
    const seal = await resigned(lines[at('seal')]!, world.key, (data) => (data.root = merkleRoot(hashes)));
    const place = (nth: number, index: number): string =>
      changed(lines[at('event', nth)]!, (line) => {
        line.ordinal = index;
        line.proof = { seal: 0, index, path: inclusionProof(hashes, index).path };
      });
    const head = changed(lines[0]!, (line) => (line.newestSeal.hash = JSON.parse(seal).event.hash));
    const forged = lines
      .with(0, head)
      .with(at('seal'), seal)
      .with(at('event', 0), place(0, 2))
      .with(at('event', 1), place(1, 1));
    const file = fileOf(await closed(forged, world.key));
    expect(await disagreements([{ name: 'another order', file, expected: 'ProofDiffers' }], {})).toEqual([]);
  });

  test('a seal that the log does not have is none of the whole log', async () => {
    const bundle = await bundleOf(ALL, await sampleWorld({ rounds: ROUNDS, tail: 0 }));
    const { lines, at } = bundle;
    const sealed = JSON.parse(lines[at('event', -1)]!).event;
    expect(sealed.type).toBe('LogSealed');
    const stream = lines.findIndex((line) => line.includes('"kind":"stream"') && line.includes('seal-log'));
    const cut = changed(lines[stream]!, (line) =>
      Object.assign(line, { revision: line.revision - 1, hash: sealed.previousHash }),
    );
    const file = fileOf(await closed(lines.with(stream, cut).toSpliced(at('event', -1), 1), bundle.world.key));
    expect(await disagreements([{ name: 'without its event', file, expected: 'SealDiffers' }], {})).toEqual([]);
  });
});
