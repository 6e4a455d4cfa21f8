import { TERMINAL_EVENTS } from '#execution';
import { Failure } from '../exit-codes.ts';
import type { Api } from './api.ts';
import type { HistoryEntry } from './answers.ts';
import { historyOf } from './history.ts';
import { following, FOLLOWING_LIMITS, isPassing, pause, type Following } from './live.ts';

/** Until when an execution is followed: its end, the release of its lock, or as long as somebody looks. */
export type Until = 'finished' | 'released' | 'never';

/**
 * What happened to an execution so far, and then what happens, each event once. The live log says that there is news;
 * the history says it in sentences. @throws Failure
 */
export async function* followingExecution(
  api: Api,
  id: string,
  until: Until,
  options: Pick<Following, 'signal' | 'onLost'>,
): AsyncGenerator<HistoryEntry> {
  let last: HistoryEntry | undefined;
  async function* news(): AsyncGenerator<HistoryEntry> {
    for await (const entry of historyOf(api, id, last?.revision ?? -1)) {
      last = entry;
      yield entry;
    }
  }
  let isOver = false;
  for await (const entry of news()) {
    yield entry;
    isOver ||= ends(entry, until);
  }
  if (isOver || last === undefined) return;
  for await (const event of following(api, {
    ...options,
    query: { execution: id },
    after: last.position,
    wasReached: true,
  })) {
    if (event.revision <= last.revision) continue;
    for await (const entry of patiently(news, options)) {
      yield entry;
      isOver ||= ends(entry, until);
    }
    if (isOver) return;
  }
}

/** The news, asked for again when the service was away: those that came before are not told twice. @throws Failure */
async function* patiently(
  news: () => AsyncGenerator<HistoryEntry>,
  { signal, onLost }: Pick<Following, 'signal' | 'onLost'>,
): AsyncGenerator<HistoryEntry> {
  for (let failures = 1; ; failures += 1)
    try {
      yield* news();
      return;
    } catch (error) {
      if (!(error instanceof Failure) || !isPassing(error) || failures >= FOLLOWING_LIMITS.attempts) throw error;
      onLost?.(error);
      await pause(failures, FOLLOWING_LIMITS, signal);
    }
}

/** Events after which the lock is free: given back, or never taken. */
const RELEASED = new Set(['LockReleased', 'ExecutionSkipped']);

function ends({ type }: HistoryEntry, until: Until): boolean {
  if (until === 'never') return false;
  return until === 'released' ? RELEASED.has(type) : TERMINAL_EVENTS.some((terminal) => terminal === type);
}
