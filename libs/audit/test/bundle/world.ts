import type { JsonObject, NewEvent } from '#execution';
import type { EventStore, PublishedHead, RecordedEvent, SealKey } from '#event-store';
import {
  LOG_SEALED,
  MemoryEventStore,
  MemoryLog,
  merkleRoot,
  NO_SEAL,
  publishedHead,
  SEAL_KEY_INTRODUCED,
  SEAL_KEY_ROTATED,
  SEAL_STREAM,
  signedIntroduction,
  signedRotation,
  signedSeal,
  START,
} from '#event-store';
import type { BundleRequest, BundleVerdict, ExportParts } from '#audit';
import { exportBundle, verifyBundle } from '#audit';
import { sampleKey } from '../../../event-store/test/seal/keys.ts';

const STORE_ID = '0f8c2a51-b7e4-4f6a-9c1d-2b3a4c5d6e7f';
const BEGAN_MS = Date.parse('2026-03-01T09:00:00.000Z');
/** Between one event and the next. */
const STEP_MS = 1000;

/** A log in memory that is sealed by hand: the same bytes in every run. */
export class World {
  readonly store: EventStore;
  key: SealKey = sampleKey(1);
  /** Of the newest seal. */
  head: PublishedHead | undefined;
  private count = 0;
  private sealed = { position: START, total: 0, number: -1, hash: NO_SEAL };

  constructor(readonly storeId = STORE_ID) {
    this.store = new MemoryEventStore(new MemoryLog(storeId));
  }

  async record(stream: string, type: string, data: JsonObject): Promise<RecordedEvent> {
    const { events } = await this.store.append(stream, 'any', [this.event(type, data)]);
    return events[0]!;
  }

  async introduce(key: SealKey = this.key): Promise<void> {
    this.key = key;
    await this.record(SEAL_STREAM, SEAL_KEY_INTRODUCED, json(await signedIntroduction(key, 'test')));
  }

  async rotate(next: SealKey): Promise<void> {
    await this.record(SEAL_STREAM, SEAL_KEY_ROTATED, json(await signedRotation(this.key, next, 'test')));
    this.key = next;
  }

  /** Seals what is not sealed yet, at most so many events at a time. */
  async seal(atMost = 10_000): Promise<void> {
    const { events } = await this.store.readAll(this.sealed.position, undefined, Math.min(atMost, 1000));
    const last = events.at(-1);
    if (last === undefined) return;
    const { total, number, hash } = this.sealed;
    const root = merkleRoot(events.map((event) => event.hash));
    const place = { number: number + 1, from: total, events: events.length, position: last.position };
    const seal = await signedSeal(this.key, { ...place, storeId: this.storeId, root, previousSeal: hash });
    const event = await this.record(SEAL_STREAM, LOG_SEALED, json(seal));
    this.sealed = {
      position: last.position,
      total: total + events.length,
      number: number + 1,
      hash: event.hash,
    };
    this.head = publishedHead(event, seal, this.key.publicKey);
  }

  /** Moves the history of an execution to an archive, in name: records that, and lets go of the texts. */
  async archive(id: string, file = ARCHIVE): Promise<void> {
    const stream = streamOfExecution(id);
    const { events } = await this.store.readStream(stream);
    await this.claim(id, file, events.length);
    await this.store.archive(stream, events.length, file);
  }

  async claim(id: string, file: string, events: number): Promise<void> {
    const archive = { file, sha256: 'a1'.repeat(32) };
    await this.record(streamOfExecution(id), 'ExecutionArchived', { archive, events, outcome: 'Success' });
  }

  /** Time of the event of a number, from 0. */
  timeOf(number: number): string {
    return new Date(BEGAN_MS + number * STEP_MS).toISOString();
  }

  parts(): ExportParts {
    const { store } = this;
    return {
      store,
      key: async (keyId) => (keyId === this.key.keyId ? this.key : undefined),
      now: () => BEGAN_MS,
      madeBy: 'test 1.0.0',
    };
  }

  private event(type: string, data: JsonObject): NewEvent {
    const time = this.timeOf(this.count);
    const hex = this.count.toString(16).padStart(12, '0');
    this.count += 1;
    const ids = { commandId: `command-${hex}`, correlationId: '', causationId: `command-${hex}` };
    const metadata = { time, actor: { user: 'tester' }, source: 'scheduler', ...ids } as const;
    return { id: `00000000-0000-4000-8000-${hex}`, type, schemaVersion: 1, data, metadata };
  }
}

/** Of which nothing but the name matters here. */
export const ARCHIVE = 'archive-20260301T100000Z-a1b2c3d4.ndjson.gz';

export const EXECUTIONS = ['alpha', 'beta', 'gamma'] as const;
export const streamOfExecution = (id: string): string => `workflowexecution-${id}`;

/** Contents that one implementation might write otherwise than another. */
const AWKWARD: readonly JsonObject[] = [
  { n: 1e21, m: 1e-7, z: -0, big: 123456789012345680000, small: 5e-324, third: 1 / 3, list: [0.1, 1e300, -2.5e-10] },
  { '\u{1f600}': 1, '\ufb33': 2, '': 3, a: 4, A: 5, '\u20ac': 6, '\r': 7, '1': 8 },
  { text: '\u0000\b\t\n\f\r\u001f"\\/\u007f\u2028\u{1f600}', cut: 'half \ud83d', low: '\udc00 half' },
  { deep: [[[[{ a: [null, true, false, {}] }]]]], empty: [], more: { b: {}, a: [] } },
];

/**
 * Three executions whose events alternate; seals at different sizes, the key rotated once between them, and, unless it
 * is left out, newest events that no seal covers.
 */
export async function sampleWorld({ tail = 2, rounds = 9 } = {}): Promise<World> {
  const world = new World();
  await world.introduce();
  for (let round = 0; round < rounds; round += 1) {
    for (const id of EXECUTIONS)
      await world.record(streamOfExecution(id), 'SampleHappened', AWKWARD[(round + id.length) % AWKWARD.length]!);
    if (round % 3 === 1) await world.seal();
    if (round === 4) await world.rotate(sampleKey(2));
  }
  await world.seal();
  for (let more = 0; more < tail; more += 1) await world.record(streamOfExecution('alpha'), 'SampleHappened', { more });
  return world;
}

/** The lines of an export, without their line feeds. */
export async function exported(parts: ExportParts, request: BundleRequest): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportBundle(parts, request)) lines.push(line.replace(/\n$/, ''));
  return lines;
}

export const fileOf = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));

export const verified = (file: Uint8Array, anchors?: Parameters<typeof verifyBundle>[1]): Promise<BundleVerdict> =>
  verifyBundle(chunksOf(file), anchors);

/** In pieces that end anywhere. */
export async function* chunksOf(file: Uint8Array, size = 1000): AsyncIterable<Uint8Array> {
  for (let from = 0; from < file.length; from += size) yield file.subarray(from, from + size);
}

const json = (data: object): JsonObject => data as JsonObject;
