import type { OperationText, RequestHeader } from '../operation.ts';
import type { ProblemCode } from '../problem-table.ts';
import { sealAnswer, sealKeyAnswer, sealKeysAnswer, sealsAnswer } from '../schemas/seals.ts';

const TRACEPARENT: RequestHeader = {
  name: 'traceparent',
  description: 'W3C trace context, kept with the event; ignored when it is not valid.',
  schema: { type: 'string' },
  example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};
const QUESTION: readonly ProblemCode[] = ['validation-failed', 'store-unavailable', 'sealing-refused'];
const COMMAND: readonly ProblemCode[] = [
  'validation-failed',
  'malformed-json',
  'malformed-request',
  'request-timeout',
  'body-too-large',
  'unsupported-media-type',
  'content-refused',
  'store-unavailable',
  'perhaps-applied',
  'too-contended',
  'sealing-refused',
];

export const SEALS: OperationText = {
  id: 'listSeals',
  summary: 'Seals',
  description: 'Signed events, each covering every event of the whole log since the one before; newest first.',
  answers: [{ status: 200, description: 'A page.', schema: sealsAnswer }],
  problems: [...QUESTION, 'cursor-invalid'],
};

export const SEAL_KEYS: OperationText = {
  id: 'listSealKeys',
  summary: 'Keys of the seals',
  description: 'Every key that signs or signed seals, the oldest first, with who took it into use and why.',
  answers: [{ status: 200, description: 'The keys.', schema: sealKeysAnswer }],
  problems: QUESTION,
};

export const SEAL: OperationText = {
  id: 'sealLog',
  summary: 'Seal now',
  description:
    'Seals every event recorded before the call, and answers the newest seal. When nothing but seals is unsealed, that is ' +
    'the one there was. Without being asked, the service seals by audit.sealInterval and audit.sealEvents.',
  requestHeaders: [TRACEPARENT],
  answers: [{ status: 200, description: 'The newest seal.', schema: sealAnswer }],
  problems: COMMAND,
};

export const ROTATE: OperationText = {
  id: 'rotateSealKey',
  summary: 'Rotate the key',
  description:
    'Takes a new key into use, for which the one before vouches with its signature. The old key is kept: what it signed ' +
    'stays checkable.',
  requestHeaders: [TRACEPARENT],
  answers: [{ status: 201, description: 'The new key, in force from now on.', schema: sealKeyAnswer }],
  problems: COMMAND,
};
