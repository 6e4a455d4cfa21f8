import { openSqliteEventStore } from '#event-store';
import { newEvents } from '../events.ts';

/**
 * A process to be killed: appends batches to streams of a log and says on stdout, one JSON array a line, what it is
 * about to append and what was acknowledged: ["try", stream, count] and ["ack", stream, revision].
 */
const [file, round] = process.argv.slice(2);
const say = (...words: unknown[]): void => void process.stdout.write(`${JSON.stringify(words)}\n`);
const LANES = 4;
const BATCH = 5;

async function lane(name: string): Promise<void> {
  const store = await opening;
  for (let revision = -1; ; revision += BATCH) {
    say('try', name, BATCH);
    await store.append(name, revision < 0 ? 'none' : revision, newEvents(BATCH));
    say('ack', name, revision + BATCH);
  }
}

const opening = openSqliteEventStore({ file: file! });
await Promise.all(Array.from({ length: LANES }, (_, index) => lane(`round${round}-${index}`)));
