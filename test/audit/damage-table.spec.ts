import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { VerificationReport, VerifyOptions } from '#audit';
import { verifyLog } from '#audit';
import { openSqliteEventStore } from '#event-store';
import Table from 'cli-table3';
import type { Expected } from './damages/damage.ts';
import { DAMAGES } from './damages/damage.ts';
import { damagesAt } from './damages/table.ts';
import { Meddler } from './meddling.ts';
import { Chart } from './places.ts';
import type { SealedLog } from './sealed-log.ts';
import { KEYS, sealedLog } from './sealed-log.ts';

const EVENTS = 10_000;
const SEALS = 6;
/** WFE_DAMAGES=all: every case at every place, for minutes. */
const TURNS = process.env['WFE_DAMAGES'] === 'all' ? { variants: 1, others: 1 } : { variants: 4, others: 2 };
const TIMEOUT_MS = 900_000;

let log: SealedLog;
let chart: Chart;
beforeAll(async () => {
  log = await sealedLog({ events: EVENTS, seals: SEALS });
  chart = new Chart(log);
}, 60_000);
afterAll(() => log.remove());

/** Everything that vouches for the log beside itself. */
const vouching = (): VerifyOptions => ({
  heads: [log.head!],
  ownKeys: [KEYS.second.publicKey],
  witnesses: log.witnesses,
});

async function verified(file: string, options: VerifyOptions): Promise<VerificationReport> {
  const store = await openSqliteEventStore({ file });
  try {
    return await verifyLog(store, options);
  } finally {
    await store.close();
  }
}

/** What is found in a copy that was damaged. */
async function foundAfter(damage: (meddler: Meddler) => void, from = log.file): Promise<VerificationReport> {
  const file = join(log.folder, 'damaged.db');
  copyFileSync(from, file);
  const meddler = new Meddler(file);
  damage(meddler);
  meddler.done();
  try {
    return await verified(file, vouching());
  } finally {
    for (const suffix of ['', '-wal', '-shm', '.lock']) rmSync(file + suffix, { force: true });
  }
}

/** Undefined when the damage was found as what it is, where it is. */
function complaint({ firstDamage }: VerificationReport, expected: Expected): string | undefined {
  const position = firstDamage?.position?.split(':').at(-1);
  const isFound = expected.some(
    ([kind, at]) => kind === firstDamage?.kind && (at === undefined || String(at) === position),
  );
  return isFound
    ? undefined
    : `expected ${JSON.stringify(expected)}, found ${JSON.stringify(firstDamage ?? 'nothing')}`;
}

describe('an intact log', () => {
  test('has no damage, and its report says what was looked at and who vouches for it', async () => {
    const report = await verified(log.file, vouching());
    expect(report).toMatchObject({ ok: true, events: EVENTS, seals: SEALS, acceptedRollbacks: 0 });
    expect(report.anchor).toEqual({ kind: 'published-head', keyId: KEYS.second.keyId });
    expect(report.head).toMatchObject({ published: 1, seal: { number: SEALS - 1 } });
    expect(report.head.unsealed).toBe(EVENTS - chart.lastRange.to);
    expect(report.streams).toBe(new Set(log.rows.map(({ stream }) => stream)).size);
    expect(report.witnesses).toBe(report.streams - 1);
    expect(report.firstDamage).toBeUndefined();
  });

  test('has none at any earlier time either, as far as was published by then', async () => {
    for (const older of log.older)
      expect(await verified(older, { trustedKeys: [KEYS.first.publicKey] })).toMatchObject({ ok: true });
  });

  test('has none whatever little is remembered of its streams', async () => {
    const report = await verified(log.file, { ...vouching(), rememberedStreams: 3 });
    expect(report).toMatchObject({ ok: true, events: EVENTS });
  });
});

test(
  'every damage, at every place where it is one, is found for what it is and where it begins',
  async () => {
    const found = new Map<string, { places: number; found: number }>();
    const missed: string[] = [];
    const count = (damage: string, place: string, problem: string | undefined): void => {
      const counted = found.get(damage) ?? { places: 0, found: 0 };
      found.set(damage, { places: counted.places + 1, found: counted.found + (problem === undefined ? 1 : 0) });
      if (problem !== undefined) missed.push(`${damage}, ${place}: ${problem}`);
    };
    for (const [one, { name, row }, expected] of damagesAt(chart, TURNS)) {
      const report = await foundAfter((meddler) => one.inflict(meddler, row, chart));
      count(one.damage, `${one.how}, ${name} (${row.at})`, complaint(report, expected));
    }
    for (const [index, older] of log.older.entries()) {
      const isBeforeTheLastSeal = index < log.older.length - 2;
      const expected: Expected = isBeforeTheLastSeal ? [['RolledBack']] : [['TailCut'], ['StreamMissing']];
      const report = await foundAfter(() => undefined, older);
      count(
        'roll back to an older copy',
        `copy ${index}`,
        index === log.older.length - 2 ? complaint(report, [['RolledBack'], ...expected]) : complaint(report, expected),
      );
    }
    printed(found);
    expect(missed).toEqual([]);
    expect([...found.keys()].sort()).toEqual([...DAMAGES].sort());
  },
  TIMEOUT_MS,
);

function printed(found: ReadonlyMap<string, { readonly places: number; readonly found: number }>): void {
  const table = new Table({ head: ['damage', 'places', 'found'], style: { head: [], border: [] } });
  for (const damage of DAMAGES) {
    const { places = 0, found: of = 0 } = found.get(damage) ?? {};
    table.push([damage, places, `${of} of ${places}`]);
  }
  process.stdout.write(`${table.toString()}\n`);
}
