import type { EventStore, Position, SealKey } from '#event-store';
import type { LogIndex } from '../log-index.ts';
import { streamOf } from '#execution';
import { START, UnavailableError } from '#event-store';
import { ArchiveClaims } from '../verify/archive-claims.ts';
import { BundleComposer } from './bundle-composer.ts';
import type { Run } from './export-run.ts';
import { exportedRun } from './export-run.ts';
import { exportedStreams } from './export-streams.ts';
import type { BundleHead, BundleScope } from './format.ts';
import { BUNDLE_FORMAT, EXECUTIONS_LIMIT, PRODUCT } from './format.ts';
import { archivedRange } from './archived-range.ts';
import { joined, rangeOfTimes } from './log-range.ts';
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
  /** 1 to 1000, in any order. */
  | { readonly kind: 'executions'; readonly executionIds: readonly string[] }
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
 * @throws CorruptionError when the log cannot be told as it is; TooManyStreamsError; UnavailableError when histories
 * were archived meanwhile, so that it has to be asked for again; what the store throws
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
  yield* claimLines(store, selection.scope, composer);
  yield* composer.streamLines();
  yield await composer.end(parts.key);
}

/**
 * Stubs without the event of their stream that says where their contents are: in a run of times it may stand after them,
 * and is told beside; in the other scopes the histories were archived while they were exported.
 */
async function* claimLines(store: EventStore, scope: BundleScope, composer: BundleComposer): AsyncIterable<string> {
  const claims = new ArchiveClaims(store);
  for (const stream of composer.unclaimed) {
    const claim = await claims.read(stream);
    if (claim === undefined) continue; // damage: whoever checks the bundle finds it
    if (scope.kind === 'time') yield composer.event('claim', claim.event);
    else throw new UnavailableError(`${stream} was archived while it was exported; export it again`);
  }
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
      const lines = await linesOf({ store, asOf, seals, streams: new Set([stream]), chain });
      return { scope: { kind: 'execution', executionId, stream }, firstOrdinal: null, lines };
    }
    case 'executions': {
      const executionIds = [...new Set(request.executionIds)].sort();
      if (executionIds.length < 1 || executionIds.length > EXECUTIONS_LIMIT)
        throw new RangeError(`expected 1 to ${EXECUTIONS_LIMIT} executions; found ${executionIds.length}`);
      const streams = new Set(executionIds.map(streamOf));
      const lines = await linesOf({ store, asOf, seals, streams, chain: false });
      return { scope: { kind: 'executions', executionIds }, firstOrdinal: null, lines };
    }
  }
}

/** @throws StreamNotFoundError */
async function linesOf(
  parts: Omit<Parameters<typeof exportedStreams>[0], 'composer'>,
): Promise<(composer: BundleComposer) => AsyncIterable<string>> {
  for (const stream of parts.streams) await parts.store.readStream(stream, { limit: 1 });
  return (composer) => exportedStreams({ ...parts, composer });
}

const WHOLE: Run = { after: START, ordinal: 0, firstSeal: 'first', lastSeal: undefined };

async function selectedTimes(
  { store, index }: ExportParts,
  { from, to }: BundleRequest & { kind: 'time' },
  asOf: Position,
  seals: SealLog,
): Promise<Selection> {
  const times = { from: instant(from), to: instant(to) };
  const known = await rangeOfTimes(store, index, times, asOf);
  const range = joined(store, known, await archivedRange(store, seals, times, asOf));
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
