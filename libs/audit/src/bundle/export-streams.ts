import type { EventStore, KnownTexts, Position } from '#event-store';
import { CorruptionError } from '#event-store';
import type { BundleComposer } from './bundle-composer.ts';
import { coveredBy } from './export-run.ts';
import type { CoveringSeal } from './covering-seals.ts';
import { CoveringSeals } from './covering-seals.ts';
import { ProofTree } from './proof-tree.ts';
import type { RecordedSeal, SealLog } from './seal-log.ts';
import { knownTexts, writtenEntry } from './written-event.ts';

/** What the events of some streams are made from. */
interface StreamsParts {
  readonly store: EventStore;
  readonly asOf: Position;
  readonly seals: SealLog;
  readonly composer: BundleComposer;
  readonly streams: ReadonlySet<string>;
  /** Also the seals that cover none of their events, from the first that does to the newest. */
  readonly chain: boolean;
}

interface EventPlace {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
}

/** Each seal that is needed, then the events of the streams it covers with their proofs; then those not sealed yet. */
export async function* exportedStreams(parts: StreamsParts): AsyncIterable<string> {
  const { needed, unsealed } = await lookedUp(parts);
  let before: RecordedSeal | undefined;
  for (const covering of needed) {
    yield* sealLines(parts, before, covering.recorded);
    yield* provenLines(parts, covering);
    before = covering.recorded;
  }
  yield* sealLines(parts, before, undefined);
  for (const place of unsealed) yield await entryLine(parts, place, {}, false);
}

/** The seals that cover an event of the streams, and where the others stand: both as in the log. */
async function lookedUp(parts: StreamsParts): Promise<{ needed: readonly CoveringSeal[]; unsealed: EventPlace[] }> {
  const { store, seals, streams } = parts;
  const covering = new CoveringSeals(store, seals);
  const unsealed: EventPlace[] = [];
  for (const stream of streams)
    for await (const { revision, position } of entriesOf(parts, stream))
      if ((await covering.of(position)) === undefined) unsealed.push({ stream, revision, position });
  return { needed: covering.found, unsealed: unsealed.sort((a, b) => store.compare(a.position, b.position)) };
}

/** A stream up to where the export goes. What is missing in it is passed over: whoever checks the bundle finds that. */
async function* entriesOf({ store, asOf }: StreamsParts, stream: string): AsyncIterable<KnownTexts> {
  const { events } = await store.readStream(stream, { direction: 'backwards', limit: 1 });
  for (let revision = 0; revision <= (events[0]?.revision ?? -1); revision += 1) {
    const entry = await store.textsAt(stream, revision);
    if (entry === undefined) continue;
    const known = knownTexts(entry);
    if (store.compare(known.position, asOf) > 0) return;
    yield known;
  }
}

/** The next seal line; with the chain those before it too, and at the end those up to the newest. */
async function* sealLines(
  { seals, composer, chain }: StreamsParts,
  before: RecordedSeal | undefined,
  next: RecordedSeal | undefined,
): AsyncIterable<string> {
  if (!chain || before === undefined) {
    if (next !== undefined) yield composer.event('seal', next.event);
    return;
  }
  for await (const { event, seal } of seals.from(before)) {
    if (seal.number > before.seal.number) yield composer.event('seal', event);
    if (seal.number === next?.seal.number) return;
  }
}

/** The events of the streams that one seal covers, each with its proof. */
async function* provenLines(parts: StreamsParts, { recorded, after }: CoveringSeal): AsyncIterable<string> {
  const { number, root, from } = recorded.seal;
  const hashes: string[] = [];
  const wanted = new Map<number, EventPlace>();
  for await (const entry of coveredBy(parts.store, recorded, after)) {
    const { stream, revision, position, hash } = knownTexts(entry);
    if (parts.streams.has(stream)) wanted.set(hashes.length, { stream, revision, position });
    hashes.push(hash);
  }
  const tree = new ProofTree(hashes);
  if (tree.root !== root)
    throw new CorruptionError(`seal ${number}: expected the root ${root}, found ${tree.root}; verify the log`);
  for (const [index, place] of wanted) {
    const proof = { seal: number, index, path: tree.path(index) };
    yield await entryLine(parts, place, { ordinal: from + index, proof }, true);
  }
}

async function entryLine(
  { store, composer }: StreamsParts,
  { stream, revision }: EventPlace,
  place: Parameters<BundleComposer['entryLine']>[1],
  isSealed: boolean,
): Promise<string> {
  const entry = await store.textsAt(stream, revision);
  if (entry === undefined)
    throw new CorruptionError(`stream ${stream}: expected revision ${revision}, which was there before; found none`);
  return composer.entryLine(writtenEntry(entry), place, isSealed);
}
