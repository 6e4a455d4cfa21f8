import type { ClusterErrorCode } from '../src/cluster.ts';
import { answerError, transportError, watchError } from '../src/client/errors.ts';
import { statusObject } from './support/fake-api-server.ts';
import { fixture } from './support/fixtures.ts';

interface RecordedCase {
  readonly case: string;
  readonly httpStatus: number;
  readonly response: { readonly message: string };
}

const create = { what: 'create pipelineruns jobs/x', isWrite: true };
const get = { what: 'get pipelineruns jobs/x', isWrite: false };
const recorded = (JSON.parse(fixture('refusals.json')) as { cases: RecordedCase[] }).cases;

describe('what a real API server refused becomes our error', () => {
  const EXPECTED: Record<string, ClusterErrorCode> = {
    'v1 with spec.serviceAccountName, fieldValidation=Strict': 'bad-request',
    'duplicate param': 'bad-request',
    'label value of 64 characters': 'invalid',
    'same name again': 'already-exists',
    'namespace that does not exist': 'not-found',
    'annotations over 256 KiB': 'invalid',
    'param of 1.6 MB': 'too-large',
    'param of 3.3 MB': 'too-large',
    'cancel a finished run': 'bad-request',
    'delete with wrong uid precondition': 'conflict',
    'namespace in body differs from URL': 'bad-request',
    'timeout without unit': 'bad-request',
  };

  test('every recorded answer has its expectation', () => {
    expect(recorded.map((one) => one.case).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  for (const one of recorded)
    test(`${one.case}: ${EXPECTED[one.case]}`, () => {
      const error = answerError(create, { status: one.httpStatus, body: JSON.stringify(one.response) });
      expect(error.code).toBe(EXPECTED[one.case]);
      expect(error.message).toBe(`create pipelineruns jobs/x: ${one.response.message}`);
      expect(error.details.status).toBe(one.httpStatus);
      expect(error.details.outcomeUnknown).toBeUndefined();
    });

  test('the causes name the fields', () => {
    const { response } = recorded.find((one) => one.case === 'label value of 64 characters')!;
    const { details } = answerError(create, { status: 422, body: JSON.stringify(response) });
    expect(details).toMatchObject({
      reason: 'Invalid',
      causes: [{ field: 'metadata.labels', reason: 'FieldValueInvalid' }],
    });
  });

  test('a webhook that is down is a server error, and nothing was created', () => {
    const { body } = JSON.parse(fixture('webhook-down.create.response.json')) as { body: object };
    const error = answerError(create, { status: 500, body: JSON.stringify(body) });
    expect(error.code).toBe('server-error');
    expect(error.isTransient).toBe(true);
    expect(error.details.outcomeUnknown).toBeUndefined();
  });
});

describe('an answer becomes our error', () => {
  const BY_STATUS: readonly (readonly [number, ClusterErrorCode, transient: boolean])[] = [
    [302, 'server-error', true],
    [400, 'bad-request', false],
    [401, 'unauthorized', true],
    [403, 'forbidden', false],
    [404, 'not-found', false],
    [405, 'bad-request', false],
    [409, 'conflict', false],
    [410, 'gone', true],
    [413, 'too-large', false],
    [415, 'unsupported-media-type', false],
    [422, 'invalid', false],
    [429, 'too-many-requests', true],
    [500, 'server-error', true],
    [502, 'server-error', true],
    [503, 'unavailable', true],
    [504, 'timeout', true],
  ];
  for (const [status, code, transient] of BY_STATUS)
    test(`HTTP ${status} is ${code}${transient ? ', to be tried again' : ''}`, () => {
      const error = answerError(get, { status, body: 'no JSON' });
      expect([error.code, error.isTransient]).toEqual([code, transient]);
      expect(error.message).toContain(`HTTP ${status} without a Status object`);
    });

  test('a write may have been applied after a 5xx, a read never was one', () => {
    const body = JSON.stringify(statusObject(500, '', 'etcdserver: request timed out'));
    expect(answerError(create, { status: 500, body }).details.outcomeUnknown).toBe(true);
    expect(answerError(get, { status: 500, body }).details.outcomeUnknown).toBeUndefined();
    expect(answerError(create, { status: 429, body: '' }).details.outcomeUnknown).toBeUndefined();
  });

  test('Retry-After is read as seconds, as a date, or from the Status object', () => {
    const retryAfterMs = (retryAfter: string | undefined, body = '') =>
      answerError(get, { status: 429, body, retryAfter }).details.retryAfterMs;
    expect(retryAfterMs('2')).toBe(2_000);
    expect(retryAfterMs(new Date(0).toUTCString())).toBe(0);
    expect(retryAfterMs('soon')).toBeUndefined();
    expect(
      retryAfterMs(undefined, JSON.stringify(statusObject(429, 'TooManyRequests', 'busy', { retryAfterSeconds: 3 }))),
    ).toBe(3_000);
  });

  test('a long message and many causes are cut', () => {
    const causes = Array.from({ length: 100 }, (_, i) => ({ field: `f${i}`, message: 'x'.repeat(5_000) }));
    const body = JSON.stringify(statusObject(422, 'Invalid', 'y'.repeat(1_000_000), { causes }));
    const { message, details } = answerError(create, { status: 422, body });
    expect(message.length).toBeLessThan(2_100);
    expect(details.causes).toHaveLength(32);
    expect(details.causes?.[0]?.message?.length).toBeLessThan(2_100);
  });

  test('410 inside a watch is gone, anything else there has its own code', () => {
    expect(watchError(get, statusObject(410, 'Expired', 'too old')).code).toBe('gone');
    expect(watchError(get, statusObject(504, 'Timeout', 'late')).code).toBe('timeout');
    expect(watchError(get, 'nonsense').code).toBe('server-error');
  });
});

describe('no answer becomes our error', () => {
  const fault = (code: string) => Object.assign(new Error('it broke'), { code });

  test('what never left this machine was not applied', () => {
    for (const code of [
      'ECONNREFUSED',
      'ENOTFOUND',
      'UND_ERR_CONNECT_TIMEOUT',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'CERT_HAS_EXPIRED',
    ]) {
      const error = transportError(create, fault(code), 1_000);
      expect([error.code, error.details.outcomeUnknown]).toEqual(['unavailable', undefined]);
    }
  });

  test('after a reset or a timeout nobody knows', () => {
    for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'])
      expect(transportError(create, fault(code), 1_000)).toMatchObject({
        code: 'unavailable',
        details: { outcomeUnknown: true },
      });
    const late = new DOMException('late', 'TimeoutError');
    expect(transportError(create, late, 1_000)).toMatchObject({ code: 'timeout', details: { outcomeUnknown: true } });
    expect(transportError(get, late, 1_000).details.outcomeUnknown).toBeUndefined();
  });
});
