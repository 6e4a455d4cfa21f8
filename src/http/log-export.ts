import type { BundleRequest, LogIndex } from '#audit';
import { exportBundle } from '#audit';
import { StreamNotFoundError } from '#event-store';
import type { EventStore } from '#event-store';
import type { CommandContext, SealKeys, SealService } from '#runtime';
import type { BuildInfo } from '../build-info.ts';
import { madeBy } from '../build-info.ts';
import type { Log } from '../logging/log.ts';
import { unknownExecution } from './presentation.ts';

/** Characters of one chunk: lines are put together, so that compressing and sending them is worth its while. */
const CHUNK_CHARACTERS = 64 * 1024;

export interface LogExportParts {
  readonly store: EventStore;
  readonly index: LogIndex;
  readonly seals: Pick<SealService, 'sealNow'>;
  readonly keys: Pick<SealKeys, 'find'>;
  readonly build: BuildInfo;
  readonly log: Log;
}

/** Bundles of the service's own log. */
export class LogExport {
  constructor(private readonly parts: LogExportParts) {}

  /**
   * The bundle in chunks that end with a line, at the pace they are taken. What is not sealed is sealed first, in the
   * name of the caller.
   * @throws ProblemError when there is no such execution, before the first chunk; what `exportBundle` throws
   */
  async *chunks(request: BundleRequest, caller: CommandContext, signal: AbortSignal): AsyncGenerator<string> {
    let chunk = '';
    for await (const line of this.lines(request, caller, signal)) {
      chunk += line;
      if (chunk.length < CHUNK_CHARACTERS) continue;
      yield chunk;
      chunk = '';
    }
    yield chunk;
  }

  private async *lines(request: BundleRequest, caller: CommandContext, signal: AbortSignal): AsyncGenerator<string> {
    const { store, index, keys, build } = this.parts;
    const seal = (): Promise<void> => this.seal(caller);
    const key = (keyId: string) => this.key(keyId, keys);
    try {
      yield* exportBundle({ store, index, seal, key, now: Date.now, madeBy: madeBy(build) }, request, signal);
    } catch (error) {
      if (request.kind === 'execution' && error instanceof StreamNotFoundError)
        throw unknownExecution(request.executionId);
      throw error;
    }
  }

  /** What cannot be sealed now is exported without, and the bundle says so. */
  private async seal(caller: CommandContext): Promise<void> {
    try {
      await this.parts.seals.sealNow(caller);
    } catch (error) {
      this.parts.log.warn(
        { err: error },
        'the log could not be sealed before an export: its newest events have no seal',
      );
    }
  }

  private async key(keyId: string, keys: Pick<SealKeys, 'find'>) {
    try {
      return await keys.find(keyId);
    } catch (error) {
      this.parts.log.warn({ err: error }, 'the key of the seals cannot be had now: an export is not signed');
      return undefined;
    }
  }
}
