import type { FailureReason } from '#execution';
import { runRefusal } from '#tekton';
import { readCapture } from './captures.ts';

interface Answer {
  readonly case: string;
  readonly method: string;
  readonly httpStatus: number;
  readonly response: {
    readonly reason?: string;
    readonly message: string;
    readonly details?: { readonly causes?: readonly { field?: string; message?: string }[] };
  };
}

const CODES: Readonly<Record<number, string>> = {
  400: 'bad-request',
  403: 'forbidden',
  404: 'not-found',
  413: 'too-large',
  422: 'invalid',
  500: 'server-error',
};
const codeOf = ({ httpStatus, response }: Answer): string =>
  httpStatus === 409 ? (response.reason === 'AlreadyExists' ? 'already-exists' : 'conflict') : CODES[httpStatus]!;

const creates = (readCapture('admission-responses.json') as { cases: Answer[] }).cases.filter(
  ({ method, httpStatus }) => method === 'POST' && httpStatus >= 400,
);

const refusalOf = (answer: Answer) =>
  runRefusal({
    code: codeOf(answer),
    status: answer.httpStatus,
    message: answer.response.message,
    ...(answer.response.details?.causes && { causes: answer.response.details.causes }),
  });

describe('a create the API server refused', () => {
  test.each(creates.map((answer) => [answer.case, answer] as const))('%s', (name, answer) => {
    if (name === 'same name again') {
      expect(refusalOf(answer)).toBeUndefined();
      return;
    }
    expect(refusalOf(answer)).toMatchObject({
      code: codeOf(answer),
      status: answer.httpStatus,
      reason: 'ConfigurationError',
      message: expect.stringContaining(answer.response.message.slice(0, 60)),
    });
  });

  test.each<[string, string, FailureReason | undefined]>([
    ['forbidden', 'pipelineruns.tekton.dev "x" is forbidden: exceeded quota: runs, requested: 1', 'ResourceExhausted'],
    ['forbidden', 'pipelineruns.tekton.dev is forbidden: User "wfe" cannot create resource', 'Forbidden'],
    ['not-found', 'the server could not find the requested resource', undefined],
    ['server-error', 'Internal error occurred: failed calling webhook "webhook.pipeline.tekton.dev"', undefined],
    ['too-many-requests', 'storage is (re)initializing', undefined],
    ['unavailable', 'connect ECONNREFUSED', undefined],
    ['timeout', 'timed out', undefined],
    ['unauthorized', 'Unauthorized', undefined],
    ['conflict', 'the object has been modified', undefined],
    ['server-error', 'etcdserver: request is too large', 'ConfigurationError'],
    ['server-error', 'etcdserver: leader changed', undefined],
    ['too-large', 'Request entity too large: limit is 3145728', 'ConfigurationError'],
    ['not-found', 'namespaces "jobs" not found', 'ConfigurationError'],
    [
      'bad-request',
      'admission webhook "validation.webhook.pipeline.tekton.dev" denied the request: no',
      'ConfigurationError',
    ],
    ['bad-request', 'admission webhook "policy.example.test" denied the request: no', 'Forbidden'],
    ['bad-request', 'admission webhook "x.tekton.dev.example.test" denied the request: no', 'Forbidden'],
    ['forbidden', 'admission webhook "policy.example.test" denied the request: no', 'Forbidden'],
    ['invalid', "runs is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no", 'Forbidden'],
    ['invalid', 'spec.params: Required value', 'ConfigurationError'],
    ['forbidden', 'the quota is exceeded', 'Forbidden'],
  ])('%s: %s', (code, message, reason) => {
    expect(runRefusal({ code, message })?.reason).toBe(reason);
  });

  test('a webhook that does not answer is no refusal, as recorded', () => {
    const { body } = readCapture('webhook-down.create.response.json') as { body: { message: string } };
    expect(runRefusal({ code: 'server-error', status: 500, message: body.message })).toBeUndefined();
  });

  test('says the causes that the message leaves out', () => {
    const causes = [{ field: 'spec.params', message: 'must not be empty' }, { message: 'too long' }];
    expect(runRefusal({ code: 'invalid', message: 'it is invalid: too long', causes })?.message).toBe(
      'it is invalid: too long; spec.params: must not be empty',
    );
  });
});
