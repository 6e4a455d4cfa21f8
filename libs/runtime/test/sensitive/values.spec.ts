import type { KubeObject } from '#kubernetes';
import { KeyedHashes } from '#runtime';
import { redacted, refusing } from '../../src/sensitive/sensitivity.ts';
import { SensitiveValues } from '../../src/sensitive/values.ts';

const ID = '0195a1b2-0000-7000-8000-000000000001';
const SENSITIVITY = { ...refusing(), policy: 'redact' } as const;
const GIVEN = {
  remediationRequestRef: { name: 'rr-7' },
  workflowRef: { workflowId: 'w', version: '1', containerImage: 'registry.example.test/w:1' },
  targetResource: 'payment/deployment/payment-api',
  parameters: { DB_PASSWORD: 'hunter2', constructor: 'x', REASON: 'memory' },
};
const EXECUTION = { id: ID, spec: redacted(ID, GIVEN, SENSITIVITY).spec, redacted: ['DB_PASSWORD'] };
const resource = (change: object = {}, uid = ID): KubeObject => ({
  apiVersion: 'workflowexecution.kubernaut.ai/v1alpha1',
  kind: 'WorkflowExecution',
  metadata: { namespace: 'default', name: 'mine', uid },
  spec: { ...GIVEN, ...change },
});
const NO_VIEW = { resource: () => undefined, resourceByUid: () => undefined, run: () => undefined };
const values = new SensitiveValues(
  SENSITIVITY,
  () => NO_VIEW,
  () => undefined,
);

test('the values of the redacted parameters, and of no others, are read from the resource', () => {
  expect(values.readFrom(resource(), EXECUTION)).toEqual({ values: { DB_PASSWORD: 'hunter2' } });
});

test.each<[string, KubeObject | undefined, RegExp]>([
  ['gone', undefined, /values of DB_PASSWORD is gone/],
  ['another one of that name, with the same value', resource({}, 'another'), /values of DB_PASSWORD is gone/],
  ['changed', resource({ parameters: { DB_PASSWORD: 'hunter3' } }), /DB_PASSWORD .* not the one that was accepted/],
  ['without the parameter', resource({ parameters: {} }), /DB_PASSWORD .* not the one that was accepted/],
  ['without parameters', resource({ parameters: undefined }), /DB_PASSWORD .* not the one that was accepted/],
])('no value when the resource is %s', (_, object, why) => {
  const reading = values.readFrom(object, EXECUTION);
  expect(reading).toEqual({ missing: expect.stringMatching(why) });
  expect(JSON.stringify(reading)).not.toMatch(/hunter/);
});

test('nor when the key of the hash is not here', () => {
  const other = { ...SENSITIVITY, hashes: new KeyedHashes(new Uint8Array(32)) };
  const reading = new SensitiveValues(
    other,
    () => NO_VIEW,
    () => undefined,
  ).readFrom(resource(), EXECUTION);
  expect(reading).toEqual({
    missing: expect.stringMatching(/key that the hash of DB_PASSWORD was made with is not here/),
  });
});

test('an execution with nothing redacted needs no resource', () => {
  expect(values.readFrom(undefined, { id: ID, spec: GIVEN })).toEqual({ values: {} });
});
