import { HttpException } from '@nestjs/common';
import { LogCursorError } from '#audit';
import {
  ConcurrencyError,
  InvalidEventError,
  LimitError,
  OutcomeUnknownError,
  PositionError,
  UnavailableError,
} from '#event-store';
import { CursorError, SealingError, SpecRefused } from '#runtime';
import { ProblemError } from './problem.ts';
import type { ProblemCode } from './problem-table.ts';

/** Seconds after which a client may try again. */
const RETRY_AFTER_SECONDS = 5;
const retryLater = { 'Retry-After': String(RETRY_AFTER_SECONDS) };

/** The problem an exception is for the client. What has no name here is ours alone: 500, without a word of it. */
export function faultToProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof SpecRefused)
    return new ProblemError('spec-refused', 'The spec cannot be run; nothing was recorded.', {
      errors: error.problems,
    });
  if (error instanceof CursorError || error instanceof LogCursorError)
    return new ProblemError('cursor-invalid', 'Expected a cursor as `next` gave it; begin again without one.');
  if (error instanceof PositionError)
    return new ProblemError(
      'position-unknown',
      'Expected a position of this log that is not beyond its end, or `start`. After a log was replaced or restored, begin again from `start`.',
    );
  if (error instanceof SealingError)
    return new ProblemError('sealing-refused', sentence(error.message), { headers: retryLater, cause: error });
  return storeFault(error) ?? httpFault(error) ?? internal(error);
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function storeFault(cause: unknown): ProblemError | undefined {
  if (cause instanceof UnavailableError)
    return new ProblemError(
      'store-unavailable',
      'The event log cannot be written or read now, so nothing was done. Try again later.',
      {
        headers: retryLater,
        cause,
      },
    );
  if (cause instanceof OutcomeUnknownError)
    return new ProblemError(
      'perhaps-applied',
      'Whether this was recorded is not known. Repeat it with the same Idempotency-Key and body: it is never done twice.',
      { headers: retryLater, cause },
    );
  if (cause instanceof ConcurrencyError)
    return new ProblemError('too-contended', 'The execution changed again and again meanwhile. Try again.', {
      headers: retryLater,
      cause,
    });
  if (cause instanceof LimitError) return limitFault(cause);
  if (cause instanceof InvalidEventError)
    return new ProblemError('content-refused', 'Expected text and numbers that JSON can carry unchanged.', { cause });
  return undefined;
}

function limitFault(cause: LimitError): ProblemError {
  const code: ProblemCode = cause.limit.endsWith('Bytes') ? 'event-too-large' : 'limit-exceeded';
  const detail = `${cause.limit} is ${cause.found}, the limit is ${cause.allowed}. Nothing was recorded.`;
  return new ProblemError(code, detail, { cause });
}

/** What Nest, Express or the body parser refused. */
function httpFault(error: unknown): ProblemError | undefined {
  if (!(error instanceof HttpException)) return undefined;
  const status = error.getStatus();
  const { type, limit } = (error.cause ?? {}) as { type?: string; limit?: number };
  if (status === 413)
    return new ProblemError(
      'body-too-large',
      `Expected a body of at most ${limit ?? 'the configured number of'} bytes.`,
    );
  if (status === 415)
    return new ProblemError(
      'unsupported-media-type',
      'Expected application/json in UTF-8, plain or compressed with gzip, deflate or br.',
    );
  if (type === 'entity.parse.failed')
    return new ProblemError('malformed-json', `Expected a JSON object; ${error.message}`.slice(0, 300));
  if (status >= 400 && status < 500) return new ProblemError('malformed-request', error.message.slice(0, 300));
  return undefined;
}

const internal = (cause: unknown): ProblemError =>
  new ProblemError('internal-error', 'This is a fault of the service. Its log says more under the requestId.', {
    cause,
  });
