import type { OperationText } from '../operation.ts';
import { bundleAnswer } from '../schemas/export.ts';

export const EXPORT: OperationText = {
  id: 'exportBundle',
  summary: 'Export a bundle',
  description:
    'The whole log, all of one execution, or a time of the log, as a file that proves itself: events, seals, keys, proofs, and a ' +
    'signature over it all. `docs/reference/bundles.md` is its format; `wfe verify FILE` and `tools/verify_bundle.py` check ' +
    'it without the service. The log is sealed first. A time is rounded outwards to whole seals, so that nothing can be ' +
    'missing inside. An answer that breaks off has no last line, and is no bundle.',
  answers: [{ status: 200, description: 'The bundle, line by line.', schema: bundleAnswer }],
  problems: ['validation-failed', 'not-acceptable', 'execution-unknown', 'store-unavailable', 'too-many-streams'],
};
