import { answerError, watchError, type Attempt } from '../client/errors.ts';
import type { ClusterError, ObjectName, ResourceType } from '../cluster.ts';
import type { AdmissionDenial } from './served-type.ts';
import { qualified } from './served-type.ts';

/**
 * Refusals in the words of an API server, made into errors by the same code that reads a real one's answers. Reasons and
 * texts are those recorded in apps/sandbox/test/differential.
 */
export interface Asked extends Attempt {
  readonly type: ResourceType;
}

const READS: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const OF_MANY: ReadonlySet<string> = new Set(['list', 'watch']);

/** `create pipelineruns jobs/one`, as the adapter says what it tried. */
export function asked(verb: string, type: ResourceType, at: Partial<ObjectName> = {}): Asked {
  const where = [at.namespace, at.name].filter((part) => part !== undefined && part !== '').join('/');
  const what = `${verb} ${type.plural}${where === '' ? '' : ` ${where}`}`;
  return { type, what, isWrite: !READS.has(verb), isOfObject: !OF_MANY.has(verb) };
}

export function denied(attempt: Asked, { code, reason, message, causes }: AdmissionDenial): ClusterError {
  const details = causes === undefined ? {} : { details: { causes } };
  const body = JSON.stringify({ kind: 'Status', status: 'Failure', code, reason, message, ...details });
  return answerError(attempt, { status: code, body });
}

/** The path is not there: no Status object, as from a server that does not know the type. */
export const notServed = (attempt: Asked): ClusterError =>
  answerError(attempt, { status: 404, body: '404 page not found' });

export const notFound = (attempt: Asked, name: string): ClusterError =>
  denied(attempt, { code: 404, reason: 'NotFound', message: `${qualified(attempt.type)} "${name}" not found` });

export const alreadyExists = (attempt: Asked, name: string): ClusterError =>
  denied(attempt, {
    code: 409,
    reason: 'AlreadyExists',
    message: `${qualified(attempt.type)} "${name}" already exists`,
  });

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export function conflict(attempt: Asked, name: string, problem = MODIFIED): ClusterError {
  const message = `Operation cannot be fulfilled on ${qualified(attempt.type)} "${name}": ${problem}`;
  return denied(attempt, { code: 409, reason: 'Conflict', message });
}

/** A precondition of a deletion that does not hold. */
export function otherUid(attempt: Asked, name: string, wanted: string, stored: string): ClusterError {
  const problem = `the UID in the precondition (${wanted}) does not match the UID in record (${stored}). The object might have been deleted and then recreated`;
  return conflict(attempt, name, problem);
}

export interface Cause {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

export function invalid(attempt: Asked, name: string, causes: readonly Cause[]): ClusterError {
  const { kind, group } = attempt.type;
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const summary = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const message = `${kind}${group === '' ? '' : `.${group}`} "${name}" is invalid: ${summary}`;
  return denied(attempt, { code: 422, reason: 'Invalid', message, causes });
}

export const badRequest = (attempt: Asked, message: string): ClusterError =>
  denied(attempt, { code: 400, reason: 'BadRequest', message });

/** A JSON patch whose `test` fails, or whose path is not there: 422 without a word more (measured, kube-apiserver 1.36). */
export const patchRejected = (attempt: Asked): ClusterError =>
  denied(attempt, {
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
  });

export const tooLarge = (attempt: Asked): ClusterError =>
  answerError(attempt, {
    status: 500,
    body: JSON.stringify({ kind: 'Status', code: 500, message: 'etcdserver: request is too large' }),
  });

export const versionOnCreate = (attempt: Asked): ClusterError =>
  answerError(attempt, {
    status: 500,
    body: JSON.stringify({
      kind: 'Status',
      code: 500,
      message: 'resourceVersion should not be set on objects to be created',
    }),
  });

/** 410 of a list whose continue token has expired. */
export const expired = (attempt: Asked): ClusterError =>
  denied(attempt, { code: 410, reason: 'Expired', message: 'The provided continue parameter is too old' });

/** 410 inside a watch. */
export const goneFromHistory = (attempt: Asked, wanted: number, oldest: number): ClusterError =>
  watchError(attempt, {
    kind: 'Status',
    code: 410,
    reason: 'Expired',
    message: `too old resource version: ${wanted} (${oldest})`,
  });
