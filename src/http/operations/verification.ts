import type { OperationText } from '../operation.ts';
import { NDJSON, VERIFICATION_LINES, verificationAnswer, verificationLines } from '../schemas/verification.ts';

export const VERIFY: OperationText = {
  id: 'verifyLog',
  summary: 'Verify the log',
  description:
    'Goes over the whole log once and says that nothing is missing or was changed, or the first place where that does not hold and ' +
    'what kind of damage it is. A damaged log is an answer like any other (200, `ok` false). Long logs take a while: ' +
    'with `Accept: application/x-ndjson` lines with `progress` come before the one with `report`. One at a time. ' +
    'Of what was archived the log has the hashes: these are always verified, and with `archives=true` the files too.',
  answers: [
    {
      status: 200,
      description: 'What was found.',
      schema: verificationAnswer,
      also: { [NDJSON]: { schema: verificationLines, example: VERIFICATION_LINES } },
    },
  ],
  problems: ['validation-failed', 'not-acceptable', 'store-unavailable', 'too-many-streams'],
};
