import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { openSqliteReadModel } from '#read-model';
import type { RowChange } from '#runtime';
import { connected } from '../../src/sqlite/connection.ts';
import { comparePositions as compare, entry } from './entries.ts';
import { position, row } from './rows.ts';

/** What every generation of the read model holds when it is complete. */
export const SWAPPED = 40;
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

/** A file with a complete read model. */
export async function filledModel(file: string): Promise<void> {
  const model = await openSqliteReadModel({ file, compare });
  await fill(model);
  await model.close();
}

/**
 * Run as a process of its own: builds a successor, lets it take the place, and prints how many steps that took; or dies
 * right before one of them, as if the power had gone.
 * @param fatal number of that step, from 1
 */
async function swapOnce(file: string, fatal: number): Promise<void> {
  let steps = 0;
  const model = await openSqliteReadModel({ file, compare });
  beforeEachStep(() => {
    steps += 1;
    if (steps === fatal) process.kill(process.pid, 'SIGKILL');
  });
  const successor = await model.successor();
  await fill(successor.model);
  await successor.take();
  await model.close();
  process.stdout.write(`${steps}\n`);
}

/** Tells of everything that changes files: commands to SQLite that are no statements of a batch, and calls of the file system. */
function beforeEachStep(told: () => void): void {
  const around = <Name extends string>(owner: Record<Name, (...args: never[]) => unknown>, name: Name): void => {
    const original = owner[name];
    owner[name] = function (this: unknown, ...args: never[]): unknown {
      told();
      return original.apply(this, args);
    };
  };
  const database = connected(':memory:', (db) => {
    db.close();
    return Object.getPrototypeOf(db) as typeof db;
  });
  around(database, 'exec');
  around(database, 'close');
  around(fs, 'rmSync');
  around(fs.promises, 'open');
  syncBuiltinESMExports();
}

const [, , mode, file = '', fatal = '0'] = process.argv;
if (mode === 'swap once') await swapOnce(file, Number(fatal));
