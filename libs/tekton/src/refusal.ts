import type { FailureReason, RunRefusal } from '#execution';
import { clip, TEXT_LIMITS } from '#execution';
import { isPolicyDenial } from './message-causes.ts';
import { present } from './read.ts';

/** What the API server answered to a create: code and message of a `ClusterError` with its details beside them. */
export interface ApiError {
  /** Our word for the answer: forbidden, invalid, bad-request, … */
  readonly code: string;
  readonly message: string;
  /** HTTP status. */
  readonly status?: number;
  /** `reason` of the Status object. */
  readonly reason?: string;
  readonly causes?: readonly { readonly field?: string; readonly reason?: string; readonly message?: string }[];
}

/** A refusal for good, or undefined when asking again later can succeed (or the name is simply taken). */
export function runRefusal(error: ApiError): RunRefusal | undefined {
  const reason = reasonOf(error);
  if (reason === undefined) return undefined;
  const message = clip([error.message, ...causesNotIn(error)].join('; '), TEXT_LIMITS.message);
  return present({ code: error.code, status: error.status, reason, message });
}

const QUOTA = /\bexceeded quota\b/i;
const TOO_LARGE = /\brequest is too large\b/i;
/** A missing namespace is named; a resource type that is not served is not, and may come back with its CRD. */
const NO_NAMESPACE = /\bnamespaces ".*" not found/;

function reasonOf({ code, message }: ApiError): FailureReason | undefined {
  switch (code) {
    case 'forbidden':
      return QUOTA.test(message) ? 'ResourceExhausted' : 'Forbidden';
    case 'bad-request':
    case 'invalid':
      return isPolicyDenial(message) ? 'Forbidden' : 'ConfigurationError';
    case 'too-large':
    case 'unsupported-media-type':
      return 'ConfigurationError';
    case 'not-found':
      return NO_NAMESPACE.test(message) ? 'ConfigurationError' : undefined;
    // etcd's limit reaches us as a plain 500, and no retry makes the object smaller.
    case 'server-error':
      return TOO_LARGE.test(message) ? 'ConfigurationError' : undefined;
    default:
      return undefined;
  }
}

function causesNotIn({ message, causes = [] }: ApiError): readonly string[] {
  return causes
    .filter((cause) => cause.message !== undefined && !message.includes(cause.message))
    .map((cause) => (cause.field === undefined ? (cause.message as string) : `${cause.field}: ${cause.message}`));
}
