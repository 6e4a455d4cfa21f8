import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { EventStore, RecordedEvent } from '#event-store';
import { openSqliteEventStore, verifyChain } from '#event-store';
import { newEvents } from '../events.ts';
import { TemporaryFolder } from '../folders.ts';
import { everything } from '../log.ts';

/**
 * What is promised, and why. A commit is acknowledged after its frames in the write-ahead log were synced, so a crash
 * can only tear what stands behind the last acknowledged commit: the log must come back to exactly that point. When a
 * disk loses or changes bytes it had confirmed, nothing can bring them back; but every frame's checksum continues the
 * one before, so the log comes back to a prefix of whole appends, never less than what was in the main file already.
 */
describe('torn-wal-or-crash-recovers-to-acknowledged-prefix', () => {
  const BATCH = 3;
  const folder = new TemporaryFolder();
  /** Events in the main file, and all that were acknowledged. */
  let checkpointed: RecordedEvent[];
  let acknowledged: RecordedEvent[];
  /** Length of the write-ahead log with all acknowledged, and its bytes with one append more. */
  let acknowledgedBytes: number;
  let log: Buffer;

  const append = async (store: EventStore, from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n += 1) await store.append(`torn-${n % 7}x${n}`, 'none', newEvents(BATCH));
  };

  beforeAll(async () => {
    const file = folder.file('whole.db');
    const first = await openSqliteEventStore({ file });
    await append(first, 0, 20);
    checkpointed = await everything(first);
    await first.close();
    const second = await openSqliteEventStore({ file });
    await append(second, 20, 50);
    acknowledged = await everything(second);
    acknowledgedBytes = statSync(`${file}-wal`).size;
    await append(second, 50, 51);
    log = readFileSync(`${file}-wal`);
    copyFileSync(file, folder.file('main.db'));
    await second.close();
  });
  afterAll(() => folder[Symbol.dispose]());

  let copies = 0;
  const recovered = async (torn: Buffer): Promise<RecordedEvent[]> => {
    copies += 1;
    const file = folder.file(`copy${copies}.db`);
    copyFileSync(folder.file('main.db'), file);
    writeFileSync(`${file}-wal`, torn);
    const store = await openSqliteEventStore({ file });
    try {
      const events = await everything(store);
      await append(store, 1_000, 1_001);
      expect(await everything(store)).toHaveLength(events.length + BATCH);
      return events;
    } finally {
      await store.close();
    }
  };

  test('the parts are what they are meant to be', async () => {
    expect(checkpointed).toHaveLength(20 * BATCH);
    expect(acknowledged).toHaveLength(50 * BATCH);
    expect(log.length).toBeGreaterThan(acknowledgedBytes);
    expect(await recovered(Buffer.alloc(0))).toEqual(checkpointed);
    expect((await recovered(log)).length).toBe(51 * BATCH);
  });

  test('a commit torn before its acknowledgement leaves exactly the acknowledged events', async () => {
    const unacknowledged = log.length - acknowledgedBytes;
    for (const share of [0, 0.1, 0.5, 0.9]) {
      const torn = log.subarray(0, acknowledgedBytes + Math.floor(unacknowledged * share));
      expect(await recovered(torn)).toEqual(acknowledged);
    }
  });

  test('rubbish behind the acknowledged events is not taken for events', async () => {
    const rubbish = Buffer.alloc(20_000, 0xa5);
    expect(await recovered(Buffer.concat([log.subarray(0, acknowledgedBytes), rubbish]))).toEqual(acknowledged);
    const half = Buffer.from(log);
    half.fill(0, acknowledgedBytes + 24);
    expect(await recovered(half)).toEqual(acknowledged);
  });

  test('bytes lost or changed inside it leave whole appends in order, and all that was in the main file', async () => {
    for (const share of [0.001, 0.2, 0.4, 0.6, 0.8]) {
      const at = Math.floor(acknowledgedBytes * share);
      const cut = await recovered(log.subarray(0, at));
      const changed = Buffer.from(log);
      changed[at] = changed[at]! ^ 0xff;
      for (const events of [cut, await recovered(changed)]) {
        expect(events).toEqual(acknowledged.slice(0, events.length));
        expect(events.length % BATCH).toBe(0);
        expect(events.length).toBeGreaterThanOrEqual(checkpointed.length);
        expect(verifyChain(events.filter((event) => event.stream === 'torn-0x0'))).toBeUndefined();
      }
    }
  });
});
