import { readConfig } from '../../src/config/read-config.ts';
import { effectiveConfig } from '../../src/config/effective.ts';
import { ConfigError } from '../../src/config/problem.ts';
import type { ConfigProblem } from '../../src/config/problem.ts';

const read = (text: string, environment: Record<string, string> = {}) =>
  readConfig({ path: 'config.yaml', text }, environment);

function problems(text: string, environment: Record<string, string> = {}): readonly ConfigProblem[] {
  try {
    read(text, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('expected a ConfigError');
}

const one = (fields: object) =>
  JSON.stringify([{ name: 'pager', url: 'https://a.test/', secretEnv: 'KEY', ...fields }]);
const given = (fields: object) => problems('', { WFE_WEBHOOKS_ENDPOINTS: one(fields) });

test('there are none unless they are configured', () => {
  expect(read('').webhooks.endpoints).toEqual([]);
});

test('they are read from the file, with defaults, and frozen to the ground', () => {
  const { webhooks } = read(
    'webhooks:\n  endpoints:\n    - name: pager\n      url: https://pager.example.test/x?token=1\n      secretFile: /s\n      filter: { types: [ExecutionFailed] }\n',
  );
  expect(webhooks.endpoints).toEqual([
    {
      ...{ name: 'pager', url: 'https://pager.example.test/x?token=1', secretFile: '/s' },
      ...{ insecure: false, begin: 'now', timeout: '10s', filter: { types: ['ExecutionFailed'] } },
    },
  ]);
  expect([webhooks.endpoints[0], webhooks.endpoints[0]?.filter.types].every(Object.isFrozen)).toBe(true);
});

test('they are read from the environment as JSON, which replaces those of the file', () => {
  const { webhooks } = read('webhooks:\n  endpoints: []\n', { WFE_WEBHOOKS_ENDPOINTS: one({ begin: 'start' }) });
  expect(webhooks.endpoints).toMatchObject([{ name: 'pager', begin: 'start' }]);
});

test('they are shown without what is secret in their address', () => {
  const url = 'https://user:hunter2@a.test/path?token=hunter2#hunter2';
  const shown = effectiveConfig(read('', { WFE_WEBHOOKS_ENDPOINTS: one({ url }) }));
  expect(shown['webhooks']).toMatchObject({ endpoints: [{ name: 'pager', url: 'https://a.test/path' }] });
  expect(JSON.stringify(shown)).not.toContain('hunter2');
});

test.each([
  [{ url: 'ftp://a.test' }, 'url', /an https:\/\/ URL/],
  [{ url: 'http://a.test' }, 'url', /only to this machine, or with insecure: true/],
  [{ url: 'https://user:50%@a.test' }, 'url', /% is written as %25/],
  [{ url: 'not an address' }, 'url', /an https:\/\/ URL/],
  [{ name: 'Pager' }, 'name', /lower-case letters/],
  [{ name: 'a'.repeat(41) }, 'name', /at most 40/],
  [{ secretFile: '/s' }, 'secretFile', /exactly one of secretFile and secretEnv/],
  [{ secretEnv: undefined }, 'secretFile', /exactly one of secretFile and secretEnv/],
  [{ secretEnv: 'WFE_KEY' }, 'secretEnv', /does not begin with WFE_/],
  [{ secret: 'whsec_x' }, 'secret', /one of name, url, secretFile, secretEnv, insecure, begin, timeout, filter/],
  [{ timeout: '1h' }, 'timeout', /a duration from 100ms to 2m/],
  [{ filter: { types: ['Exploded'] } }, 'filter.types.0', /one of ExecutionCreated, /],
  [
    { filter: { colour: 'red' } },
    'filter.colour',
    /one of types, target, workflowId, actor, outcome, remediationRequest/,
  ],
])('%j is refused, with what was expected', (fields, path, expected) => {
  const [problem, ...more] = given(fields);
  expect([problem?.path, more]).toEqual([`webhooks.endpoints.0.${path}`, []]);
  expect(problem?.expected).toMatch(expected);
  expect(problem?.origin).toBe('environment variable WFE_WEBHOOKS_ENDPOINTS');
});

test.each([
  ['a field of the wrong kind', one({ url: 5 }), '0.url'],
  ['plain HTTP to no address', one({ url: 'http://' }), '0.url'],
  ['plain HTTP to a port that is none', one({ url: 'http://a.test:99999' }), '0.url'],
  ['plain HTTP with a broken password', one({ url: 'http://user:50%@a.test' }), '0.url'],
  ['an empty secretFile', one({ secretFile: '' }), '0.secretFile'],
  ['a secretEnv that is refused beside a secretFile', one({ secretEnv: 'WFE_KEY', secretFile: '/s' }), '0.secretEnv'],
  ['null in place of a webhook', '[null]', '0'],
  ['a text in place of a webhook', '["https://a.test"]', '0'],
  ['a list in place of a webhook', '[[]]', '0'],
  ['a text in place of a filter', one({ filter: 'all' }), '0.filter'],
  ['a webhook in place of the list', one({}).slice(1, -1), ''],
  ['nothing', '', ''],
  ['half of a JSON text', one({}).slice(0, 20), ''],
])('%s is told once, by what is wrong alone', (_, text, path) => {
  const found = problems('', { WFE_WEBHOOKS_ENDPOINTS: text });
  expect(found.map((problem) => problem.path)).toEqual([['webhooks.endpoints', path].filter(Boolean).join('.')]);
});

test.each([
  ['[null]', 'a mapping of name, url, secretFile, secretEnv, insecure, begin, timeout, filter'],
  [one({ filter: 5 }), 'a mapping of types, target, workflowId, actor, outcome, remediationRequest'],
  ['5', 'a list of at most 20 webhooks'],
])('of %s it is said what stands there otherwise', (text, expected) => {
  expect(problems('', { WFE_WEBHOOKS_ENDPOINTS: text })).toMatchObject([{ expected }]);
});

test('of several things wrong with one webhook, each is told', () => {
  const found = given({ url: 'http://a.test', secretEnv: undefined, begin: 'yesterday', secret: 'whsec_x' });
  expect(found.map(({ path }) => path.split('.').at(-1)).sort()).toEqual(['begin', 'secret', 'secretFile', 'url']);
});

test.each(['http://localhost:8080/', 'http://127.0.0.1/x', 'http://[::1]/', 'http://user:pass@127.0.0.1/x'])(
  'plain %s is allowed: it is this machine',
  (url) => {
    expect(read('', { WFE_WEBHOOKS_ENDPOINTS: one({ url }) }).webhooks.endpoints).toHaveLength(1);
  },
);

test('plain HTTP to elsewhere has to be asked for', () => {
  expect(
    read('', { WFE_WEBHOOKS_ENDPOINTS: one({ url: 'http://a.test', insecure: true }) }).webhooks.endpoints,
  ).toHaveLength(1);
});

test('a name stands for one webhook', () => {
  const text = `[${one({}).slice(1, -1)},${one({}).slice(1, -1)}]`;
  expect(problems('', { WFE_WEBHOOKS_ENDPOINTS: text })).toMatchObject([
    { expected: 'a name of its own for each webhook' },
  ]);
});

test('no complaint repeats an address, or JSON that may hold one', () => {
  const wrong = [
    given({ url: 'http://user:hunter2@a.test' }),
    problems('', { WFE_WEBHOOKS_ENDPOINTS: '[{"url": "https://user:hunter2@a.test"' }),
    problems('', { WFE_WEBHOOKS_ENDPOINTS: '["https://user:hunter2@a.test"]' }),
  ];
  expect(wrong.every((found) => found.length > 0)).toBe(true);
  expect(JSON.stringify(wrong)).not.toContain('hunter2');
});
