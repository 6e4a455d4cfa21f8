import type { BundleRequest } from '#audit';
import { StreamNotFoundError, UnavailableError } from '#event-store';
import type { Case } from './agreement.ts';
import { disagreements, INTACT } from './agreement.ts';
import { changed, closed, rehash } from './forging.ts';
import { withPython } from './python.ts';
import type { World } from './world.ts';
import { ARCHIVE, exported, fileOf, sampleWorld, streamOfExecution, verified } from './world.ts';

/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call -- lines are plain JSON here */
const ROUNDS = 5;
const OTHER = 'archive-20260301T100000Z-ffffffff.ndjson.gz';

const ALL: BundleRequest = { kind: 'all' };
const ONE: BundleRequest = { kind: 'execution', executionId: 'beta' };
const SOME: BundleRequest = { kind: 'executions', executionIds: ['gamma', 'beta'] };
const UNSEALED_CLAIM: BundleRequest = { kind: 'execution', executionId: 'alpha', chain: true };

/** Beta is archived under a seal, alpha after the last one, gamma is whole. */
async function archivedWorld(): Promise<World> {
  const world = await sampleWorld({ rounds: ROUNDS, tail: 0 });
  await world.archive('beta');
  await world.seal();
  await world.archive('alpha');
  return world;
}

/** Times that end long before the histories were archived. */
const before = (world: World): BundleRequest => ({ kind: 'time', from: world.timeOf(4), to: world.timeOf(6) });

interface Bundle {
  readonly lines: readonly string[];
  readonly world: World;
}

const parsed = (line: string): any => JSON.parse(line);

/** Index of the nth line of which this holds; from the end when negative. */
function at(lines: readonly string[], holds: (line: any) => boolean, nth = 0): number {
  const found = lines.flatMap((line, index) => (holds(parsed(line)) ? [index] : []));
  return found.at(nth)!;
}

const isStubOf =
  (id: string) =>
  (line: any): boolean =>
    line.kind === 'stub' && line.stub.stream === streamOfExecution(id);
const isClaimOf =
  (id: string) =>
  (line: any): boolean =>
    line.event?.type === 'ExecutionArchived' && line.event.stream === streamOfExecution(id);
const isEventOf =
  (id: string) =>
  (line: any): boolean =>
    line.kind === 'event' && line.event.stream === streamOfExecution(id);

type Forge = (bundle: Bundle) => Promise<readonly string[]> | readonly string[];

const change =
  (holds: (line: any) => boolean, nth: number, how: (line: any) => void): Forge =>
  ({ lines }) =>
    lines.with(at(lines, holds, nth), changed(lines[at(lines, holds, nth)]!, how));

const inside =
  (forge: Forge): Forge =>
  async (bundle) =>
    closed(await forge(bundle), bundle.world.key);

/** Takes the content out of an event, and says that it is in an archive. */
const blank =
  (id: string, archive = ARCHIVE): Forge =>
  ({ lines }) => {
    const place = at(lines, isEventOf(id));
    return lines.with(
      place,
      changed(lines[place]!, (line) => {
        const { data, metadata, ...stub } = line.event;
        void [data, metadata];
        line.stub = { ...stub, archive };
        line.kind = 'stub';
        delete line.event;
      }),
    );
  };

const drop =
  (holds: (line: any) => boolean, nth = 0): Forge =>
  ({ lines }) =>
    lines.toSpliced(at(lines, holds, nth), 1);

const FORGED: readonly [string, BundleRequest | 'before', string, Forge][] = [
  ['an event of another history blanked', ALL, 'StubUnclaimed', inside(blank('gamma'))],
  [
    'an event of a single history blanked',
    { kind: 'execution', executionId: 'gamma' },
    'StubUnclaimed',
    inside(blank('gamma')),
  ],
  ['an event of a time blanked', 'before', 'StubUnclaimed', inside(blank('gamma'))],
  [
    'an event that is no execution blanked',
    ALL,
    'StubUnclaimed',
    inside((bundle) => {
      const place = at(bundle.lines, (line) => line.kind === 'event' && line.event.stream === 'seal-log');
      return bundle.lines.with(
        place,
        changed(bundle.lines[place]!, (line) => {
          const { data, metadata, ...stub } = line.event;
          void [data, metadata];
          Object.assign(line, { kind: 'stub', stub: { ...stub, archive: ARCHIVE } });
          delete line.event;
        }),
      );
    }),
  ],
  [
    'all stubs in another archive',
    ALL,
    'StubUnclaimed',
    inside(({ lines }) =>
      lines.map((text) =>
        isStubOf('beta')(parsed(text)) ? changed(text, (line) => (line.stub.archive = OTHER)) : text,
      ),
    ),
  ],
  [
    'one stub in another archive',
    ALL,
    'StubUnclaimed',
    inside(change(isStubOf('beta'), 1, (line) => (line.stub.archive = OTHER))),
  ],
  [
    'a stub with another archive, end line left',
    ONE,
    'StubUnclaimed',
    change(isStubOf('beta'), 1, (line) => (line.stub.archive = OTHER)),
  ],
  [
    'a stub with another hash',
    ALL,
    'PreviousHashDiffers',
    inside(change(isStubOf('beta'), 0, (line) => (line.stub.hash = 'ab'.repeat(32)))),
  ],
  [
    'the last stub with another hash',
    ONE,
    'ProofDiffers',
    inside(change(isStubOf('beta'), -1, (line) => (line.stub.hash = 'ab'.repeat(32)))),
  ],
  [
    'a stub with another revision',
    ONE,
    'RevisionMissing',
    inside(change(isStubOf('beta'), 1, (line) => (line.stub.revision = 7))),
  ],
  [
    'a stub of another type',
    ALL,
    'DigestDiffers',
    change(isStubOf('beta'), 1, (line) => (line.stub.type = 'OtherHappened')),
  ],
  ['a stub of no archive', ALL, 'Malformed', change(isStubOf('beta'), 1, (line) => (line.stub.archive = '../escape'))],
  ['a stub with a member more', ALL, 'Malformed', change(isStubOf('beta'), 1, (line) => (line.stub.data = {}))],
  ['a stub left out', ALL, 'OrdinalDiffers', inside(drop(isStubOf('beta'), 1))],
  ['a stub left out of a history', ONE, 'RevisionMissing', inside(drop(isStubOf('beta'), 1))],
  [
    'a stub of another history',
    ONE,
    'ForeignEvent',
    inside(change(isStubOf('beta'), 1, (line) => (line.stub.stream = streamOfExecution('gamma')))),
  ],
  [
    'a claim of fewer events, hash made to fit',
    UNSEALED_CLAIM,
    'StubUnclaimed',
    inside(
      change(isClaimOf('alpha'), 0, (line) => {
        line.event.data.events = 2;
        rehash(line);
      }),
    ),
  ],
  [
    'a claim without the digest of its file',
    UNSEALED_CLAIM,
    'StubUnclaimed',
    inside(
      change(isClaimOf('alpha'), 0, (line) => {
        delete line.event.data.archive.sha256;
        rehash(line);
      }),
    ),
  ],
  [
    'a claim under another type',
    UNSEALED_CLAIM,
    'StreamHeadDiffers',
    inside(
      change(isClaimOf('alpha'), 0, (line) => {
        line.event.type = 'SampleHappened';
        rehash(line);
      }),
    ),
  ],
  ['no claim', 'before', 'StubUnclaimed', inside(drop(({ kind }) => kind === 'claim'))],
  [
    'a claim of a history that needs none',
    'before',
    'Misplaced',
    inside(({ lines }) => {
      const place = at(lines, ({ kind }) => kind === 'claim');
      return lines.toSpliced(place + 1, 0, lines[place]!);
    }),
  ],
  [
    'a claim that says something else',
    'before',
    'HashDiffers',
    inside(
      change(
        ({ kind }) => kind === 'claim',
        0,
        (line) => (line.event.data.outcome = 'Failure'),
      ),
    ),
  ],
  [
    'a claim that is another event',
    'before',
    'Malformed',
    inside(
      change(
        ({ kind }) => kind === 'claim',
        0,
        (line) => (line.event.type = 'SampleHappened'),
      ),
    ),
  ],
  [
    'a claim from before the stubs',
    'before',
    'RevisionMissing',
    inside(
      change(
        ({ kind }) => kind === 'claim',
        0,
        (line) => (line.event.revision = 0),
      ),
    ),
  ],
  [
    'a claim where a run has none',
    ALL,
    'Misplaced',
    inside(({ lines }) => {
      const text = lines[at(lines, isClaimOf('beta'))]!;
      const claim = changed(text, (line) => {
        line.kind = 'claim';
        delete line.ordinal;
      });
      return lines.toSpliced(
        at(lines, ({ kind }) => kind === 'stream'),
        0,
        claim,
      );
    }),
  ],
  [
    'an execution left out',
    SOME,
    'EventMissing',
    inside(({ lines }) => lines.filter((text) => !text.includes(`"${streamOfExecution('gamma')}"`))),
  ],
  [
    'an execution more',
    SOME,
    'ForeignEvent',
    inside(
      change(
        ({ kind }) => kind === 'bundle',
        0,
        (line) => line.scope.executionIds.pop(),
      ),
    ),
  ],
  [
    'executions in another order',
    SOME,
    'Malformed',
    change(
      ({ kind }) => kind === 'bundle',
      0,
      (line) => line.scope.executionIds.reverse(),
    ),
  ],
  [
    'no execution',
    SOME,
    'Malformed',
    change(
      ({ kind }) => kind === 'bundle',
      0,
      (line) => (line.scope.executionIds = []),
    ),
  ],
  [
    'an execution twice',
    SOME,
    'Malformed',
    change(
      ({ kind }) => kind === 'bundle',
      0,
      (line) => line.scope.executionIds.push('gamma'),
    ),
  ],
  [
    'an ordinal where none is',
    SOME,
    'Malformed',
    change(
      ({ kind }) => kind === 'bundle',
      0,
      (line) => (line.firstOrdinal = 0),
    ),
  ],
  [
    'other counts of stubs',
    ALL,
    'CountDiffers',
    change(
      ({ kind }) => kind === 'end',
      0,
      (line) => (line.counts.stubs -= 1),
    ),
  ],
  [
    'other counts of claims',
    'before',
    'CountDiffers',
    change(
      ({ kind }) => kind === 'end',
      0,
      (line) => (line.counts.claims = 0),
    ),
  ],
];

const requestOf = (request: BundleRequest | 'before', world: World): BundleRequest =>
  request === 'before' ? before(world) : request;

const kindsOf = (lines: readonly string[], id: string): string[] =>
  lines
    .map(parsed)
    .flatMap(({ kind, event, stub }) => ((event ?? stub)?.stream === streamOfExecution(id) ? [kind] : []));

const STUBS = Array.from({ length: ROUNDS }, () => 'stub');

test('an archived event is in a bundle by its hashes, and the event that says so whole', async () => {
  const world = await archivedWorld();
  expect(kindsOf(await exported(world.parts(), ALL), 'beta')).toEqual([...STUBS, 'event', 'stream'].slice(0, -1));
  expect(kindsOf(await exported(world.parts(), ONE), 'beta')).toEqual([...STUBS, 'event']);
});

test('a bundle says how many events are here by their hashes only, and which files have them', async () => {
  const world = await archivedWorld();
  const verdict = await verified(fileOf(await exported(world.parts(), ALL)), { head: world.head! });
  expect(verdict).toMatchObject({ ok: true, archived: 2 * ROUNDS, archives: [ARCHIVE] });
  expect(verdict.statements.join(' ')).toContain(`${2 * ROUNDS} are here by their hashes only`);
});

test('a time before its histories were archived brings the events that say so along', async () => {
  const world = await archivedWorld();
  const lines = await exported(world.parts(), before(world));
  expect(
    lines
      .map((line) => parsed(line))
      .filter(({ kind }) => kind === 'claim')
      .map(({ event }) => event.stream),
  ).toEqual(['alpha', 'beta'].map(streamOfExecution));
  expect(await verified(fileOf(lines), { head: world.head! })).toMatchObject({ ok: true });
});

test('some executions are in a bundle in the order of the log, each event proven', async () => {
  const world = await archivedWorld();
  const lines = await exported(world.parts(), SOME);
  const events = lines.map(parsed).filter(({ kind }) => kind === 'event' || kind === 'stub');
  const ordinals = events.map(({ ordinal }) => ordinal);
  expect(events).toHaveLength(2 * ROUNDS + 1);
  expect(ordinals).toEqual([...ordinals].sort((a, b) => a - b));
  expect(events.every(({ proof }) => proof !== undefined)).toBe(true);
  expect(parsed(lines[0]!).scope).toEqual({ kind: 'executions', executionIds: ['beta', 'gamma'] });
});

test('an execution that is not there is told before the first line', async () => {
  const world = await archivedWorld();
  const request = { kind: 'executions', executionIds: ['beta', 'unknown'] } as const;
  await expect(exported(world.parts(), request)).rejects.toThrow(StreamNotFoundError);
});

test.each([[[]], [Array.from({ length: 1001 }, (_, index) => `e-${index}`)]])(
  'no executions and more than a thousand are refused',
  async (executionIds) => {
    const world = await archivedWorld();
    await expect(exported(world.parts(), { kind: 'executions', executionIds })).rejects.toThrow(RangeError);
  },
);

test('a history that is archived while it is exported makes no bundle that looks damaged', async () => {
  const world = await sampleWorld({ rounds: ROUNDS });
  const { store } = world;
  const head = store.head.bind(store);
  store.head = async () => {
    const found = await head();
    store.head = head;
    await world.archive('beta');
    return found;
  };
  await expect(exported(world.parts(), ALL)).rejects.toThrow(UnavailableError);
});

test('an event without content of which nothing says that it was archived goes into the bundle, and is found', async () => {
  const world = await archivedWorld();
  await world.store.archive(streamOfExecution('gamma'), 1, ARCHIVE);
  const verdict = await verified(fileOf(await exported(world.parts(), ALL)));
  expect(verdict.firstDamage).toMatchObject({
    check: 'StubUnclaimed',
    kind: 'Blanked',
    stream: streamOfExecution('gamma'),
  });
});

withPython(() => {
  test('intact bundles of an archived log are intact to both implementations', async () => {
    const world = await archivedWorld();
    const cases: Case[] = [];
    for (const request of [ALL, ONE, SOME, UNSEALED_CLAIM, before(world)])
      cases.push({ name: request.kind, expected: INTACT, file: fileOf(await exported(world.parts(), request)) });
    for (const anchors of [{}, { head: world.head! }, { keys: [world.key.publicKey] }])
      expect(await disagreements(cases, anchors)).toEqual([]);
  });

  test(`both implementations name the same check and line for each of ${FORGED.length} forgeries`, async () => {
    const cases: Case[] = [];
    for (const [name, request, expected, forge] of FORGED) {
      const world = await archivedWorld();
      const lines = await exported(world.parts(), requestOf(request, world));
      cases.push({ name, expected, file: fileOf(await forge({ lines, world })) });
    }
    expect(await disagreements(cases, {})).toEqual([]);
  });
});
