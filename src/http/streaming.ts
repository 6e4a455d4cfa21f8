import type { Request, Response } from 'express';
import type { Clock } from '#kubernetes';
import { systemClock } from '#kubernetes';
import type { Log } from '../logging/log.ts';
import type { StreamEnd, Telemetry } from '../metrics/telemetry.ts';
import type { Chunk } from './outflow.ts';
import { Outflow } from './outflow.ts';
import { ProblemError } from './problem.ts';

/** One sort of long answers. */
export interface StreamKind {
  /** For log and metrics. */
  readonly name: 'events' | 'export' | 'verification' | 'replay-check';
  /** Answered at the same time by this process; one more is told to come back. */
  readonly atOnce: number;
  /**
   * `whole`: an answer that is only good from beginning to end; when the service stops it gets a moment to finish and is
   * then cut. `live`: it has no end of its own, and ends at once, as it should, when the service stops.
   */
  readonly sort: 'whole' | 'live';
}

export interface StreamedAnswer {
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Compressed when the client accepts it. Each chunk is flushed. */
  readonly gzip?: boolean;
  /**
   * Makes the answer, and is asked for the next chunk only when the client took the one before. What it throws before
   * the first chunk is answered as a problem; after it, the connection is cut. Ends when the signal aborts.
   */
  readonly chunks: (signal: AbortSignal) => AsyncIterable<Chunk>;
}

export interface StreamsParts {
  readonly telemetry: Pick<Telemetry, 'streamsOpen' | 'streamEnded'>;
  readonly log: Log;
  /** Aborts when the service stops. */
  readonly stopping: AbortSignal;
  readonly clock?: Clock;
  /** How long a client may leave what was written untaken. */
  readonly patienceMs?: number;
}

/** A client that takes nothing for this long is cut off. */
const PATIENCE_MS = 30_000;
/** What a whole answer may still take when the service stops, and a live one to say its end. */
const STOP_PATIENCE_MS = 2_000;
const RETRY_AFTER_SECONDS = 10;

/** Long answers: bounded in number, at the pace of the client, and never in the way of a stop. */
export class Streams {
  private readonly open = new Map<StreamKind['name'], number>();
  private readonly clock: Clock;

  constructor(private readonly parts: StreamsParts) {
    this.clock = parts.clock ?? systemClock;
  }

  /**
   * Sends the answer and resolves when it is over, however it ended.
   * @throws ProblemError when too many of the kind are open; whatever `chunks` throws before its first chunk
   */
  async send(kind: StreamKind, request: Request, response: Response, answer: StreamedAnswer): Promise<StreamEnd> {
    this.enter(kind);
    const stream = new Stream(kind, request, response, answer, this.parts, this.clock);
    let end: StreamEnd = 'failed';
    try {
      end = await stream.run();
      return end;
    } finally {
      this.count(kind, -1);
      this.parts.telemetry.streamEnded(kind.name, end);
    }
  }

  private enter(kind: StreamKind): void {
    if ((this.open.get(kind.name) ?? 0) >= kind.atOnce) {
      this.parts.telemetry.streamEnded(kind.name, 'refused');
      throw new ProblemError(
        'too-many-streams',
        `Expected at most ${kind.atOnce} of these at a time. Try again later.`,
        {
          headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
        },
      );
    }
    this.count(kind, 1);
  }

  private count({ name }: StreamKind, by: 1 | -1): void {
    const open = (this.open.get(name) ?? 0) + by;
    this.open.set(name, open);
    this.parts.telemetry.streamsOpen(name, open);
  }
}

const STREAMED = new WeakSet<Response>();

/** True once a long answer began: it is counted as a stream, and no client is said to have left it too early. */
export const isStreamed = (response: Response): boolean => STREAMED.has(response);

/** One answer on its way. */
class Stream {
  private readonly cancel = new AbortController();
  /** Why it ends before its chunks do. */
  private cause: StreamEnd | undefined;
  private isOver = false;

  private get patienceMs(): number {
    return this.parts.patienceMs ?? PATIENCE_MS;
  }

  constructor(
    private readonly kind: StreamKind,
    private readonly request: Request,
    private readonly response: Response,
    private readonly answer: StreamedAnswer,
    private readonly parts: StreamsParts,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<StreamEnd> {
    const { response, parts } = this;
    const left = (): void => this.stop('client-left');
    const stopping = (): void => void this.stopSoon();
    response.once('close', left);
    parts.stopping.addEventListener('abort', stopping);
    if (response.destroyed) left();
    if (parts.stopping.aborted) stopping();
    try {
      return await this.sent();
    } finally {
      this.isOver = true;
      response.off('close', left);
      parts.stopping.removeEventListener('abort', stopping);
      this.cancel.abort();
    }
  }

  private async sent(): Promise<StreamEnd> {
    const chunks = this.answer.chunks(this.cancel.signal)[Symbol.asyncIterator]();
    try {
      const first = await this.next(chunks);
      if (first === undefined && this.cause === 'client-left') return 'client-left';
      const outflow = this.begun();
      const isEmpty = this.request.method === 'HEAD';
      for (let chunk = first; chunk !== undefined && !isEmpty; chunk = await this.next(chunks))
        if ((await outflow.write(chunk, this.cancel.signal)) === 'late') return this.tooSlow(outflow);
      return await this.ended(outflow);
    } catch (error) {
      if (!this.response.headersSent) throw error;
      this.parts.log.error({ err: error, kind: this.kind.name }, 'a long answer failed and was cut');
      this.response.destroy();
      return 'failed';
    } finally {
      void chunks.return?.().catch(() => undefined); // what it was about to say is of no interest any more
    }
  }

  /** Undefined at the end, or when nobody wants the rest. */
  private async next(chunks: AsyncIterator<Chunk>): Promise<Chunk | undefined> {
    const { signal } = this.cancel;
    if (signal.aborted) return undefined;
    const cancelled = Promise.withResolvers<undefined>();
    const resolve = (): void => cancelled.resolve(undefined);
    signal.addEventListener('abort', resolve);
    try {
      const next = chunks.next();
      next.catch(() => undefined); // thrown below, unless nobody waits for it any more
      const result = await Promise.race([next, cancelled.promise]);
      return result === undefined || result.done === true ? undefined : result.value;
    } finally {
      signal.removeEventListener('abort', resolve);
    }
  }

  private begun(): Outflow {
    const { request, response, answer, clock } = this;
    const gzip = answer.gzip === true && request.acceptsEncodings('gzip', 'identity') === 'gzip';
    if (answer.gzip === true) response.vary('Accept-Encoding');
    if (gzip) response.setHeader('Content-Encoding', 'gzip');
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
    response.setHeader('Content-Type', answer.type);
    STREAMED.add(response);
    response.status(200).flushHeaders();
    return new Outflow(response, { clock, gzip, patienceMs: this.patienceMs });
  }

  private async ended(outflow: Outflow): Promise<StreamEnd> {
    if (this.cause === 'client-left') return 'client-left';
    const isWhole = this.cause === undefined;
    if (!isWhole && this.kind.sort === 'whole') {
      outflow.cut();
      return 'stopped';
    }
    const patienceMs = isWhole ? this.patienceMs : STOP_PATIENCE_MS;
    const waited = await outflow.end(patienceMs, isWhole ? this.cancel.signal : undefined);
    if (waited === 'late' && isWhole) return this.tooSlow(outflow);
    if (waited !== 'done') outflow.cut();
    return isWhole ? (waited === 'done' ? 'finished' : 'client-left') : 'stopped';
  }

  private tooSlow(outflow: Outflow): StreamEnd {
    const { name } = this.kind;
    this.parts.log.warn({ kind: name, path: this.request.path }, 'a client took nothing for too long and was cut off');
    outflow.cut();
    return 'too-slow';
  }

  private async stopSoon(): Promise<void> {
    if (this.kind.sort === 'whole') await this.clock.sleep(STOP_PATIENCE_MS, this.cancel.signal);
    this.stop('stopped');
  }

  private stop(cause: StreamEnd): void {
    if (this.isOver) return;
    this.cause ??= cause;
    this.cancel.abort();
  }
}
