import type { Vouching } from './anchors.ts';
import type { VerificationProgress } from './report.ts';
import type { Witness } from './witnesses.ts';

export interface VerifyOptions extends Vouching {
  /** What resources show. Read after the log was gone over, so that it may be newer. */
  readonly witnesses?: Iterable<Witness> | AsyncIterable<Witness>;
  readonly signal?: AbortSignal;
  /** Called after each page. */
  readonly onProgress?: (progress: VerificationProgress) => void;
  /** Streams whose end is remembered, for tests. */
  readonly rememberedStreams?: number;
}
