import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Witness } from '#audit';
import type { EventStore, Position, PublishedHead, RecordedEvent, SealKey } from '#event-store';
import {
  LOG_SEALED,
  merkleRoot,
  NO_SEAL,
  openSqliteEventStore,
  publishedHead,
  SEAL_KEY_INTRODUCED,
  SEAL_KEY_ROTATED,
  SEAL_STREAM,
  signedIntroduction,
  signedRotation,
  signedSeal,
  START,
} from '#event-store';
import type { JsonObject, NewEvent } from '#execution';
import { executionIdOf, streamOf } from '#execution';
import { sampleKey } from '../../libs/event-store/test/seal/keys.ts';
import { everything } from '../../libs/event-store/test/log.ts';

/** Both halves of a log's life of keys, and somebody else's. */
export const KEYS = { first: sampleKey(1), second: sampleKey(2), stranger: sampleKey(9) } as const;

export interface Shape {
  readonly events: number;
  /** Seals, at even distances; the events after the last one are covered by none. */
  readonly seals: number;
  /** Characters of text in each event, beside some that vary; none unless given. */
  readonly textLength?: number;
  /** Only the whole log: no copies of it from earlier, and no rows. */
  readonly isBare?: boolean;
}

/** A place in the log that a test damages. Numbers are positions, which count from 1. */
export interface Row extends RecordedEvent {
  readonly at: number;
}

/** A log made through the real append path, sealed and published, and copies of it from earlier. */
export class SealedLog {
  readonly folder = mkdtempSync(join(tmpdir(), 'sealed-log-'));
  readonly file = join(this.folder, 'whole.db');
  /** Files as they were before each seal, after it, and a few events later. */
  readonly older: string[] = [];
  rows: readonly Row[] = [];
  head: PublishedHead | undefined;

  /** What every execution's resource would show. */
  get witnesses(): readonly Witness[] {
    const ends = new Map(this.rows.map((row) => [row.stream, row]));
    return [...ends].flatMap(([stream, { revision, hash }]) => {
      const executionId = executionIdOf(stream);
      return executionId === undefined ? [] : [{ executionId, revision, hash }];
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function sealedLog({ events, seals, textLength = 0, isBare = false }: Shape): Promise<SealedLog> {
  const log = new SealedLog();
  const sealing = new Sealing();
  const perSeal = Math.floor(events / (seals + 0.3));
  let store = await openSqliteEventStore({ file: log.file });
  const copy = async (): Promise<void> => {
    if (!isBare) store = await copied(store, log);
  };
  await append(store, SEAL_STREAM, [await sealing.introduction()]);
  const executions = new Executions('x'.repeat(textLength));
  for (let number = 0; number < seals; number += 1) {
    await executions.happen(store, perSeal * (number + 1) - 20);
    await copy();
    if (number === Math.floor(seals / 2)) await append(store, SEAL_STREAM, [await sealing.rotation()]);
    log.head = await sealing.seal(store);
    await copy();
  }
  await executions.happen(store, events - seals - 3);
  await copy();
  await executions.happen(store, events - seals - 2);
  if (!isBare) log.rows = (await everything(store)).map((event, index) => ({ ...event, at: index + 1 }));
  await store.close();
  return log;
}

async function copied(store: EventStore, log: SealedLog): Promise<Awaited<ReturnType<typeof openSqliteEventStore>>> {
  await store.close();
  const copy = join(log.folder, `older-${log.older.length}.db`);
  copyFileSync(log.file, copy);
  log.older.push(copy);
  return openSqliteEventStore({ file: log.file });
}

/** Seals as the service does, out of the same pure functions. */
export class Sealing {
  private key: SealKey = KEYS.first;
  private number = 0;
  private total = 0;
  private sealedUpTo: Position = START;
  private previousSeal = NO_SEAL;

  async introduction(key: SealKey = this.key): Promise<NewEvent> {
    this.key = key;
    return event(SEAL_KEY_INTRODUCED, { ...(await signedIntroduction(key, 'the first key')) });
  }

  async rotation(next: SealKey = KEYS.second, previous: SealKey = this.key): Promise<NewEvent> {
    const data = await signedRotation(previous, next, 'once a year');
    this.key = next;
    return event(SEAL_KEY_ROTATED, { ...data });
  }

  /** Covers all there is. */
  async seal(store: EventStore): Promise<PublishedHead> {
    const data = await this.sealOf(store.storeId, await everything(store, undefined, this.sealedUpTo));
    this.sealedUpTo = data.position as Position;
    const [recorded] = await append(store, SEAL_STREAM, [event(LOG_SEALED, { ...data })]);
    this.previousSeal = recorded!.hash;
    return publishedHead(recorded!, data, this.key.publicKey);
  }

  /** The next seal, over these events. */
  async sealOf(storeId: string, covered: readonly Pick<RecordedEvent, 'hash' | 'position'>[]) {
    const { number, total: from, previousSeal } = this;
    const root = merkleRoot(covered.map(({ hash }) => hash));
    const position = covered.at(-1)!.position;
    const seal = { number, storeId, from, events: covered.length, position, root, previousSeal };
    this.number += 1;
    this.total += covered.length;
    return signedSeal(this.key, seal);
  }

  sealedAs(hash: string): void {
    this.previousSeal = hash;
  }
}

/** Executions of every length, all at the same time: three long ones, many of some, most of one to three events. */
class Executions {
  constructor(private readonly filling: string) {}

  private written = 0;
  private begun = 0;
  private readonly open: { readonly stream: string; readonly length: number; revision: number }[] = [];

  /** Until so many events have happened; in rounds, one commit each. */
  async happen(store: EventStore, until: number): Promise<void> {
    while (this.written < until) {
      while (this.open.length < 60) this.begin();
      const round = this.open.slice(0, Math.min(this.open.length, until - this.written));
      this.written += round.length;
      await Promise.all(
        round.map((one) => store.append(one.stream, expectedOf(one.revision++), [this.happened(one.revision)])),
      );
      for (const ended of this.open.filter(({ revision, length }) => revision >= length))
        this.open.splice(this.open.indexOf(ended), 1);
      this.open.push(this.open.shift()!);
    }
  }

  private begin(): void {
    const number = this.begun++;
    const length = number < 3 ? Number.POSITIVE_INFINITY : number % 10 === 0 ? 40 : (number % 3) + 1;
    this.open.push({ stream: streamOf(uuid(number)), length, revision: 0 });
  }

  private happened(n: number): NewEvent {
    // Some hold what stands between the parts of what is hashed, so that these could be told apart in another way.
    const nested = this.filling === '' && n % 3 === 1 ? { a: { b: 1, id: uuid(n), metadata: {} } } : {};
    const data = {
      n,
      ...nested,
      text: n % 50 === 0 ? 'Gruß, €, 😀, \ud800 \ufffd' : 'x'.repeat((n * 7) % 90) + this.filling,
    };
    return {
      ...event('SampleHappened', data),
      id: uuid(1_000_000 + this.written * 100 + (n % 100) + this.begun * 1e9),
    };
  }
}

const expectedOf = (revision: number): number | 'none' => (revision === 0 ? 'none' : revision - 1);

const uuid = (number: number): string => `0198f6c2-6f0e-7c3a-9d55-${number.toString(16).padStart(12, '0')}`;

const event = (type: string, data: JsonObject): NewEvent => ({
  id: crypto.randomUUID(),
  type,
  schemaVersion: 1,
  data,
  metadata: {
    time: '2026-01-02T03:04:05.678Z',
    actor: { user: 'tester' },
    source: 'scheduler',
    commandId: 'command',
    correlationId: '',
    causationId: 'command',
  },
});

async function append(
  store: EventStore,
  stream: string,
  events: readonly NewEvent[],
): Promise<readonly RecordedEvent[]> {
  return (await store.append(stream, 'any', events)).events;
}
