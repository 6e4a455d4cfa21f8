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
  const news = new News(api, id);
  const isOver = yield* upToEnd(news.untold(), until);
  if (isOver || news.last === undefined) return;
  const { position: after } = news.last;
  for await (const { revision } of following(api, { ...options, query: { execution: id }, after, wasReached: true })) {
    if (revision <= news.last.revision) continue;
    if (yield* upToEnd(patiently(news, options), until)) return;
  }
}

/** The history of an execution, each event told once, however often it is asked for. */
class News {
  /** What was told last. */
  last: HistoryEntry | undefined;

  constructor(
    private readonly api: Api,
    private readonly id: string,
  ) {}

  async *untold(): AsyncGenerator<HistoryEntry> {
    for await (const entry of historyOf(this.api, this.id, this.last?.revision ?? -1)) {
      this.last = entry;
      yield entry;
    }
  }
}

/** The same entries, all of them; answers whether the end was among them. */
async function* upToEnd(entries: AsyncIterable<HistoryEntry>, until: Until): AsyncGenerator<HistoryEntry, boolean> {
  let isOver = false;
  for await (const entry of entries) {
    yield entry;
    isOver ||= ends(entry, until);
  }
  return isOver;
}

/** The news, asked for again when the service was away: those that came before are not told twice. @throws Failure */
async function* patiently(
  news: News,
  { signal, onLost }: Pick<Following, 'signal' | 'onLost'>,
): AsyncGenerator<HistoryEntry> {
  for (let failures = 1; ; failures += 1)
    try {
      yield* news.untold();
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
