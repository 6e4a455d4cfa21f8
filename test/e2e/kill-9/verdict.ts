import type { RecordedEvent } from '#event-store';
import { openSqliteEventStore, START, verifyChain } from '#event-store';
import { STREAM_CATEGORY, streamOf } from '#execution';
import { TERMINAL } from '../client.ts';

/** Every execution's events as they lie in the log of a service that has stopped, in the order of the whole log. */
export async function readLog(file: string): Promise<readonly RecordedEvent[]> {
  const store = await openSqliteEventStore({ file });
  const events: RecordedEvent[] = [];
  try {
    for (let after = START, isEnd = false; !isEnd;) {
      const slice = await store.readAll(after, { streamPrefixes: [`${STREAM_CATEGORY}-`] });
      events.push(...slice.events);
      [after, isEnd] = [slice.next, slice.end];
    }
  } finally {
    await store.close();
  }
  return events;
}

export const eventsOf = (log: readonly RecordedEvent[], id: string): readonly RecordedEvent[] =>
  log.filter(({ stream }) => stream === streamOf(id));

/** Contiguous revisions, right hashes, one beginning, one end, and each thing that happens once is there once. */
export function expectWhole(events: readonly RecordedEvent[]): void {
  expect(verifyChain(events)).toBeUndefined();
  const countOf = (isMeant: (type: string) => boolean): number => events.filter(({ type }) => isMeant(type)).length;
  expect(events[0]?.type).toBe('ExecutionCreated');
  expect(countOf((type) => TERMINAL.has(type))).toBe(1);
  for (const once of ['ExecutionCreated', 'ResourceBound', 'PipelineRunCreated', 'ReleaseRequested', 'LockReleased'])
    expect(countOf((type) => type === once)).toBeLessThanOrEqual(1);
}

/** At no moment of the log have two executions the lock of one target. @returns the targets still locked at the end */
export function expectExclusiveLocks(log: readonly RecordedEvent[]): readonly string[] {
  const holders = new Map<string, string>();
  const targets = new Map<string, string>();
  for (const { type, stream, data } of log) {
    if (type === 'ExecutionCreated') targets.set(stream, (data as { runName: string }).runName);
    const target = targets.get(stream) ?? '';
    if (type === 'PipelineRunCreated') {
      expect([target, holders.get(target)]).toEqual([target, undefined]);
      holders.set(target, stream);
    }
    if (type === 'LockReleased') {
      expect([target, holders.get(target)]).toEqual([target, stream]);
      holders.delete(target);
    }
  }
  return [...holders.keys()];
}
