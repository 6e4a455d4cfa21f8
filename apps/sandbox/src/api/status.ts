import type { Fields } from '../store/object.ts';

export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

interface Details {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

/** What an error says about the type it concerns. */
export interface NamedType {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** An answer other than success, in Kubernetes' own form: a Status object. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly code: number,
    readonly reason: string | undefined,
    message: string,
    readonly details?: Details,
  ) {
    super(message);
  }

  status(): Fields {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

/** "plural.group" as messages name a type; the core group has none. */
export function qualified(name: string, group: string): string {
  return group === '' ? name : `${name}.${group}`;
}

/** Details with the empty fields left out, as Go leaves them out. */
function detailsOf(name: string, group: string, kind: string, causes?: readonly Cause[]): Details {
  return { ...(name ? { name } : {}), ...(group ? { group } : {}), kind, ...(causes ? { causes } : {}) };
}

export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message);

export function notFound(type: NamedType, name: string): ApiError {
  const message = `${qualified(type.plural, type.group)} "${name}" not found`;
  return new ApiError(404, 'NotFound', message, detailsOf(name, type.group, type.plural));
}

export function alreadyExists(type: NamedType, name: string): ApiError {
  const message = `${qualified(type.plural, type.group)} "${name}" already exists`;
  return new ApiError(409, 'AlreadyExists', message, detailsOf(name, type.group, type.plural));
}

export function conflict(type: NamedType, name: string): ApiError {
  const message =
    `Operation cannot be fulfilled on ${qualified(type.plural, type.group)} "${name}": the object has been modified; ` +
    'please apply your changes to the latest version and try again';
  return new ApiError(409, 'Conflict', message, detailsOf(name, type.group, type.plural));
}

/** A delete precondition that does not hold; here the real server names the kind, not the plural. */
export function preconditionFailed(type: NamedType, name: string, problem: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(type.kind, type.group)} "${name}": ${problem}`;
  return new ApiError(409, 'Conflict', message, detailsOf(name, type.group, type.kind));
}

export function forbidden(type: NamedType, name: string, problem: string): ApiError {
  const message = `${qualified(type.plural, type.group)} "${name}" is forbidden: ${problem}`;
  return new ApiError(403, 'Forbidden', message, detailsOf(name, type.group, type.plural));
}

/** 422: the causes become the message, in brackets when there are several. */
export function invalid(kind: string, group: string, name: string, causes: readonly Cause[]): ApiError {
  const texts = [...new Set(causes.map(({ field, message }) => (field ? `${field}: ${message}` : message)))];
  const summary = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const message = `${qualified(kind, group)} "${name}" is invalid: ${summary}`;
  return new ApiError(422, 'Invalid', message, detailsOf(name, group, kind, causes));
}

export function invalidOptions(kind: string, cause: Cause): ApiError {
  return invalid(kind, 'meta.k8s.io', '', [cause]);
}

export function methodNotAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new ApiError(415, 'UnsupportedMediaType', message);
}

/** 410 for a continue token or exact list that the history no longer reaches. */
export const expired = (message: string): ApiError => new ApiError(410, 'Expired', message);

export function resourceVersionTooLarge(wanted: number, current: number): ApiError {
  return new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

export const TOO_LARGE_FOR_ETCD = new ApiError(500, undefined, 'etcdserver: request is too large');

export const BODY_TOO_LARGE = new ApiError(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728');
