import { openSqliteReadModel } from '#read-model';
import type { RowChange } from '#runtime';
import { comparePositions as compare, entry } from './entries.ts';
import { position, row } from './rows.ts';

/** What every generation of the read model holds when it is complete. */
export const SWAPPED = 300;
const BATCH = 20;

export const swappedRows: readonly RowChange[] = Array.from({ length: SWAPPED }, (_, n) => ({
  row: row(n + 1),
  milestones: {},
  position: position(n + 1),
}));

type Filled = Pick<Awaited<ReturnType<typeof openSqliteReadModel>>, 'apply'>;

async function fill(model: Filled): Promise<void> {
  for (let at = 0; at < SWAPPED; at += BATCH) {
    const changes = swappedRows.slice(at, at + BATCH);
    const events = changes.map((_, n) => entry(at + n + 1, { executionId: row(at + n + 1).id, revision: 0 }));
    await model.apply(changes, events, position(at + BATCH));
  }
}

/** Run as a process of its own: fills a read model, says so, and then builds one after the other until it is killed. */
export async function swapForEver(file: string): Promise<never> {
  const model = await openSqliteReadModel({ file, compare });
  if ((await model.size()) === 0) await fill(model);
  process.stdout.write('filled\n');
  for (;;) {
    const successor = await model.successor();
    await fill(successor.model);
    await successor.take();
    process.stdout.write('taken\n');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

if (process.argv[2] === 'swap for ever' && process.argv[3] !== undefined) await swapForEver(process.argv[3]);
