import { Failure } from '../exit-codes.ts';
import type { Reach } from '../connection/reach.ts';

/** Why there was no whole answer, as the failure of the command. */
export function noAnswer(error: unknown, reach: Reach, timeoutMs: number): Failure {
  if (error instanceof Failure) return error;
  const where = reach.service === undefined ? reach.url : `${reach.service} at ${reach.url}`;
  if (isNamed(error, 'TimeoutError'))
    return new Failure('unreachable', `no answer from ${where} within ${timeoutMs / 1000} s`, {
      advice: 'Give it more time with --request-timeout, or look at the service.',
    });
  if (error instanceof SyntaxError)
    return new Failure('serviceFailed', `expected JSON from the service at ${where}, found something else`, {
      advice: 'Check the address: --server, WFE_SERVER or --service.',
      isLasting: true,
    });
  if (isNamed(error, 'ClusterError')) return new Failure('denied', (error as Error).message, { cause: error });
  const reason = reasonOf(error);
  if (reason === undefined) throw error;
  return new Failure('unreachable', `cannot reach ${where}: ${reason}`, {
    advice: 'Is the service running there? Name it with --server or WFE_SERVER, or choose a kubeconfig.',
    cause: error,
  });
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be resolved now',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: is it http?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is its own: trust it with NODE_EXTRA_CA_CERTS',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody trusts its certificate here: trust its CA with NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody trusts its certificate here: trust its CA with NODE_EXTRA_CA_CERTS',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'nobody trusts its certificate here: trust its CA with NODE_EXTRA_CA_CERTS',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is that of another host',
};

/** fetch hides what went wrong in `cause`, several levels deep; undefined when it is not about the network. */
function reasonOf(error: unknown): string | undefined {
  const MAX_DEPTH = 5;
  let found = error;
  for (let depth = 0; depth < MAX_DEPTH && found instanceof Error; depth += 1) {
    const { code } = found as NodeJS.ErrnoException;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return `${WORDS[code] ?? 'it failed'} (${code})`;
    const [first] = found instanceof AggregateError ? (found.errors as unknown[]) : [];
    found = first ?? found.cause;
  }
  return error instanceof TypeError && /fetch failed|terminated/.test(error.message)
    ? 'the connection broke'
    : undefined;
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
