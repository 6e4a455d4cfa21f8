import type { EventStore, Position, RecordedEvent } from '#event-store';
import { CorruptionError } from '#event-store';
import type { BundleComposer } from './bundle-composer.ts';
import { coveredBy } from './export-run.ts';
import type { LineProof } from './format.ts';
import { ProofTree } from './proof-tree.ts';
import type { RecordedSeal, SealLog } from './seal-log.ts';
import { wholeTexts, writtenEvent } from './written-event.ts';

/** What the events of one stream are made from. */
interface StreamParts {
  readonly store: EventStore;
  readonly asOf: Position;
  readonly seals: SealLog;
  readonly composer: BundleComposer;
  readonly stream: string;
  /** Also the seals that cover none of its events, from the first that does to the newest. */
  readonly chain: boolean;
}

/** The events of one seal that are asked for: their places in its tree. */
interface SealedBatch {
  readonly recorded: RecordedSeal;
  readonly tree: ProofTree;
  /** Index by revision. */
  readonly indexes: ReadonlyMap<number, number>;
}

/** Each seal that is needed, then the events of the stream it covers with their proofs; then those not sealed yet. */
export async function* exportedStream(parts: StreamParts): AsyncIterable<string> {
  const { store, seals, composer } = parts;
  let batch: SealedBatch | undefined;
  for await (const event of streamUpTo(parts)) {
    if (batch === undefined || store.compare(event.position, batch.recorded.seal.position as Position) > 0) {
      const recorded = await seals.covering(event.position);
      yield* sealLines(parts, batch?.recorded, recorded);
      batch = recorded && (await readBatch(parts, recorded));
    }
    yield composer.eventLine(
      writtenEvent(event),
      batch === undefined ? {} : placeIn(batch, event),
      batch !== undefined,
    );
    if (batch === undefined) {
      yield* unsealedRest(parts, event.revision + 1);
      return;
    }
  }
  yield* sealLines(parts, batch?.recorded, undefined);
}

/** What follows an event without a seal has none either. */
async function* unsealedRest(parts: StreamParts, from: number): AsyncIterable<string> {
  for await (const event of streamUpTo(parts, from)) yield parts.composer.eventLine(writtenEvent(event), {}, false);
}

/** The next seal line; with the chain those before it too, and at the end those up to the newest. */
async function* sealLines(
  { seals, composer, chain }: StreamParts,
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

async function readBatch({ store, seals, stream }: StreamParts, recorded: RecordedSeal): Promise<SealedBatch> {
  const { number, root } = recorded.seal;
  const hashes: string[] = [];
  const indexes = new Map<number, number>();
  for await (const entry of coveredBy(store, recorded, await seals.startOf(recorded))) {
    const { stream: name, revision, hash } = wholeTexts(entry);
    if (name === stream) indexes.set(revision, hashes.length);
    hashes.push(hash);
  }
  const tree = new ProofTree(hashes);
  if (tree.root === root) return { recorded, tree, indexes };
  throw new CorruptionError(`seal ${number}: expected the root ${root}, found ${tree.root}; verify the log`);
}

function placeIn(
  { recorded, tree, indexes }: SealedBatch,
  event: RecordedEvent,
): { ordinal: number; proof: LineProof } {
  const { from, number } = recorded.seal;
  const index = indexes.get(event.revision)!;
  return { ordinal: from + index, proof: { seal: number, index, path: tree.path(index) } };
}

async function* streamUpTo({ store, stream, asOf }: StreamParts, from = 0): AsyncIterable<RecordedEvent> {
  for (let next: number | undefined = from; next !== undefined;) {
    const slice = await store.readStream(stream, { from: next });
    for (const event of slice.events) {
      if (store.compare(event.position, asOf) > 0) return;
      yield event;
    }
    next = slice.next;
  }
}
