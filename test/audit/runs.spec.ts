import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { VerificationReport } from '#audit';
import { verifyLog } from '#audit';
import type { EventStore, Link } from '#event-store';
import { openSqliteEventStore, START } from '#event-store';
import { damagesAt } from './damages/table.ts';
import { Meddler } from './meddling.ts';
import { Chart } from './places.ts';
import type { SealedLog } from './sealed-log.ts';
import { KEYS, sealedLog } from './sealed-log.ts';

const EVENTS = 2_500;
const TIMEOUT_MS = 300_000;
/** Of all damages at all places. */
const CASES = 60;

let log: SealedLog;
beforeAll(async () => void (log = await sealedLog({ events: EVENTS, seals: 9 })), 60_000);
afterAll(() => log.remove());

/** The store, but for some of what it answers. */
const withOther = (store: EventStore, other: Partial<EventStore>): EventStore =>
  new Proxy(store, {
    get: (target, name) => {
      const answer: unknown = Reflect.get(name in other ? other : target, name);
      return typeof answer === 'function' ? (answer.bind(target) as unknown) : answer;
    },
  });

/** Every event by its texts, as a store shows them that does not read ahead. */
const oneByOne = (store: EventStore): EventStore =>
  withOther(store, {
    async *links(): AsyncGenerator<readonly Link[]> {
      for (let after = START, end = false; !end;) {
        const slice = await store.readTexts(after);
        yield slice.entries;
        ({ next: after, end } = slice);
      }
    },
  });

async function opened<T>(file: string, use: (store: EventStore) => Promise<T>): Promise<T> {
  const store = await openSqliteEventStore({ file });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** The verdict on a damaged copy, by runs and one by one. */
async function verdicts(damage: (meddler: Meddler) => void): Promise<readonly VerificationReport[]> {
  const file = join(log.folder, 'damaged.db');
  copyFileSync(log.file, file);
  const meddler = new Meddler(file);
  damage(meddler);
  meddler.done();
  const found = await opened(file, async (store) => [
    await verifyLog(store, { heads: [log.head!], rememberedStreams: 60 }),
    await verifyLog(oneByOne(store), { heads: [log.head!] }),
  ]);
  for (const suffix of ['', '-wal', '-shm', '.lock']) rmSync(file + suffix, { force: true });
  return found;
}

test(
  'a log that is judged run by run gets the very report it gets event by event, damaged or not',
  async () => {
    const [whole, same] = await verdicts(() => undefined);
    expect([whole!.ok, whole]).toEqual([true, same]);
    const chart = new Chart(log);
    const all = damagesAt(chart, { variants: 1, others: 1 });
    const some = all.filter((_, index) => index % Math.ceil(all.length / CASES) === 0);
    for (const [one, { name, row }] of some) {
      const [byRuns, byEvents] = await verdicts((meddler) => one.inflict(meddler, row, chart));
      expect([one.damage, one.how, name, byRuns]).toEqual([one.damage, one.how, name, byEvents]);
    }
  },
  TIMEOUT_MS,
);

test('what was recorded after a verification began is not looked at, wherever among the events read at once that is', async () => {
  const seals = log.rows.filter(({ stream }) => stream.startsWith('seal-')).map(({ at }) => at);
  await opened(log.file, async (store) => {
    for (const events of [1, 2, 1_000, 1_023, 1_024, 1_025, seals[4]! - 1, seals[4]!, seals[4]! + 1, EVENTS - 1]) {
      const end = log.rows[events - 1]!.position;
      const until = withOther(store, { head: () => Promise.resolve(end) });
      const report = await verifyLog(until, { trustedKeys: [KEYS.first.publicKey] });
      expect([report.firstDamage, report.events, report.head.position]).toEqual([undefined, events, end]);
    }
  });
});
