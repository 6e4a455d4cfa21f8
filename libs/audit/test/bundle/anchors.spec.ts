import type { BundleAnchors, BundleRequest } from '#audit';
import { sampleKey } from '../../../event-store/test/seal/keys.ts';
import type { Case } from './agreement.ts';
import { disagreements, INTACT } from './agreement.ts';
import { closed } from './forging.ts';
import { PATIENCE_MS, withPython } from './python.ts';
import { exported, fileOf, sampleWorld, streamOfExecution, World } from './world.ts';

const ALL: BundleRequest = { kind: 'all' };
const ONE: BundleRequest = { kind: 'execution', executionId: 'alpha' };
const CHAIN: BundleRequest = { kind: 'execution', executionId: 'alpha', chain: true };
const thief = sampleKey(7);

/** A log whose first key was lost after its first seal, and one event with each. */
async function worldOfLostKey({ sealsAfter = true } = {}): Promise<World> {
  const world = new World();
  await world.introduce();
  await world.record(streamOfExecution('alpha'), 'SampleHappened', { n: 1 });
  await world.seal();
  await world.introduce(sampleKey(3));
  await world.record(streamOfExecution('alpha'), 'SampleHappened', { n: 2 });
  if (sealsAfter) await world.seal();
  return world;
}

/** The same, with a seal between that holds nothing of the execution. */
async function worldOfGap(): Promise<World> {
  const world = new World();
  await world.introduce();
  for (const id of ['alpha', 'beta']) {
    await world.record(streamOfExecution(id), 'SampleHappened', { n: 1 });
    await world.seal();
  }
  await world.introduce(sampleKey(3));
  await world.record(streamOfExecution('alpha'), 'SampleHappened', { n: 2 });
  await world.seal();
  return world;
}

const given = (fill: number): BundleAnchors => ({ keys: [sampleKey(fill).publicKey] });
const file = async (world: World, request: BundleRequest): Promise<Buffer> =>
  fileOf(await exported(world.parts(), request));

/** The same events in a log of somebody who has no key of ours. */
async function worldOfThief(): Promise<World> {
  const world = new World();
  await world.introduce(thief);
  await world.record(streamOfExecution('alpha'), 'SampleHappened', { n: 1 });
  await world.seal();
  return world;
}

type Row = readonly [string, expected: string, BundleAnchors, () => Promise<Buffer>];

/** What is only found with something to hold the bundle against. */
async function rows(): Promise<Row[]> {
  const world = await sampleWorld({ rounds: 5 });
  const old = await file(world, ALL);
  const oldHead = world.head!;
  const oldRun = await exported(world.parts(), ALL);
  await world.record(streamOfExecution('beta'), 'SampleHappened', { n: 1 });
  await world.seal();
  const head = world.head!;
  const other = new World();
  await other.introduce();
  await other.rotate(world.key);
  for (let n = 0; n < 9; n += 1) {
    await other.record(streamOfExecution('alpha'), 'SampleHappened', { n });
    await other.seal();
  }
  const asLong = new World();
  await asLong.introduce();
  await asLong.rotate(world.key);
  for (let n = 0; n <= head.number; n += 1) {
    await asLong.record(streamOfExecution(n === 0 ? 'alpha' : 'beta'), 'SampleHappened', { n });
    await asLong.seal();
  }
  const elsewhere = new World('11111111-1111-4111-8111-111111111111');
  await elsewhere.introduce();
  await elsewhere.seal();
  const lost = await worldOfLostKey();
  const unsealed = await worldOfLostKey({ sealsAfter: false });
  const gap = await worldOfGap();
  const stolen = await worldOfThief();
  return [
    ['a bundle by a key that was given', INTACT, given(2), () => file(world, ALL)],
    ['a key before, that the newest follows', INTACT, given(1), () => file(world, ALL)],
    ['a key of the head before the rotation', INTACT, { head: oldHead }, () => file(world, CHAIN)],
    ['all of it made with another key', 'KeyUnproven', given(1), () => file(stolen, ALL)],
    ['an execution of it', 'KeyUnproven', { head }, () => file(stolen, ONE)],
    ['all of it made with another key, and nothing given', INTACT, {}, () => file(stolen, ALL)],
    ['no signature, and a key given', 'Unsigned', given(1), async () => fileOf(await closed(oldRun, undefined))],
    [
      'no signature, and a head given',
      'Unsigned',
      { head: oldHead },
      async () => fileOf(await closed(oldRun, undefined)),
    ],
    ['a bundle older than the head', 'HeadMissing', { head }, async () => old],
    ['an older head in all', INTACT, { head: oldHead }, () => file(world, ALL)],
    [
      'an older head, and its seal not in the bundle',
      INTACT,
      { head: oldHead },
      () => file(world, { kind: 'time', to: world.timeOf(4) }),
    ],
    ['a log written anew', 'HeadDiffers', { head }, () => file(other, ALL)],
    ['an execution of a log written anew, with the chain', 'HeadDiffers', { head }, () => file(other, CHAIN)],
    ['an execution of one as long as what was published', 'HeadDiffers', { head }, () => file(asLong, ONE)],
    ['the head of another log', 'StoreDiffers', { head }, () => file(elsewhere, ALL)],
    ['a key introduced later, and nothing given', 'KeyUnproven', {}, () => file(lost, ALL)],
    ['a key introduced later, and only the first one given', 'KeyUnproven', given(1), () => file(lost, ALL)],
    ['a key introduced later and given: its seal speaks for those before', INTACT, given(3), () => file(lost, ALL)],
    ['the same for an execution, with the chain of seals', INTACT, given(3), () => file(lost, CHAIN)],
    ['the same without those between, to which it is not linked', 'KeyUnproven', given(3), () => file(gap, ONE)],
    ['the same with those between', INTACT, given(3), () => file(gap, CHAIN)],
    [
      'a key introduced later that sealed nothing yet, and only the first one given',
      'KeyUnproven',
      given(1),
      () => file(unsealed, ALL),
    ],
    ['a key introduced later and given, that sealed nothing yet', 'KeyUnproven', given(3), () => file(unsealed, ALL)],
    ['both keys given', INTACT, { keys: [sampleKey(1).publicKey, sampleKey(3).publicKey] }, () => file(unsealed, ALL)],
    [
      'a good key, and the head of another one',
      'KeyUnproven',
      { ...given(1), head: lost.head! },
      () => file(world, ALL),
    ],
    ['a good head, and another key', 'KeyUnproven', { ...given(7), head }, () => file(world, ALL)],
    ['an empty log', INTACT, {}, () => file(new World(), ALL)],
    ['an empty log, and a key given', 'Unsigned', given(1), () => file(new World(), ALL)],
  ];
}

withPython(() => {
  test(
    'both implementations say the same of a bundle that is held against keys and heads',
    async () => {
      const byAnchors = Map.groupBy(await rows(), ([, , anchors]) => JSON.stringify(anchors));
      for (const group of byAnchors.values()) {
        const cases = group.map(async ([name, expected, , made]): Promise<Case> => ({
          name,
          expected,
          file: await made(),
        }));
        expect(await disagreements(await Promise.all(cases), group[0]![2])).toEqual([]);
      }
    },
    PATIENCE_MS,
  );
});
