import { clean } from '../render/clean.ts';
import { Failure, type Exit } from '../exit-codes.ts';
import type { Reach } from '../connection/reach.ts';
import { mismatch, type Schema } from './schema-check.ts';
import type { components } from './schema.ts';

/** What is told of a problem. The rest of it may be missing: others answer with problems too. */
type Told = Pick<components['schemas']['Problem'], 'code' | 'title' | 'detail' | 'requestId' | 'errors'>;

const text: Schema = { type: 'string' };
const TOLD: Schema = {
  type: 'object',
  required: ['code', 'title', 'detail', 'requestId'],
  properties: {
    ...{ code: text, title: text, detail: text, requestId: text },
    errors: {
      type: 'array',
      items: { type: 'object', required: ['path', 'message'], properties: { path: text, message: text } },
    },
  },
};
const STATUS: Schema = { type: 'object', required: ['kind'], properties: { kind: { const: 'Status' }, reason: text } };

/** What to do about problems whose own words do not say it. */
const ADVICE: Readonly<Record<string, string>> = {
  'execution-finished': 'Nothing is left to cancel. See how it ended: wfe get ID',
  'run-unfinished': 'Wait for its end (wfe watch ID), or cancel it first: wfe cancel ID --reason TEXT',
  'idempotency-key-reused': 'Leave --idempotency-key out for a request of its own.',
  'resource-exists': 'Choose another --name, or leave it out: then one is made.',
  'route-unknown': 'The service is older than this wfe, or the address is not the service’s. See wfe --version.',
  'history-archived': 'The file is in the folder retention.folder of the service. Verify it: wfe verify FILE',
  'perhaps-applied': 'Look before repeating: wfe list --limit 5',
};
const MAX_FIELD_ERRORS = 50;

/** An answer that is no success, as the failure of the command. `body` is the parsed JSON, or the text. */
export function refusalOf(status: number, body: unknown, reach: Reach): Failure {
  if (isProblem(body)) return ofProblem(status, body);
  if (isStatus(body)) return ofApiServer(status, body, reach);
  // Its "not found" says nothing of what the service has.
  const exit = status === 401 || status === 403 ? 'denied' : 'serviceFailed';
  return new Failure(exit, `expected the service at ${reach.url}, found something that answered ${status}`, {
    advice: 'Check the address: --server, WFE_SERVER or --service.',
    isLasting: status < 500,
  });
}

function ofProblem(status: number, problem: Told): Failure {
  const errors = (problem.errors ?? []).slice(0, MAX_FIELD_ERRORS);
  const advice = Object.hasOwn(ADVICE, problem.code) ? ADVICE[problem.code] : undefined;
  return new Failure(exitOf(status, problem.code), `${clean(problem.title)} (${clean(problem.code)})`, {
    details: [
      clean(problem.detail),
      ...errors.map(({ path, message }) => `  ${clean(path)}: ${clean(message)}`),
      `request ${clean(problem.requestId)} in the log of the service`,
    ],
    ...(advice !== undefined && { advice }),
  });
}

function exitOf(status: number, code: string): Exit {
  if (status === 401 || status === 403) return 'denied';
  if (status === 404 && code !== 'route-unknown') return 'notFound';
  if (status >= 500 || status < 400) return 'serviceFailed';
  return 'refused';
}

/** The API server's own refusal. Its message may repeat what it was sent, so only its reason is shown. */
function ofApiServer(status: number, { reason }: Status, { service = 'the service' }: Reach): Failure {
  const said = `(${status}${reason === undefined ? '' : ` ${clean(reason)}`})`;
  switch (status) {
    case 401:
      return new Failure('denied', `the API server does not accept the kubeconfig’s credentials ${said}`, {
        advice: 'Sign in again, or choose another --context.',
      });
    case 403:
      return new Failure('denied', `the API server does not let you reach ${service} ${said}`, {
        advice: 'You need the verbs get and create on services/proxy in its namespace.',
      });
    case 404:
      return new Failure('unreachable', `there is no service ${service} in the cluster ${said}`, {
        advice: 'Name it with --service NAMESPACE/NAME[:PORT].',
      });
    default:
      return new Failure('unreachable', `the API server cannot reach ${service} ${said}`, {
        advice: 'See whether its pods are ready: kubectl get pods, endpoints.',
      });
  }
}

interface Status {
  readonly kind: 'Status';
  readonly reason?: string;
}

const isProblem = (body: unknown): body is Told => mismatch(TOLD, body, {}) === undefined;

const isStatus = (body: unknown): body is Status => mismatch(STATUS, body, {}) === undefined;
