import { StandardSchemaValidationPipe } from '@nestjs/common';
import { fieldPath } from './json-shape.ts';
import type { FieldError } from './problem.ts';
import { ProblemError } from './problem.ts';

/** What a schema says of a value that is not as it should be (Standard Schema; `keys` is zod's). */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly keys?: readonly string[];
}

const MAX_ERRORS = 50;

/** Checks every parameter that has a schema; what is wrong becomes one problem with a line for each field. */
export const validation = (): StandardSchemaValidationPipe =>
  new StandardSchemaValidationPipe({ exceptionFactory: refused });

/** The problem that names every field. */
export function refused(issues: readonly Issue[]): ProblemError {
  const errors = issues.flatMap(fieldErrors);
  const detail = errors.length === 1 ? 'One field is not as expected.' : `${errors.length} fields are not as expected.`;
  return new ProblemError('validation-failed', detail, { errors: errors.slice(0, MAX_ERRORS) });
}

function fieldErrors({ message, path = [], keys }: Issue): FieldError[] {
  const parts = path.map((part) => (typeof part === 'object' ? part.key : part));
  if (keys === undefined) return [{ path: fieldPath(parts), message }];
  return keys.map((key) => ({ path: fieldPath([...parts, key]), message: 'expected no such field' }));
}
