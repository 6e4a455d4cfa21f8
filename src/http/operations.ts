import type { OperationText, RequestHeader } from './operation.ts';
import { AS_CLOUD_EVENTS } from './operations/events.ts';
import type { ProblemCode } from './problem-table.ts';
import {
  commandAnswer,
  configAnswer,
  createdAnswer,
  eventsAnswer,
  executionAnswer,
  pageAnswer,
} from './schemas/answers.ts';

/** What the API's document says of every operation. */
const LOCATION = { Location: { description: 'Path of the execution.', schema: { type: 'string' as const } } };
const BODY: readonly ProblemCode[] = [
  'validation-failed',
  'malformed-json',
  'malformed-request',
  'request-timeout',
  'body-too-large',
  'unsupported-media-type',
];
const COMMAND: readonly ProblemCode[] = [
  ...BODY,
  'event-too-large',
  'limit-exceeded',
  'content-refused',
  'store-unavailable',
  'perhaps-applied',
  'too-contended',
];
const TRACEPARENT: RequestHeader = {
  name: 'traceparent',
  description: 'W3C trace context, kept with the events; ignored when it is not valid.',
  schema: { type: 'string' },
  example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};
const IDEMPOTENCY_KEY: RequestHeader = {
  name: 'Idempotency-Key',
  description: 'Same key and request: the first answer again. Same key, another request: 422.',
  schema: { type: 'string', pattern: '^[!-~]{1,255}$' },
  example: 'restart-payment-api-a2f1c0de',
};
const QUESTION: readonly ProblemCode[] = ['validation-failed', 'store-unavailable'];

export const CREATE: OperationText = {
  id: 'createExecution',
  summary: 'Create',
  description: 'Accepts an execution. Answers when it is durably recorded; its run is created after that.',
  requestHeaders: [IDEMPOTENCY_KEY, TRACEPARENT],
  answers: [
    { status: 201, description: 'Accepted.', schema: createdAnswer, headers: LOCATION },
    {
      status: 200,
      description: 'Accepted before, with the same Idempotency-Key.',
      schema: createdAnswer,
      headers: LOCATION,
    },
  ],
  problems: [
    ...COMMAND,
    'spec-changed',
    'resource-exists',
    'spec-refused',
    'idempotency-key-reused',
    'namespace-not-watched',
  ],
};

export const LIST: OperationText = {
  id: 'listExecutions',
  summary: 'List',
  description:
    'Executions that pass every filter, newest first; with `at`, as they stood at that moment (a page may then be short without being the last).',
  answers: [{ status: 200, description: 'A page.', schema: pageAnswer }],
  problems: [...QUESTION, 'cursor-invalid', 'moment-in-future'],
};

export const GET: OperationText = {
  id: 'getExecution',
  summary: 'State',
  description: 'State now, or at a revision or time: the same fold over fewer events.',
  answers: [{ status: 200, description: 'The execution.', schema: executionAnswer }],
  problems: [
    ...QUESTION,
    'execution-unknown',
    'revision-unknown',
    'moment-in-future',
    'history-archived',
    'newer-version-needed',
  ],
};

export const EVENTS: OperationText = {
  id: 'readEvents',
  summary: 'History',
  description: 'Events of the execution in order, as they stand in the log, or as CloudEvents 1.0 by Accept.',
  answers: [{ status: 200, description: 'Events.', schema: eventsAnswer, also: AS_CLOUD_EVENTS }],
  problems: [...QUESTION, 'execution-unknown', 'not-acceptable'],
};

export const SYNC: OperationText = {
  id: 'syncExecution',
  summary: 'Sync',
  description: 'Looks at the cluster now and folds what is seen into the log. No news, no event.',
  requestHeaders: [TRACEPARENT],
  answers: [{ status: 200, description: 'Done.', schema: commandAnswer }],
  problems: [...COMMAND, 'execution-unknown'],
};

export const CANCEL: OperationText = {
  id: 'cancelExecution',
  summary: 'Cancel',
  description: 'Asks the run to stop. Asking twice records nothing the second time.',
  requestHeaders: [TRACEPARENT],
  answers: [{ status: 200, description: 'Asked for.', schema: commandAnswer }],
  problems: [...COMMAND, 'execution-unknown', 'execution-finished'],
};

export const RELEASE: OperationText = {
  id: 'releaseExecution',
  summary: 'Release',
  description: 'Gives the lock back before the cooldown is over, and removes the run.',
  requestHeaders: [TRACEPARENT],
  answers: [{ status: 200, description: 'Asked for.', schema: commandAnswer }],
  problems: [...COMMAND, 'execution-unknown', 'run-unfinished', 'cooldown-not-over'],
};

export const CONFIG: OperationText = {
  id: 'readConfig',
  summary: 'Effective configuration',
  description: 'Every key as it is used, without secrets, and what is running.',
  answers: [{ status: 200, description: 'The configuration.', schema: configAnswer }],
  problems: [],
};
