import { ABSENT, fold, SENSITIVE_NAMES, sensitiveNames } from '#execution';
import type { SensitiveFindings } from '#execution';
import { create, RESOURCE, SPEC } from './support/examples.ts';
import { given, history } from './support/story.ts';

const isSensitive = sensitiveNames(SENSITIVE_NAMES);

describe('a name looks sensitive when a word of the list is one of its words', () => {
  test.each([
    ...[
      'password',
      'PASSWORD',
      'DB_PASSWORD',
      'dbPassword',
      'DBPassword',
      'DBpassword',
      'db.password',
      'password-file',
    ],
    ...['passwords', 'PASSWORDS', 'password2', 'PASSWORD_2', 'Password1Old', '2password', 'PASS_WORD', 'pässword'],
    ...['apiKey', 'API_KEY', 'APIKey', 'apikey', 'APIKEY', 'api-keys', 'X_API_KEY_2', 'myApiKey', 'API.KEY'],
    ...['githubToken', 'TOKEN', 'tokens', 'oauth2Token', 'OAUTH2TOKEN', 'TOKENs', 'token_', '_token', 'k8sToken'],
    ...['SECRET', 'clientSecret', 'client_secret_value', 'secrets', 'AWS_SECRET_ACCESS_KEY', 'accessKeyId'],
    ...['credential', 'credentials', 'gitCredentials', 'PRIVATE_KEY', 'privateKeyPem', 'passphrase', 'pwd', 'passwd'],
    ...['ｐａｓｓｗｏｒｄ', 'pass\u200bword', 'PASSWORD\n'],
  ])('%j does', (name) => {
    expect(isSensitive(name)).toBe(true);
  });

  test.each([
    ...['tokenizer', 'passwordless', 'TOKENIZER', 'detokenize', 'secretary', 'secretly', 'compass', 'bypass', 'pass'],
    ...['KEY', 'keyboard', 'api', 'API_VERSION_KEY', 'apiMonkey', 'accessLogKey', 'publicKey', 'REPLICAS', 'broken'],
    ...['', '_', '123', 'TARGET_RESOURCE', 'stoken', 'tokenns', 'credentialed', 'key_api', 'private'],
  ])('%j does not', (name) => {
    expect(isSensitive(name)).toBe(false);
  });

  test('the list is what the configuration says, written in any way', () => {
    const ours = sensitiveNames(['PIN', 'card-number', 'iban2', '  ', '']);
    for (const name of ['pin', 'userPin', 'CARD_NUMBER', 'cardNumbers', 'IBAN_2']) expect(ours(name)).toBe(true);
    for (const name of ['pinned', 'card', 'iban', 'password', '']) expect(ours(name)).toBe(false);
  });

  test('a long name costs no more than its length', () => {
    expect(isSensitive('aB1_'.repeat(20_000))).toBe(false);
  });
});

const HASH = `hmac-sha256:0011223344556677:${'ab'.repeat(32)}`;
const REDACTED_SPEC = { ...SPEC, parameters: { REASON: 'high memory', DB_PASSWORD: HASH } };
const findings = (change: Partial<SensitiveFindings> = {}): SensitiveFindings => ({
  policy: 'redact',
  redacted: ['DB_PASSWORD'],
  found: ['DB_PASSWORD'],
  problems: [],
  ...change,
});
const byResource = (sensitive: SensitiveFindings) =>
  create({ entry: 'resource', resourceUid: RESOURCE.uid, spec: REDACTED_SPEC, sensitive });

describe('an execution that enters by resource with a sensitive parameter', () => {
  test('is recorded with the hash of its value and fails, when such parameters are refused', () => {
    const events = given()
      .when(byResource(findings({ policy: 'refuse' })))
      .then('ExecutionCreated', 'ResourceBound', {
        type: 'ExecutionFailed',
        data: {
          failure: {
            reason: 'ConfigurationError',
            wasExecutionFailure: false,
            message: expect.stringMatching(/^spec\.parameters\.DB_PASSWORD: .*workspaces/),
          },
        },
      });
    expect(events[0]?.data).toMatchObject({
      spec: REDACTED_SPEC,
      sensitive: { policy: 'refuse', redacted: ['DB_PASSWORD'] },
    });
  });

  test('is accepted when they are redacted, and its state says which of its values are hashes', () => {
    const events = given().when(byResource(findings())).then('ExecutionCreated', 'ResourceBound');
    expect(fold(history(events))).toMatchObject({ phase: 'Pending', redacted: ['DB_PASSWORD'], spec: REDACTED_SPEC });
  });

  test('is asked for again with the same hash: nothing; with the hash of another value: refused', () => {
    const events = given().when(byResource(findings())).then('ExecutionCreated', 'ResourceBound');
    given(...events)
      .when(byResource(findings()))
      .nothing();
    const other = {
      ...REDACTED_SPEC,
      parameters: { ...REDACTED_SPEC.parameters, DB_PASSWORD: HASH.replace('ab', 'cd') },
    };
    given(...events)
      .when({ ...byResource(findings()), spec: other })
      .refused('SpecChanged');
  });

  test('fails for what is wrong with the value itself', () => {
    const problems = [{ path: 'spec.parameters.DB_PASSWORD', message: 'contains a reference' }];
    given()
      .when(byResource(findings({ problems })))
      .then('ExecutionCreated', 'ResourceBound', {
        type: 'ExecutionFailed',
        data: { failure: { message: 'spec.parameters.DB_PASSWORD: contains a reference' } },
      });
  });
});

test('nothing that enters by REST is accepted with one, whatever is configured', () => {
  given()
    .when(create({ spec: REDACTED_SPEC, sensitive: findings() }))
    .then('ExecutionCreated', { type: 'ExecutionFailed', data: { failure: { reason: 'ConfigurationError' } } });
});

test('an execution without such parameters has no word of them in its state', () => {
  const events = given().when(create()).then('ExecutionCreated');
  expect(fold(history(events), ABSENT)).not.toHaveProperty('redacted');
});
