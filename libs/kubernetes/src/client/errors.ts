import { z } from 'zod';
import { ClusterError, type ClusterErrorCode } from '../cluster.ts';
import { withoutQuotedValues } from './quoted-values.ts';

/** What was tried, for the message, and whether it can have changed something. */
export interface Attempt {
  /** For example `create pipelineruns kubernaut-workflows/wfe-cf0cc089293b1165`. */
  readonly what: string;
  readonly isWrite: boolean;
  /** Whether it is about one object: then only a Status object can say that this is not there. */
  readonly isOfObject?: boolean;
  /** Whether it is about Secrets: then the words of the answer are not shown. */
  readonly isOfSecret?: boolean;
}

/** The `Status` object of the Kubernetes API, as far as we read it. */
const StatusObject = z.object({
  kind: z.literal('Status'),
  code: z.number().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  details: z
    .object({
      causes: z
        .array(
          z.object({ field: z.string().optional(), reason: z.string().optional(), message: z.string().optional() }),
        )
        .nullish(),
      retryAfterSeconds: z.number().nullish(),
    })
    .nullish(),
});
type StatusObject = z.infer<typeof StatusObject>;

const MAX_MESSAGE_CHARACTERS = 2_000;
const MAX_CAUSES = 32;

const CODE_OF_STATUS: Readonly<Record<number, ClusterErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  406: 'unsupported-media-type',
  408: 'timeout',
  409: 'conflict',
  410: 'gone',
  413: 'too-large',
  415: 'unsupported-media-type',
  422: 'invalid',
  429: 'too-many-requests',
  503: 'unavailable',
  504: 'timeout',
};

/** An answer that is not a success, as our error. `body` is the text as received. */
export function answerError(
  attempt: Attempt,
  answer: { readonly status: number; readonly body: string; readonly retryAfter?: string | undefined },
): ClusterError {
  return errorOf(attempt, answer.status, readStatus(answer.body), retryAfterMs(answer.retryAfter));
}

/** The object of an ERROR message inside a watch (HTTP 200), as our error. */
export function watchError(attempt: Attempt, object: unknown): ClusterError {
  const status = StatusObject.safeParse(object).data;
  return errorOf(attempt, status?.code ?? 500, status, undefined);
}

function errorOf(
  attempt: Attempt,
  httpStatus: number,
  status: StatusObject | undefined,
  headerRetryAfterMs: number | undefined,
): ClusterError {
  const code = codeOf(attempt, httpStatus, status);
  const said = status?.message ?? `HTTP ${httpStatus} without a Status object (is this a Kubernetes API server?)`;
  const retryMs = headerRetryAfterMs ?? secondsToMs(status?.details?.retryAfterSeconds);
  const shown = attempt.isOfSecret
    ? `HTTP ${httpStatus} ${status?.reason ?? ''} (its words are not shown: they can quote a Secret)`
    : clip(withoutQuotedValues(said));
  return new ClusterError(code, `${attempt.what}: ${shown}`, {
    status: httpStatus,
    ...(status?.reason ? { reason: status.reason } : {}),
    ...(status?.details?.causes && !attempt.isOfSecret ? { causes: causesOf(status.details.causes) } : {}),
    ...(retryMs === undefined ? {} : { retryAfterMs: retryMs }),
    ...(attempt.isWrite && mayBeApplied(httpStatus, said) ? { outcomeUnknown: true } : {}),
  });
}

function codeOf({ isOfObject }: Attempt, httpStatus: number, status: StatusObject | undefined): ClusterErrorCode {
  // The path itself is not served: so answers a server that has just started, about custom resources that are there.
  if (httpStatus === 404 && status === undefined && isOfObject) return 'unavailable';
  if (httpStatus === 409 && status?.reason === 'AlreadyExists') return 'already-exists';
  // etcd's own limit (1.5 MiB) surfaces as a plain 500, below the server's 413 limit of 3 MiB.
  if (httpStatus === 500 && status?.message === 'etcdserver: request is too large') return 'too-large';
  return CODE_OF_STATUS[httpStatus] ?? (httpStatus >= 400 && httpStatus < 500 ? 'bad-request' : 'server-error');
}

/** After a 5xx a write may be there (etcd timeout, a proxy that lost its backend), unless the server says it never got that far. */
function mayBeApplied(httpStatus: number, said: string): boolean {
  if (httpStatus < 500) return false;
  return !/failed calling webhook|etcdserver: request is too large/.test(said);
}

/** Errors of the way there: nothing of the request can have reached an API server. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_CLOSED',
]);
const TIMEOUTS: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** An error of the transport (no answer, or half of one), as our error. Passes a `ClusterError` through. */
export function transportError(attempt: Attempt, error: unknown, timeoutMs: number): ClusterError {
  if (error instanceof ClusterError) return error;
  const { name, code } = fault(error);
  const unknown = attempt.isWrite ? { outcomeUnknown: true } : {};
  if (name === 'TimeoutError' || TIMEOUTS.has(code))
    return new ClusterError('timeout', `${attempt.what}: no complete answer within ${timeoutMs} ms`, unknown);
  if (name === 'AbortError' || code === 'UND_ERR_ABORTED')
    return new ClusterError('unavailable', `${attempt.what}: stopped by the caller`, unknown);
  const neverSent = NEVER_SENT.has(code) || isCertificateFault(code);
  const text = `${attempt.what}: the API server could not be reached, or the connection broke (${code || name}: ${messageOf(error)})`;
  return new ClusterError('unavailable', clip(text), neverSent ? {} : unknown);
}

/** The handshake failed on the certificate: no request was sent. */
function isCertificateFault(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code);
}

function fault(error: unknown): { name: string; code: string } {
  if (typeof error !== 'object' || error === null) return { name: typeof error, code: '' };
  const { name, code } = error as { name?: unknown; code?: unknown };
  return { name: typeof name === 'string' ? name : 'Error', code: typeof code === 'string' ? code : '' };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readStatus(body: string): StatusObject | undefined {
  try {
    return StatusObject.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined; // not JSON: a proxy's page, an empty body
  }
}

function causesOf(
  causes: readonly { field?: string | undefined; reason?: string | undefined; message?: string | undefined }[],
) {
  return causes.slice(0, MAX_CAUSES).map(({ field, reason, message }) => ({
    ...(field === undefined ? {} : { field }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message: clip(causeShown(field, message)) }),
  }));
}

/** The field stands beside a cause, and before the same words in a message. */
function causeShown(field: string | undefined, message: string): string {
  const path = `${field ?? ''}: `;
  const shown = withoutQuotedValues(path + message);
  return shown.startsWith(path) ? shown.slice(path.length) : shown;
}

/** `Retry-After`: seconds or a date. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return secondsToMs(seconds);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function secondsToMs(seconds: number | null | undefined): number | undefined {
  return seconds === undefined || seconds === null || seconds < 0 ? undefined : seconds * 1_000;
}

function clip(text: string): string {
  return text.length <= MAX_MESSAGE_CHARACTERS ? text : `${text.slice(0, MAX_MESSAGE_CHARACTERS)}… (cut)`;
}
