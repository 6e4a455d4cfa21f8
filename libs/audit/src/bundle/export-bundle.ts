import type { EventStore, Position, SealKey } from '#event-store';
import type { LogIndex } from '../log-index.ts';
import { streamOf } from '#execution';
import { START } from '#event-store';
import { BundleComposer } from './bundle-composer.ts';
import type { Run } from './export-run.ts';
import { exportedRun } from './export-run.ts';
import { exportedStream } from './export-stream.ts';
import type { BundleHead, BundleScope } from './format.ts';
import { BUNDLE_FORMAT, PRODUCT } from './format.ts';
import { rangeOfTimes } from './log-range.ts';
import { SealLog } from './seal-log.ts';

/** What is asked for. Times are ISO 8601; one of the two may be missing. */
export type BundleRequest =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'execution';
      readonly executionId: string;
      /** Also the seals between and after those that are needed, up to the newest: joins the bundle to a published head. */
      readonly chain?: boolean;
    }
  | { readonly kind: 'time'; readonly from?: string; readonly to?: string };

/** What an export needs beside the request. */
export interface ExportParts {
  /** The log as written: without upcasters. */
  readonly store: EventStore;
  /** Where events of a time stand; without it the log is read to find out. */
  readonly index?: LogIndex;
  /** Seals what is not sealed yet, as far as it can; asked once, before the export begins. What it throws is passed on. */
  readonly seal?: () => Promise<void>;
  /** The seal key of this id, which is the one in force; undefined when it is not at hand: the bundle is then not signed. */
  readonly key?: (keyId: string) => Promise<SealKey | undefined>;
  /** Now, in milliseconds since 1970. */
  readonly now: () => number;
  /** Program version, for the reader. */
  readonly madeBy: string;
}

/**
 * A bundle, line by line, each with its line feed; docs/reference/bundles.md is the format. Reads as it is read, and
 * keeps a page of the log, the events' hashes of one seal, and the head of each stream. When it throws, what was
 * yielded is no bundle: its last line is missing.
 * @throws StreamNotFoundError before the first line, when there is no such execution
 * @throws CorruptionError when the log cannot be told as it is; TooManyStreamsError; what the store throws
 */
export async function* exportBundle(
  parts: ExportParts,
  request: BundleRequest,
  signal?: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const { store } = parts;
  await parts.seal?.();
  const asOf = await store.head();
  const seals = await SealLog.asOf(store, asOf);
  const selection = await selected(parts, request, asOf, seals);
  const composer = new BundleComposer();
  yield composer.line(headOf(parts, selection, asOf, seals));
  for await (const key of seals.keys()) yield composer.event('key', key);
  for await (const line of selection.lines(composer)) {
    signal?.throwIfAborted();
    yield line;
  }
  yield* composer.streamLines();
  yield await composer.end(parts.key);
}

interface Selection {
  readonly scope: BundleScope;
  readonly firstOrdinal: number | null;
  readonly lines: (composer: BundleComposer) => AsyncIterable<string>;
}

async function selected(
  parts: ExportParts,
  request: BundleRequest,
  asOf: Position,
  seals: SealLog,
): Promise<Selection> {
  const { store } = parts;
  switch (request.kind) {
    case 'all': {
      const lines = (composer: BundleComposer) => exportedRun({ store, asOf, seals, composer, run: WHOLE });
      return { scope: { kind: 'all' }, firstOrdinal: 0, lines };
    }
    case 'time':
      return selectedTimes(parts, request, asOf, seals);
    case 'execution': {
      const { executionId, chain = false } = request;
      const stream = streamOf(executionId);
      await store.readStream(stream, { limit: 1 });
      const lines = (composer: BundleComposer) => exportedStream({ store, asOf, seals, composer, stream, chain });
      return { scope: { kind: 'execution', executionId, stream }, firstOrdinal: null, lines };
    }
  }
}

const WHOLE: Run = { after: START, ordinal: 0, firstSeal: 'first', lastSeal: undefined };

async function selectedTimes(
  { store, index }: ExportParts,
  { from, to }: BundleRequest & { kind: 'time' },
  asOf: Position,
  seals: SealLog,
): Promise<Selection> {
  const times = { from: instant(from), to: instant(to) };
  const range = await rangeOfTimes(store, index, times, asOf);
  const scope = { kind: 'time', from: times.from ?? null, to: times.to ?? null } as const;
  if (range === undefined) return { scope, firstOrdinal: 0, lines: nothing };
  const run = await roundedRun(range.first, range.last, seals);
  const lines = (composer: BundleComposer) => exportedRun({ store, asOf, seals, composer, run });
  return { scope, firstOrdinal: run.ordinal, lines };
}

async function roundedRun(first: Position, last: Position, seals: SealLog): Promise<Run> {
  const firstSeal = await seals.covering(first);
  const lastSeal = await seals.covering(last);
  if (firstSeal !== undefined)
    return { after: await seals.startOf(firstSeal), ordinal: firstSeal.seal.from, firstSeal, lastSeal };
  const newest = seals.newest?.seal;
  if (newest === undefined) return { after: START, ordinal: 0, firstSeal: 'none', lastSeal: undefined };
  const after = newest.position as Position;
  return { after, ordinal: newest.from + newest.events, firstSeal: 'none', lastSeal: undefined };
}

function headOf(
  { store, now, madeBy }: ExportParts,
  { scope, firstOrdinal }: Selection,
  asOf: Position,
  { newest }: SealLog,
): BundleHead {
  const seal = newest?.seal;
  return {
    kind: 'bundle',
    format: BUNDLE_FORMAT,
    product: PRODUCT,
    storeId: store.storeId,
    scope,
    madeAt: new Date(now()).toISOString(),
    madeBy,
    asOf,
    firstOrdinal,
    newestSeal:
      newest === undefined || seal === undefined
        ? null
        : { number: seal.number, total: seal.from + seal.events, hash: newest.event.hash },
  };
}

const instant = (time: string | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

async function* nothing(): AsyncIterable<string> {
  // no event in these times
}
