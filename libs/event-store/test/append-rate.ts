import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { NewEvent } from '#execution';
import type { EventStore } from '#event-store';
import { openSqliteEventStore } from '#event-store';
import { newEvent } from './events.ts';

/** About what an event of an execution takes in the log. */
const PAYLOAD_BYTES = 600;
const WRITERS = 64;
const DEFAULT_MS = 2_000;
/** Unmeasured time before, for compilation and caches. */
const WARM_UP_MS = 300;

export interface AppendRates {
  /** Durable appends of one event each, one after the other, per second. */
  readonly singlePerSecond: number;
  /** Events per second with 64 writers, each waiting for its own append before the next. */
  readonly concurrentPerSecond: number;
}

/** The floor: the same bytes appended to a plain file, made durable one by one. Times per second. */
export function fdatasyncRate(folder: string, ms: number = DEFAULT_MS): number {
  const payload = Buffer.alloc(PAYLOAD_BYTES, 'x');
  const file = openSync(join(folder, 'fdatasync.raw'), 'w');
  try {
    const start = performance.now();
    let count = 0;
    for (; performance.now() - start < ms; count += 1) {
      writeSync(file, payload);
      fdatasyncSync(file);
    }
    return perSecond(count, start);
  } finally {
    closeSync(file);
  }
}

/** Measures a store in a new file of the folder. */
export async function appendRates(folder: string, ms: number = DEFAULT_MS): Promise<AppendRates> {
  const store = await openSqliteEventStore({ file: join(folder, 'append-rate.db') });
  try {
    await appendFor(store, 'warm', WARM_UP_MS);
    const singlePerSecond = await measured(() => appendFor(store, 'single', ms));
    const writers = Array.from({ length: WRITERS }, (_, index) => `writer${index}`);
    const concurrentPerSecond = await measured(async () => {
      const counts = await Promise.all(writers.map((writer) => appendFor(store, writer, ms)));
      return counts.reduce((sum, count) => sum + count, 0);
    });
    return { singlePerSecond, concurrentPerSecond };
  } finally {
    await store.close();
  }
}

/** Streams of ten events each, as executions write them. */
async function appendFor(store: EventStore, name: string, ms: number): Promise<number> {
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < ms; count += 1) {
    const revision = count % 10;
    await store.append(`bench-${name}-${count - revision}`, revision === 0 ? 'none' : revision - 1, [sizedEvent()]);
  }
  return count;
}

function sizedEvent(): NewEvent {
  const event = newEvent();
  const size = JSON.stringify(event.metadata).length;
  return { ...event, data: { text: 'x'.repeat(PAYLOAD_BYTES - size - '{"text":""}'.length) } };
}

async function measured(count: () => Promise<number>): Promise<number> {
  const start = performance.now();
  return perSecond(await count(), start);
}

function perSecond(count: number, start: number): number {
  return count / ((performance.now() - start) / 1_000);
}
