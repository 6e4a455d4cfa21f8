import type { Writable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { Gzip } from 'node:zlib';
import type { Response } from 'express';
import type { Clock } from '#kubernetes';

export type Chunk = string | Uint8Array;

/** Why a wait was over. */
type Waited = 'done' | 'late' | 'cancelled';

export interface OutflowOptions {
  readonly clock: Clock;
  /** Compresses; each chunk is sent at once all the same. */
  readonly gzip: boolean;
  /** How long a client may leave what was written untaken, in milliseconds. */
  readonly patienceMs: number;
}

/**
 * The way to one client. A write waits until the client has taken what was written, and no longer than the patience:
 * what a slow reader costs is one chunk and the buffers of its connection.
 */
export class Outflow {
  private readonly sink: Response | Gzip;

  constructor(
    private readonly response: Response,
    private readonly options: OutflowOptions,
  ) {
    this.sink = options.gzip ? compressed(response) : response;
  }

  /** Answers why it is over: `late` when the client did not take it, `cancelled` when the signal aborted. */
  async write(chunk: Chunk, signal: AbortSignal): Promise<Waited> {
    if (signal.aborted) return 'cancelled';
    const isTaken = this.sink.write(chunk);
    if ('flush' in this.sink && this.options.gzip) this.sink.flush(constants.Z_SYNC_FLUSH);
    return isTaken && !this.sink.writableNeedDrain
      ? 'done'
      : this.wait(this.sink, 'drain', this.options.patienceMs, signal);
  }

  /** The end of a whole answer; anything but `done` means that the client did not get all of it. */
  async end(patienceMs: number, signal: AbortSignal | undefined): Promise<Waited> {
    this.sink.end();
    return this.response.writableFinished ? 'done' : this.wait(this.response, 'finish', patienceMs, signal);
  }

  /** Breaks the connection, so that nobody takes half an answer for a whole. */
  cut(): void {
    if (this.sink !== this.response) this.sink.destroy();
    this.response.destroy();
  }

  private async wait(on: Writable, event: 'drain' | 'finish', ms: number, signal?: AbortSignal): Promise<Waited> {
    const timer = new AbortController();
    let waited: Waited = 'late';
    const done = (why: Waited) => (): void => {
      if (!timer.signal.aborted) waited = why;
      timer.abort();
    };
    const [happened, cancelled] = [done('done'), done('cancelled')];
    on.once(event, happened);
    this.response.once('close', cancelled);
    signal?.addEventListener('abort', cancelled);
    if (signal?.aborted === true || this.response.destroyed) cancelled();
    await this.options.clock.sleep(ms, timer.signal);
    on.off(event, happened);
    this.response.off('close', cancelled);
    signal?.removeEventListener('abort', cancelled);
    return waited;
  }
}

function compressed(response: Response): Gzip {
  const gzip = createGzip();
  gzip.on('error', () => response.destroy()); // it was cut, or the machine has no memory left: no answer either way
  gzip.pipe(response);
  return gzip;
}
