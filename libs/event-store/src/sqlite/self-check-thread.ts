import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { SelfCheckReport } from './self-checker.ts';
import { CorruptionError } from '../errors.ts';
import { openOnce } from './connection.ts';
import { notApplied, sqliteFault } from './faults.ts';
import { selfCheck } from './self-check.ts';

/** Reads all of the file once, beside the event loop, and reports. */
function check(file: string): SelfCheckReport {
  let db: DatabaseSync | undefined;
  try {
    db = openOnce(file);
    return { kind: 'checked', faults: selfCheck(db) };
  } catch (error) {
    const named = notApplied(sqliteFault(error), file, 'self-check');
    if (!(named instanceof CorruptionError)) return { kind: 'failed', message: named.message };
    return {
      kind: 'checked',
      faults: [{ kind: 'FileDamaged', expected: 'a well-formed SQLite file', found: named.message }],
    };
  } finally {
    db?.close();
  }
}

if (parentPort === null) throw new Error('self-check-thread.ts runs as a worker thread only');
parentPort.postMessage(check(workerData as string));
