import type { ProblemCode } from './problem-table.ts';
import { problemType, PROBLEMS } from './problem-table.ts';

/** One field that is wrong: its path as in `spec.executionConfig.workspaces[0].name`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** RFC 9457 problem details. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Path of the request. */
  readonly instance: string;
  readonly code: ProblemCode;
  /** Finds the request in the log. */
  readonly requestId: string;
  readonly errors?: readonly FieldError[];
}

/** An answer that is a problem. Thrown anywhere in the edge, written by the filter. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly code: ProblemCode,
    /** What was expected, what was found, what to do. Shown to the client. */
    readonly detail: string,
    readonly more: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(`${code}: ${detail}`, more.cause === undefined ? {} : { cause: more.cause });
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

export function problemOf(error: ProblemError, instance: string, requestId: string): Problem {
  const { code, detail } = error;
  const { status, title } = PROBLEMS[code];
  const errors = error.more.errors;
  return { type: problemType(code), title, status, detail, instance, code, requestId, ...(errors && { errors }) };
}
