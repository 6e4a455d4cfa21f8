import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyLog } from '#audit';
import { openSqliteEventStore } from '#event-store';
import fc from 'fast-check';
import { Meddler } from './meddling.ts';
import type { SealedLog } from './sealed-log.ts';
import { sealedLog } from './sealed-log.ts';

const RUNS = 40;
const COLUMNS = ['stream', 'category', 'id', 'type', 'data', 'metadata', 'previous_hash', 'hash'] as const;
const NUMBERS = ['position', 'revision', 'schema_version'] as const;

let log: SealedLog;
beforeAll(async () => (log = await sealedLog({ events: 400, seals: 2 })));
afterAll(() => log.remove());

/** Whether anything is found wrong with a copy that was changed; undefined when SQLite did not let it be changed. */
async function isFound(change: (meddler: Meddler) => number): Promise<boolean | undefined> {
  const file = join(log.folder, 'changed.db');
  copyFileSync(log.file, file);
  const meddler = new Meddler(file);
  const changes = attempted(() => change(meddler));
  meddler.done();
  const store = await openSqliteEventStore({ file });
  try {
    const { ok } = await verifyLog(store, { heads: [log.head!] });
    return changes === 0 ? undefined : !ok;
  } finally {
    await store.close();
  }
}

/** Two rows at one place is what SQLite itself refuses. */
function attempted(change: () => number): number {
  try {
    return change();
  } catch (error) {
    if (/constraint failed/.test(String(error))) return 0;
    throw error;
  }
}

test('one byte changed anywhere in any text of any row is found, whatever it is changed to', async () => {
  let changed = 0;
  const anyByte = fc.record({
    row: fc.nat(),
    column: fc.constantFrom(...COLUMNS),
    at: fc.nat(),
    flip: fc.integer({ min: 1, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(anyByte, async ({ row, column, at, flip }) => {
      const found = await isFound((meddler) => {
        const position = (row % log.rows.length) + 1;
        const bytes = Buffer.from(meddler.bytes(position, column));
        bytes[at % bytes.length]! ^= flip;
        return meddler.run(`UPDATE events SET ${column} = CAST(? AS TEXT) WHERE position = ?`, bytes, position);
      });
      changed += found === undefined ? 0 : 1;
      return found !== false;
    }),
    { numRuns: RUNS },
  );
  expect(changed).toBeGreaterThan(RUNS * 0.8);
}, 120_000);

test('one bit changed in any number of any row is found', async () => {
  const anyBit = fc.record({ row: fc.nat(), column: fc.constantFrom(...NUMBERS), bit: fc.nat({ max: 62 }) });
  await fc.assert(
    fc.asyncProperty(anyBit, async ({ row, column, bit }) => {
      const position = (row % log.rows.length) + 1;
      const flip = `(${column} | (1 << ${bit})) - (${column} & (1 << ${bit}))`;
      return (
        (await isFound((meddler) =>
          meddler.run(`UPDATE events SET ${column} = ${flip} WHERE position = ?`, position),
        )) !== false
      );
    }),
    { numRuns: RUNS },
  );
}, 120_000);

test('a change of what the file says beside its events is found', async () => {
  for (const sql of [
    "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'events'",
    "UPDATE sqlite_sequence SET name = 'evenst' WHERE name = 'events'",
    "UPDATE categories SET name = 'sea1' WHERE name = 'seal'",
    "UPDATE store SET value = replace(value, '-', '0')",
  ])
    expect([sql, await isFound((meddler) => meddler.run(sql))]).toEqual([sql, true]);
});
