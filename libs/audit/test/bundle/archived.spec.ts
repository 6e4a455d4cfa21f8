import { StreamNotFoundError, UnavailableError } from '#event-store';
import type { Case } from './agreement.ts';
import { disagreements, INTACT } from './agreement.ts';
import { parsed } from './archived/forge.ts';
import { ALL, archivedWorld, before, ONE, ROUNDS, SOME, UNSEALED_CLAIM } from './archived/world.ts';
import { withPython } from './python.ts';
import { ARCHIVE, exported, fileOf, sampleWorld, streamOfExecution, verified } from './world.ts';

/* eslint-disable @typescript-eslint/no-unsafe-return -- lines are plain JSON here */
const kindsOf = (lines: readonly string[], id: string): string[] =>
  lines
    .map(parsed)
    .flatMap(({ kind, event, stub }) => ((event ?? stub)?.stream === streamOfExecution(id) ? [kind] : []));

const STUBS = Array.from({ length: ROUNDS }, () => 'stub');

test('an archived event is in a bundle by its hashes, and the event that says so whole', async () => {
  const world = await archivedWorld();
  expect(kindsOf(await exported(world.parts(), ALL), 'beta')).toEqual([...STUBS, 'event']);
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
});
