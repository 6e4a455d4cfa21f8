import type { DatabaseSync } from 'node:sqlite';
import type { MessagePort } from 'node:worker_threads';
import { parentPort, workerData } from 'node:worker_threads';
import type { LinksAnswer, LinksStart } from './link-thread.ts';
import type { LogRange } from './links.ts';
import { CorruptionError } from '../errors.ts';
import { Positions } from '../positions.ts';
import { openOnce } from './connection.ts';
import { notApplied, sqliteFault } from './faults.ts';
import { LinkPages } from './links.ts';
import { isOutOfRange } from './texts.ts';

/** Answers each message, a range of the log, with what it holds. */
function serve(port: MessagePort, { file, scheme, storeId }: LinksStart): void {
  let db: DatabaseSync | undefined;
  let pages: LinkPages | undefined;
  port.on('message', (range: LogRange) => port.postMessage(answer(range)));

  function answer(range: LogRange): LinksAnswer {
    try {
      db ??= openOnce(file);
      pages ??= new LinkPages(db, new Positions(scheme, storeId));
      return pages.next(range);
    } catch (error) {
      return failure(error, file);
    }
  }
}

function failure(error: unknown, file: string): LinksAnswer {
  if (isOutOfRange(error))
    return { kind: 'corrupt', message: `event store ${file}: it holds a number larger than any this program wrote` };
  const named = notApplied(sqliteFault(error), file, 'read');
  return { kind: named instanceof CorruptionError ? 'corrupt' : 'failed', message: named.message };
}

if (parentPort === null) throw new Error('links-thread.ts runs as a worker thread only');
serve(parentPort, workerData as LinksStart);
