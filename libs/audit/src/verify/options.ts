import type { ArchiveReader } from '../archives/archive-files.ts';
import type { Vouching } from './anchors.ts';
import type { VerificationProgress } from './report.ts';
import type { Witness } from './witnesses.ts';

export interface VerifyOptions extends Vouching {
  /** What resources show. Read after the log was gone over, so that it may be newer. */
  readonly witnesses?: Iterable<Witness> | AsyncIterable<Witness>;
  /** Where archive files are; absent: what the log says of its archives is judged, and not the files. */
  readonly archives?: ArchiveReader;
  readonly signal?: AbortSignal;
  /** Called after each page. */
  readonly onProgress?: (progress: VerificationProgress) => void;
  /** Streams whose end is remembered, for tests. */
  readonly rememberedStreams?: number;
}
