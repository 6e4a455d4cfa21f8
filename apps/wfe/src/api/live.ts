import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../exit-codes.ts';
import type { Api, StreamRequest } from './api.ts';
import type { LogEvent } from './answers.ts';
import { LogConnection } from './log-connection.ts';

export interface Following {
  readonly query: NonNullable<StreamRequest['query']>;
  /** The position to go on after; absent: what the service does without one. */
  readonly after?: string;
  readonly signal: AbortSignal;
  /** The service has answered a moment ago, so that a first connection that fails is one that broke. */
  readonly wasReached?: boolean;
  /** Called when the connection was lost, before it is sought again. */
  readonly onLost?: (why: Failure) => void;
  readonly limits?: Partial<FollowingLimits>;
}

export interface FollowingLimits {
  /** Attempts in a row without a sign of life. */
  readonly attempts: number;
  /** Silence after which a connection is taken for dead; the service says something every 15 s. */
  readonly silenceMs: number;
  /** Before the second attempt; doubles up to the longest. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

export const FOLLOWING_LIMITS: FollowingLimits = {
  attempts: 8,
  silenceMs: 60_000,
  firstDelayMs: 250,
  longestDelayMs: 10_000,
};

/**
 * The log as it grows, each event once and in order, also across connections that break: the next one goes on after the
 * last position that was heard of. @throws Failure when the first connection fails, or too many in a row, or the service refuses
 */
export async function* following(api: Api, asked: Following): AsyncGenerator<LogEvent> {
  const { query, signal } = asked;
  const limits = { ...FOLLOWING_LIMITS, ...asked.limits };
  let { after, wasReached = false } = asked;
  let failures = 0;
  while (!signal.aborted) {
    const connection = new LogConnection(api, { query, after, signal, silenceMs: limits.silenceMs });
    yield* untilItBreaks(connection, api, signal, wasReached);
    if (signal.aborted) return;
    wasReached = true;
    after = connection.position ?? after;
    failures = connection.isAlive ? 1 : failures + 1;
    const lost = connectionLost(failures, limits);
    if (failures >= limits.attempts) throw lost;
    asked.onLost?.(lost);
    await pause(failures, limits, signal);
  }
}

/** What is heard on a connection. @throws Failure when it never stood and none did before, or the next would end the same */
async function* untilItBreaks(
  connection: LogConnection,
  api: Api,
  signal: AbortSignal,
  wasReached: boolean,
): AsyncGenerator<LogEvent> {
  try {
    yield* connection.events();
  } catch (error) {
    if (signal.aborted) return;
    const failure = api.fault(error);
    if (!isPassing(failure) || (!wasReached && !connection.isOpen)) throw failure;
  }
}

/** Before the attempt after so many that failed; ends early with the signal. */
export async function pause(failures: number, limits: FollowingLimits, signal: AbortSignal): Promise<void> {
  const ms = Math.min(limits.firstDelayMs * 2 ** (failures - 1), limits.longestDelayMs);
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** A failure that may be over when it is tried again. */
export const isPassing = ({ exit, more }: Failure): boolean =>
  more.isLasting !== true && (exit === 'unreachable' || exit === 'serviceFailed');

function connectionLost(failures: number, { attempts }: FollowingLimits): Failure {
  return new Failure(
    'unreachable',
    `the connection to the log broke (${failures} of ${attempts} attempts without a word)`,
    {
      advice: 'Look at the service, then run this again; nothing was missed.',
    },
  );
}
