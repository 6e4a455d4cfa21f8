import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { NewEvent } from '#execution';
import type { RecordedEvent } from '#event-store';
import {
  openSqliteEventStore,
  OutcomeUnknownError,
  START,
  STORE_LIMITS,
  UnavailableError,
  verifyChain,
} from '#event-store';
import { prepareAppend } from '../../src/prepare.ts';
import { Appender } from '../../src/sqlite/appender.ts';
import { openWriter } from '../../src/sqlite/connection.ts';
import type { AppendOrder } from '../../src/sqlite/protocol.ts';
import { prepareFile } from '../../src/sqlite/schema.ts';
import { Writer } from '../../src/sqlite/writer.ts';
import { collect, nextOf } from '../collect.ts';
import { until } from '../../../../test/support/until.ts';
import { within } from '../../../../test/support/within.ts';
import { newEvent, newEvents } from '../events.ts';
import { TemporaryFolder } from '../folders.ts';
import { everything, streamOf } from '../log.ts';

let folder: TemporaryFolder;
beforeEach(() => (folder = new TemporaryFolder()));
afterEach(() => folder[Symbol.dispose]());

const large = (): NewEvent => newEvent({ data: { text: 'x'.repeat(200_000) } });

describe('a full disk', () => {
  test('what does not fit is certainly not applied, what fits beside it is', async () => {
    const store = await openSqliteEventStore({ file: folder.file(), maxPages: 100 });
    const moment = [
      store.append('small-1', 'none', newEvents(2)),
      store.append('large-1', 'none', [newEvent(), large(), large()]),
      store.append('small-2', 'none', newEvents(2)),
    ];
    const [small1, tooLarge, small2] = await Promise.allSettled(moment);
    expect([small1!.status, small2!.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(tooLarge).toMatchObject({ status: 'rejected', reason: expect.any(UnavailableError) });
    expect(String((tooLarge as PromiseRejectedResult).reason)).toMatch(/full.*free space/);
    expect((await everything(store)).map((event) => event.stream)).toEqual([
      'small-1',
      'small-1',
      'small-2',
      'small-2',
    ]);
    expect((await store.append('small-1', 1, newEvents(2))).revision).toBe(3);
    await store.close();
  });

  test('the store goes on when there is room again, and repeating what failed writes it once', async () => {
    const file = folder.file();
    const db = openWriter(file);
    prepareFile(db, file);
    const appender = new Appender(db, file);
    const orders = [1, 2].map((number): AppendOrder => ({
      kind: 'append',
      number,
      ...prepareAppend(`a-${number}`, 'none', [large()]),
    }));
    db.exec('PRAGMA max_page_count = 20');
    expect(appender.appendGroup(orders).map((outcome) => outcome.kind)).toEqual(['unavailable', 'unavailable']);
    expect(appender.appendGroup(orders).map((outcome) => outcome.kind)).toEqual(['unavailable', 'unavailable']);
    db.exec('PRAGMA max_page_count = 10000');
    expect(appender.appendGroup(orders)).toMatchObject([
      { kind: 'appended', position: 1 },
      { kind: 'appended', position: 2 },
    ]);
    expect(appender.appendGroup(orders).map((outcome) => outcome.kind)).toEqual(['repeated', 'repeated']);
    db.close();
  });
});

describe('an append that fails half-way', () => {
  test('leaves nothing of itself, and harms no other of its group', async () => {
    const store = await openSqliteEventStore({ file: folder.file() });
    const db = openWriter(folder.file());
    db.exec(`
      CREATE TRIGGER poisoned BEFORE INSERT ON events WHEN NEW.type = 'Poison'
      BEGIN SELECT RAISE(FAIL, 'poisoned'); END`);
    db.close();
    const poisoned = [newEvent(), newEvent({ type: 'Poison' }), newEvent()];
    const outcomes = await Promise.allSettled([
      store.append('a-1', 'none', newEvents(2)),
      store.append('a-2', 'none', poisoned),
      store.append('a-3', 'none', newEvents(2)),
      store.append('a-1', 1, newEvents(2)),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect((outcomes[1] as PromiseRejectedResult).reason).toBeInstanceOf(UnavailableError);
    const log = (await everything(store)).map((event) => `${event.stream}@${event.revision}`);
    expect(log).toEqual(['a-1@0', 'a-1@1', 'a-3@0', 'a-3@1', 'a-1@2', 'a-1@3']);
    await store.close();
  });
});

describe('a commit that fails', () => {
  test('is an unknown outcome for all of its group, and the store goes on', async () => {
    const store = await openSqliteEventStore({ file: folder.file() });
    const { revision } = await store.append('a-1', 'none', [newEvent()]);
    // A constraint checked at commit, broken by every event: the commit itself fails, after all was written.
    const db = openWriter(folder.file());
    db.exec(`
      CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TRIGGER break_commit AFTER INSERT ON events BEGIN INSERT INTO child VALUES (1); END`);
    const [again, other] = [newEvents(2), newEvents(2)];
    const failed = await Promise.allSettled([store.append('a-1', revision, again), store.append('a-2', 'none', other)]);
    expect(
      failed.map((outcome) => outcome.status === 'rejected' && outcome.reason instanceof OutcomeUnknownError),
    ).toEqual([true, true]);
    db.exec('DROP TRIGGER break_commit');
    db.close();
    expect((await store.append('a-1', revision, again)).revision).toBe(2);
    expect((await store.append('a-2', 'none', other)).repeated).toBe(false);
    expect(await everything(store)).toHaveLength(5);
    expect(verifyChain(await streamOf(store, 'a-1'))).toBeUndefined();
    await store.close();
  });
});

describe('a disk that does not answer', () => {
  test('an append past its time is unknown; it may arrive late, and repeating it writes nothing new', async () => {
    const store = await openSqliteEventStore({ file: folder.file(), timeoutMs: 100 });
    const following = collect(store.subscribe(START), 3);
    const db = openWriter(folder.file());
    db.exec('BEGIN IMMEDIATE');
    const event = newEvent();
    await expect(store.append('a-1', 'none', [event])).rejects.toThrow(OutcomeUnknownError);
    await expect(store.probe()).rejects.toThrow(OutcomeUnknownError);
    db.exec('ROLLBACK');
    db.close();
    await until('the late append', async () => (await store.head()) !== START);
    expect(await store.append('a-1', 'none', [event])).toMatchObject({ revision: 0, repeated: true });
    await store.append('a-1', 0, [newEvent()]);
    const seen = (await following).map((message) => (message.kind === 'event' ? message.event.revision : message.kind));
    expect(seen).toEqual(['caught-up', 0, 1]);
    await store.close();
  });

  test('close does not wait for it for ever', async () => {
    const { writer } = await Writer.open({ file: folder.file() }, { timeoutMs: 60_000, onMoved: () => undefined });
    const db = openWriter(folder.file());
    db.exec('BEGIN IMMEDIATE');
    const order = { kind: 'append' as const, ...prepareAppend('a-1', 'none', [newEvent()]) };
    const accepted = writer.submit(order).catch((error: unknown) => error);
    await within('the end of the writer', writer.stop(50));
    expect(await accepted).toBeInstanceOf(OutcomeUnknownError);
    await expect(writer.submit(order)).rejects.toThrow(UnavailableError);
    db.close();
  });
});

describe('a writer thread that dies', () => {
  /** An order no store would give: the thread stumbles over it. */
  const poison = {
    kind: 'append' as const,
    stream: 'a-1',
    expected: 'any' as const,
    events: undefined as never,
    bytes: 0,
  };
  const good = (stream: string) => ({ kind: 'append' as const, ...prepareAppend(stream, 'none', [newEvent()]) });

  test('what it had is unknown, and the next one goes on', async () => {
    let moves = 0;
    const { writer } = await Writer.open({ file: folder.file() }, { timeoutMs: 10_000, onMoved: () => (moves += 1) });
    expect(await writer.submit(good('a-1'))).toMatchObject({ kind: 'appended', position: 1 });
    const pending = await Promise.allSettled([writer.submit(poison), writer.submit(good('a-2'))]);
    expect(pending).toMatchObject([
      { status: 'rejected', reason: { name: 'OutcomeUnknownError' } },
      { status: 'rejected', reason: { name: 'OutcomeUnknownError' } },
    ]);
    expect(await writer.submit(good('a-3'))).toMatchObject({ kind: 'appended', position: 2 });
    expect(moves).toBeGreaterThanOrEqual(3);
    await writer.stop(5_000);
  });

  test('one that dies again and again leaves the store unavailable, and says so', async () => {
    const { writer } = await Writer.open({ file: folder.file() }, { timeoutMs: 10_000, onMoved: () => undefined });
    for (let death = 0; death < 4; death += 1) await expect(writer.submit(poison)).rejects.toThrow(OutcomeUnknownError);
    await expect(writer.submit(good('a-1'))).rejects.toThrow(UnavailableError);
    await expect(writer.submit({ kind: 'probe' })).rejects.toThrow(/again and again; restart the program/);
    await writer.stop(5_000);
  });
});

describe('bounds', () => {
  test('one append more than may wait is refused as unavailable, the others go through', async () => {
    const store = await openSqliteEventStore({ file: folder.file() });
    const { pendingAppends } = STORE_LIMITS;
    const attempts = Array.from({ length: pendingAppends + 1 }, (_, n) => store.append(`a-${n}`, 'none', [newEvent()]));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.slice(0, -1).every((outcome) => outcome.status === 'fulfilled')).toBe(true);
    expect(outcomes.at(-1)).toMatchObject({ status: 'rejected', reason: { name: 'UnavailableError' } });
    expect((await store.append('a-again', 'none', [newEvent()])).revision).toBe(0);
    await store.close();
  });

  test('slow-consumer-loses-nothing-and-memory-is-bounded', async () => {
    const store = await openSqliteEventStore({ file: folder.file() });
    const events = (count: number): NewEvent[] =>
      Array.from({ length: count }, () => newEvent({ data: { text: 'y'.repeat(100_000) } }));
    await store.append('a-0', 'none', events(1));
    const messages = store.subscribe(START)[Symbol.asyncIterator]();
    await messages.next();
    const before = heapUsed();
    for (let n = 1; n <= 80; n += 1) await store.append(`a-${n}`, 'none', events(10));
    // 80 MB were written while it waited; it holds one page at most.
    expect(heapUsed() - before).toBeLessThan(20 * 1024 * 1024);
    const seen: RecordedEvent[] = [];
    while (seen.length < 800) {
      const message = await nextOf(messages);
      if (message.kind === 'event') seen.push({ ...message.event, data: {} });
    }
    expect(new Set(seen.map((event) => event.position)).size).toBe(800);
    await messages.return?.();
    await store.close();
  });
});

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** The engine's own collector, which is there on demand only. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
