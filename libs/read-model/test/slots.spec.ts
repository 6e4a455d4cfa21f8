import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { START } from '#event-store';
import { openSqliteReadModel } from '#read-model';
import { comparePositions as compare, entry } from './support/entries.ts';
import { changes, position, row } from './support/rows.ts';
import { filledModel, SWAPPED, swappedRows } from './support/swapping.ts';

const DAMAGED_BYTES = 9_000;

let folder: string;
let first: string;
let second: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slots-'));
  first = join(folder, 'rows.sqlite');
  second = join(folder, 'rows.2.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const opened = () => openSqliteReadModel({ file: first, compare });
const idsOf = async (model: Awaited<ReturnType<typeof opened>>) =>
  (await model.list({}, { limit: 1000 })).items.map(({ id }) => id);

test('a successor is empty, is filled while the other answers, and then answers in its place', async () => {
  const model = await opened();
  await model.apply(changes(row(1)), [entry(1)], position(1));
  const successor = await model.successor();
  expect([await successor.model.checkpoint(), await successor.model.size()]).toEqual([START, 0]);
  await successor.model.apply(changes(row(2), row(3)), [entry(1), entry(2)], position(2));
  expect([await idsOf(model), await model.size()]).toEqual([[row(1).id], 1]);
  await successor.take();
  expect([await idsOf(model), await model.size()]).toEqual([[row(3).id, row(2).id], 2]);
  await successor.discard(); // too late: it is the one that answers
  await model.apply(changes(row(4)), [entry(3)], position(3));
  expect([await model.indexed(), existsSync(first)]).toEqual([position(3), false]);
  await model.close();
  await model.close();
});

test('a successor that is let go leaves nothing, and so does one that is begun over', async () => {
  const model = await opened();
  const successor = await model.successor();
  await successor.model.apply(changes(row(2)), [], position(1));
  expect(existsSync(second)).toBe(true);
  const again = await model.successor();
  expect(await again.model.checkpoint()).toBe(START);
  await again.discard();
  await again.discard();
  expect(readdirSync(folder).filter((name) => name.startsWith('rows.2'))).toEqual([]);
  await model.close();
});

test('one that was being filled when the process ended does not count and is removed', async () => {
  const model = await opened();
  await model.apply(changes(row(1)), [], position(1));
  const successor = await model.successor();
  await successor.model.apply(changes(row(2)), [], position(9));
  const left = readFileSync(second);
  const wal = readFileSync(`${second}-wal`);
  await model.close();
  writeFileSync(second, left);
  writeFileSync(`${second}-wal`, wal);
  const later = await opened();
  expect([await idsOf(later), existsSync(second), existsSync(`${second}-wal`)]).toEqual([[row(1).id], false, false]);
  await later.close();
});

test('of two that are complete the newer counts, and the older is removed', async () => {
  const model = await opened();
  await model.apply(changes(row(1)), [], position(1));
  const successor = await model.successor();
  await successor.model.apply(changes(row(2)), [], position(2));
  await model.reset(); // whatever it writes to the file, so that the copy is whole
  copyFileSync(first, join(folder, 'copy'));
  await successor.take();
  await model.close();
  copyFileSync(join(folder, 'copy'), first);
  const later = await opened();
  expect([await idsOf(later), existsSync(first)]).toEqual([[row(2).id], false]);
  await later.close();
});

test('what a crash left of the other place, an empty file or pages beside none, is no obstacle', async () => {
  const model = await opened();
  await model.apply(changes(row(1)), [], position(1));
  await model.close();
  writeFileSync(second, '');
  writeFileSync(`${second}-wal`, 'pages of a file that is gone');
  const later = await opened();
  expect(await idsOf(later)).toEqual([row(1).id]);
  const successor = await later.successor();
  expect(await successor.model.checkpoint()).toBe(START);
  await successor.take();
  expect(await idsOf(later)).toEqual([]);
  await later.close();
});

test.each(['rows.2.sqlite', 'rows.sqlite'])(
  'what a power loss left of the other place, pages that make no database in %s, is no obstacle',
  async (damaged) => {
    const model = await opened();
    await model.apply(changes(row(1)), [], position(1));
    if (damaged === 'rows.sqlite') {
      const successor = await model.successor();
      await successor.model.apply(changes(row(1)), [], position(1));
      await successor.take();
    }
    await model.close();
    writeFileSync(join(folder, damaged), randomBytes(DAMAGED_BYTES));
    const later = await opened();
    expect([await idsOf(later), existsSync(join(folder, damaged))]).toEqual([[row(1).id], false]);
    await later.close();
  },
);

test('a damaged file and no complete one beside it is for a person to look at', async () => {
  writeFileSync(second, randomBytes(DAMAGED_BYTES));
  await expect(opened()).rejects.toThrow(`read model ${second}: the file is damaged or no database; delete it`);
});

/** Builds a successor in another process, which dies before a step. @returns how many steps there were, when it lived */
function swapOnce(fatal?: number): number | undefined {
  const script = new URL('./support/swapping.js', import.meta.url).pathname;
  const args = [script, 'swap once', first, String(fatal ?? 0)];
  const { signal, status, stdout } = spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  expect([signal, status]).toEqual(fatal === undefined ? [null, 0] : ['SIGKILL', null]);
  return fatal === undefined ? Number(stdout.toString()) : undefined;
}

test('killed before any step of building and swapping, a complete one is found at the next start, and nothing else', async () => {
  await filledModel(first);
  const steps = swapOnce()!;
  expect(steps).toBeGreaterThan(10);
  for (let fatal = 1; fatal <= steps; fatal += 1) {
    swapOnce(fatal);
    const model = await opened();
    expect([fatal, await idsOf(model)]).toEqual([fatal, swappedRows.map((change) => change.row.id).toReversed()]);
    expect([await model.size(), await model.checkpoint()]).toEqual([SWAPPED, position(SWAPPED)]);
    expect([first, second].filter((file) => existsSync(file))).toHaveLength(1);
    await model.close();
  }
});
