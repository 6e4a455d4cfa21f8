/** Every problem the API answers with: its stable code, the HTTP status and a title for people. */
export const PROBLEMS = {
  'validation-failed': { status: 400, title: 'The request is not as expected' },
  'malformed-json': { status: 400, title: 'The body is no JSON that can be read' },
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'cursor-invalid': { status: 400, title: 'The cursor was not given by this list' },
  'position-unknown': { status: 400, title: 'The position was not given by this log' },
  'route-unknown': { status: 404, title: 'There is no such route' },
  'execution-unknown': { status: 404, title: 'There is no such execution' },
  'method-not-allowed': { status: 405, title: 'The route does not know this method' },
  'not-acceptable': { status: 406, title: 'The answer cannot be had in such a form' },
  'request-timeout': { status: 408, title: 'The body did not arrive in time' },
  'spec-changed': { status: 409, title: 'The execution was accepted with another spec' },
  'run-unfinished': { status: 409, title: 'The run has not ended' },
  'cooldown-not-over': { status: 409, title: 'The cooldown is not over' },
  'execution-finished': { status: 409, title: 'The execution has ended' },
  'resource-exists': { status: 409, title: 'A WorkflowExecution of that name exists' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'event-too-large': { status: 413, title: 'The request would make an event that is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is in a form that is not understood' },
  'spec-refused': { status: 422, title: 'The spec cannot be run' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'limit-exceeded': { status: 422, title: 'A limit of the event log was passed' },
  'content-refused': { status: 422, title: 'The event log cannot keep this content' },
  'namespace-not-watched': { status: 422, title: 'The namespace is not served' },
  'internal-error': { status: 500, title: 'Something went wrong here' },
  'store-unavailable': { status: 503, title: 'The event log cannot be written; nothing was done' },
  'sealing-refused': { status: 503, title: 'The log cannot be sealed; a person must look' },
  'perhaps-applied': { status: 503, title: 'Perhaps done: repeat with the same Idempotency-Key' },
  'too-contended': { status: 503, title: 'Too many changes at once; nothing was done' },
  'too-many-streams': { status: 503, title: 'Too many long answers are being sent already' },
  'shutting-down': { status: 503, title: 'The service is stopping; nothing was done' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** `type` of a problem: a name, not an address. */
export const problemType = (code: ProblemCode): string => `urn:workflow-execution:problem:${code}`;
