import { setTimeout as delay } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { Failure } from '../exit-codes.ts';
import type { Api, StreamRequest } from './api.ts';
import type { LogEvent } from './answers.ts';

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
/** An event is at most 256 KiB; its JSON may be escaped. */
const MAX_BUFFER_CHARACTERS = 4 * 1024 * 1024;

/**
 * The log as it grows, each event once and in order, also across connections that break: the next one goes on after the
 * last position that was heard of. @throws Failure when the first connection fails, or too many in a row, or the service refuses
 */
export async function* following(api: Api, asked: Following): AsyncGenerator<LogEvent> {
  const limits = { ...FOLLOWING_LIMITS, ...asked.limits };
  let after = asked.after;
  let failures = 0;
  let hasConnected = asked.wasReached === true;
  while (!asked.signal.aborted) {
    const connection = new Connection(api, asked, after, limits.silenceMs);
    try {
      for await (const event of connection.events()) {
        failures = 0;
        yield event;
      }
    } catch (error) {
      if (asked.signal.aborted) return;
      const failure = api.fault(error);
      if (!isPassing(failure) || (!hasConnected && !connection.isOpen)) throw failure;
    }
    if (asked.signal.aborted) return;
    hasConnected ||= connection.isOpen;
    after = connection.position ?? after;
    failures = connection.isAlive ? 1 : failures + 1;
    const lost = connectionLost(failures, limits);
    asked.onLost?.(lost);
    if (failures >= limits.attempts) throw lost;
    await pause(failures, limits, asked.signal);
  }
}

/** Before the attempt after so many that failed; ends early with the signal. */
export async function pause(failures: number, limits: FollowingLimits, signal: AbortSignal): Promise<void> {
  const ms = Math.min(limits.firstDelayMs * 2 ** (failures - 1), limits.longestDelayMs);
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** A failure that may be over when it is tried again. */
export const isPassing = ({ exit }: Failure): boolean => exit === 'unreachable' || exit === 'serviceFailed';

function connectionLost(failures: number, { attempts }: FollowingLimits): Failure {
  return new Failure(
    'unreachable',
    `the connection to the log broke (${failures} of ${attempts} attempts without a word)`,
    {
      advice: 'Look at the service, then run this again; nothing was missed.',
    },
  );
}

/** One connection to the live log. */
class Connection {
  /** Last position that was heard of; also where nothing matched. */
  position: string | undefined;
  isOpen = false;
  /** Something was heard on it. */
  isAlive = false;
  private readonly dead = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly api: Api,
    private readonly asked: Following,
    private readonly after: string | undefined,
    private readonly silenceMs: number,
  ) {}

  async *events(): AsyncGenerator<LogEvent> {
    try {
      const body = await this.api.stream({
        path: '/v1/events',
        query: this.after === undefined ? this.asked.query : { ...this.asked.query, after: this.after },
        accept: 'text/event-stream',
        signal: AbortSignal.any([this.asked.signal, this.dead.signal]),
      });
      this.isOpen = true;
      this.heard();
      // What arrived is told before more is read, so that the position is never ahead of what was told.
      const heard: { readonly id?: string; readonly data?: string }[] = [];
      const parser = createParser({
        maxBufferSize: MAX_BUFFER_CHARACTERS,
        onComment: () => this.lives(),
        onId: (id) => heard.push({ id }),
        onEvent: ({ data }) => heard.push({ data }),
        onError: (error) => {
          if (error.type === 'max-buffer-size-exceeded') throw error;
        },
      });
      const decoder = new TextDecoder();
      for await (const bytes of body) {
        this.heard();
        parser.feed(decoder.decode(bytes, { stream: true }));
        for (const { id, data } of heard.splice(0)) {
          if (id !== undefined && id !== '') this.position = id;
          if (data !== undefined && data !== '') yield this.event(data);
        }
      }
    } finally {
      clearTimeout(this.timer);
      this.dead.abort();
    }
  }

  private event(data: string): LogEvent {
    this.lives();
    return JSON.parse(data) as LogEvent;
  }

  private lives(): void {
    this.isAlive = true;
    this.heard();
  }

  private heard(): void {
    clearTimeout(this.timer);
    const silent = new DOMException('nothing was heard', 'TimeoutError');
    this.timer = setTimeout(() => this.dead.abort(silent), this.silenceMs);
  }
}
