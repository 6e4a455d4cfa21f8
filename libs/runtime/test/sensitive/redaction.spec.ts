import { SENSITIVE_NAMES, sensitiveNames } from '#execution';
import type { ExecutionSpec } from '#execution';
import { KeyedHashes } from '#runtime';
import { redacted } from '../../src/sensitive/sensitivity.ts';

const ID = '0195a1b2-0000-7000-8000-000000000001';
const SENSITIVITY = {
  policy: 'redact',
  isSensitive: sensitiveNames(SENSITIVE_NAMES),
  hashes: new KeyedHashes(new Uint8Array(32).fill(7)),
} as const;
const SPEC: ExecutionSpec = {
  remediationRequestRef: { name: 'rr-7' },
  workflowRef: { workflowId: 'w', version: '1', containerImage: 'registry.example.test/w:1' },
  targetResource: 'payment/deployment/payment-api',
};
const of = (change: Partial<ExecutionSpec>) => redacted(ID, { ...SPEC, ...change }, SENSITIVITY);
const HASH = expect.stringMatching(/^hmac-sha256:[0-9a-f]{16}:[0-9a-f]{64}$/);

test('a sensitive value is replaced by its hash, others stay byte for byte', () => {
  const { spec, sensitive } = of({ parameters: { DB_PASSWORD: 'hunter2', REASON: ' memory\n' } });
  expect(spec).toEqual({ ...SPEC, parameters: { DB_PASSWORD: HASH, REASON: ' memory\n' } });
  expect(sensitive).toEqual({ policy: 'redact', redacted: ['DB_PASSWORD'], found: ['DB_PASSWORD'], problems: [] });
});

test('the same spec is the same redacted spec, every time', () => {
  const change = { parameters: { DB_PASSWORD: 'hunter2', API_KEY: 'k' } };
  expect(of(change)).toEqual(of(change));
});

test('a spec without such parameters is the very same', () => {
  const spec = { ...SPEC, parameters: { REASON: 'memory' } };
  expect(redacted(ID, spec, SENSITIVITY).spec).toBe(spec);
});

test.each([
  ['as it is', 'postgres://app:hunter22@db/payment'],
  ['in base64', Buffer.from('app:hunter22').toString('base64')],
])('another parameter that repeats the value is hashed with it, and is not blamed: %s', (_, URL) => {
  const { spec, sensitive } = of({ parameters: { DB_PASSWORD: 'hunter22', URL, USER: 'app' } });
  expect(spec.parameters).toEqual({ DB_PASSWORD: HASH, URL: HASH, USER: 'app' });
  expect(sensitive).toMatchObject({ redacted: ['DB_PASSWORD', 'URL'], found: ['DB_PASSWORD'] });
});

test('a short value is not looked for in others', () => {
  expect(of({ parameters: { TOKEN: 'true', DRY_RUN: 'true' } }).sensitive.redacted).toEqual(['TOKEN']);
});

test('the rationale does not repeat it either', () => {
  expect(of({ parameters: { DB_PASSWORD: 'hunter2' }, rationale: 'log in with hunter2' }).spec.rationale).toBe(
    'log in with [redacted DB_PASSWORD]',
  );
});

test('what is wrong with the value is told without it', () => {
  const { sensitive } = of({ parameters: { DB_PASSWORD: 'a$(params.hunter2)b' } });
  expect(sensitive.problems.map((problem) => problem.path)).toEqual(['spec.parameters.DB_PASSWORD']);
  expect(JSON.stringify(sensitive)).not.toContain('hunter2');
});

test('a spec too large to be run is too large with hashes in place of its values', () => {
  const { sensitive } = of({ parameters: { DB_PASSWORD: 'x'.repeat(200_000) } });
  expect(sensitive.problems.map((problem) => problem.path)).toEqual(['spec']);
});

test('a value that is no text, from a CRD that was changed, is hidden too', () => {
  const parameters = { DB_PASSWORD: { deep: 'hunter2' }, TOKEN: 4711 } as unknown as Record<string, string>;
  expect(of({ parameters }).spec.parameters).toEqual({ DB_PASSWORD: HASH, TOKEN: HASH });
});
