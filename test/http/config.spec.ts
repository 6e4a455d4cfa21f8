import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { SENSITIVE_NAMES } from '#execution';
import { configurationTable } from '../../src/config/document.ts';
import { effectiveConfig, shownValues } from '../../src/config/effective.ts';
import { CONFIG_KEYS, keysOf } from '../../src/config/keys.ts';
import { milliseconds } from '../../src/config/leaf.ts';
import { ConfigError } from '../../src/config/problem.ts';
import type { ConfigProblem } from '../../src/config/problem.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { readConfigFile } from '../../src/config/source.ts';
import type { Environment } from '../../src/config/source.ts';
import { generatedPart } from '../../src/markdown.ts';
import { StartupError } from '../../src/startup-error.ts';
import { defaultsOf } from '../../src/wiring/defaults.ts';

const read = (text: string, environment: Environment = {}) => readConfig({ path: 'config.yaml', text }, environment);

function problems(text: string, environment: Environment = {}): readonly ConfigProblem[] {
  try {
    read(text, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('expected the configuration to be refused');
}

describe('defaults', () => {
  test('are those of the product when nothing is said', () => {
    const config = readConfig(undefined, {});
    expect(config.execution).toEqual({
      namespace: 'kubernaut-workflows',
      defaultNamespace: 'default',
      serviceAccountName: 'kubernaut-workflow-runner',
      pipelineName: 'workflow',
      cooldown: '5m',
      timeout: '30m',
      onConflict: 'Fail',
      pickUpDeadline: '2m',
      endGrace: '2m',
      cancellationDeadline: '5m',
      deletionPatience: '15m',
      ttlAfterFinished: '0s',
      creationPatience: '10m',
      sensitiveNames: SENSITIVE_NAMES,
      sensitiveParameters: 'refuse',
    });
    expect(config.controller).toEqual({ resync: '10m', watchedNamespaces: [], workers: 8, leaderElection: 'off' });
    expect(config.store).toEqual({ kind: 'sqlite', dataFolder: './data' });
    expect([config.http.port, config.health.port, config.metrics.port]).toEqual([8080, 8081, 9090]);
    expect(milliseconds(config.execution.cooldown)).toBe(300_000);
  });

  test('stand for a section that is empty, and for an empty file', () => {
    expect(read('execution:\n  # cooldown: 1m\n').execution.cooldown).toBe('5m');
    expect(read('').http.port).toBe(8080);
  });
});

describe('sources', () => {
  test('the environment overrides the file, and the file the defaults', () => {
    const config = read('execution:\n  cooldown: 1m\n  timeout: 2m\n', { WFE_EXECUTION_COOLDOWN: '3m' });
    expect(config.execution).toMatchObject({ cooldown: '3m', timeout: '2m', onConflict: 'Fail' });
  });

  test('every key can be set by its environment variable', () => {
    const samples: Record<string, string> = {
      WFE_EXECUTION_ON_CONFLICT: 'Wait',
      WFE_EXECUTION_SENSITIVE_NAMES: 'a, b',
      WFE_EXECUTION_SENSITIVE_PARAMETERS: 'redact',
      WFE_CONTROLLER_WATCHED_NAMESPACES: 'a, b',
      WFE_CONTROLLER_LEADER_ELECTION: 'on',
      WFE_STORE_KIND: 'sqlite',
      WFE_LOG_LEVEL: 'warn',
      WFE_EVENTS_SOURCE: 'https://wfe.example.test/',
      WFE_AUDIT_KEYS: 'secret',
      WFE_AUDIT_ACCEPT_HEADS: `${'ab'.repeat(32)}, ${'ef'.repeat(32)}`,
      WFE_AUDIT_ACCEPT_LOST_KEY: 'cd'.repeat(32),
      WFE_CLUSTER_SERVER: 'http://127.0.0.1:8001',
    };
    for (const key of CONFIG_KEYS.filter(({ text }) => text !== 'json')) {
      const text =
        samples[key.variable] ?? String(key.text === 'integer' ? Number(key.default) + 20 : sampleOf(key.expected));
      const config = readConfig(undefined, { [key.variable]: text });
      const value = effectiveConfig(config)[key.path[0]]?.[key.path[1]];
      expect([key.variable, value]).toEqual([
        key.variable,
        key.text === 'integer' ? Number(text) : key.text === 'list' ? text.split(', ') : text,
      ]);
    }
  });

  test('a file that was named must be there; the usual one need not', () => {
    expect(readConfigFile('/nowhere/config.yaml', false)).toBeUndefined();
    expect(() => readConfigFile('/nowhere/config.yaml', true)).toThrow(StartupError);
    expect(() => readConfigFile('/nowhere/config.yaml', true)).toThrow(
      /expected a YAML file at \/nowhere\/config\.yaml, found no such file/,
    );
  });

  test('variables of the command line, which whoever uses both has in one shell, are nobody’s mistake', () => {
    const ofCommandLine = {
      WFE_SERVER: 'http://localhost:8080',
      WFE_SERVICE: 'a/b',
      WFE_TOKEN: 't',
      WFE_CALLED_AS: 'wfe',
    };
    expect(read('', ofCommandLine)).toEqual(read(''));
  });

  test('variables that Kubernetes makes for a service named wfe are nobody’s mistake', () => {
    const links = { WFE_SERVICE_HOST: '10.0.0.1', WFE_PORT: 'tcp://10.0.0.1:80', WFE_PORT_80_TCP_ADDR: '10.0.0.1' };
    expect(read('', links).http.port).toBe(8080);
  });
});

describe('problems', () => {
  test('are listed all at once, each with path, expectation, finding and origin', () => {
    const found = problems('execution:\n  cooldown: five\n  name: x\nstorage: 1\nlog: 3\n', {
      WFE_HTTP_PORT: 'http',
      WFE_NO_SUCH: '1',
    });
    expect(found).toHaveLength(6);
    expect(found).toContainEqual({
      path: 'execution.cooldown',
      expected: 'a duration from 0s to 168h, such as 90s, 5m or 1h15m',
      found: '"five"',
      origin: 'config.yaml line 2',
    });
    expect(found).toContainEqual(
      expect.objectContaining({ path: 'execution.name', found: 'an unknown key', origin: 'config.yaml line 3' }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ path: 'storage', found: 'an unknown key', origin: 'config.yaml line 4' }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ path: 'log', expected: 'a section with the keys level', found: '3' }),
    );
    expect(found).toContainEqual({
      path: 'http.port',
      expected: 'a whole number from 0 to 65535',
      found: '"http"',
      origin: 'environment variable WFE_HTTP_PORT',
    });
    expect(found).toContainEqual(expect.objectContaining({ found: 'WFE_NO_SUCH' }));
  });

  test('are one message, a line for each', () => {
    expect(() => read('execution:\n  cooldown: five\nlog:\n  level: loud\n')).toThrow(
      [
        'The configuration has 2 problems; nothing was started:',
        '  execution.cooldown: expected a duration from 0s to 168h, such as 90s, 5m or 1h15m; found "five" (config.yaml line 2)',
        '  log.level: expected one of trace, debug, info, warn, error, fatal, silent; found "loud" (config.yaml line 4)',
      ].join('\n'),
    );
  });

  test('between keys are told beside those of single keys', () => {
    const paths = problems('metrics: { port: 8081 }\nlog: { level: loud }\nx: 1\n').map(({ path }) => path);
    expect(paths).toEqual(['log.level', 'x', 'metrics.port']);
  });

  test.each([
    ['broken YAML', 'execution: [\n', {}, 'valid YAML'],
    ['a key given twice', 'http:\n  port: 1\n  port: 2\n', {}, 'valid YAML'],
    ['a list in place of the file', '- a\n', {}, 'a section with the keys execution, controller'],
    ['two servers on one port', 'health:\n  port: 8080\n', {}, 'another port than http.port'],
    ['a cluster named twice', 'cluster: { server: "http://localhost:1", context: x }', {}, 'either cluster.server'],
    [
      'plain HTTP to another machine',
      '',
      { WFE_CLUSTER_SERVER: 'http://example.test' },
      'an http:// URL of this machine',
    ],
    ['a namespace that is none', '', { WFE_CONTROLLER_WATCHED_NAMESPACES: 'a,B!' }, 'a list of at most 100 names'],
    ['a port with a fraction', 'http: { port: 80.5 }', {}, 'a whole number from 0 to 65535'],
    ['a null value', 'http:\n  port:\n', {}, 'a whole number from 0 to 65535'],
    ['a cooldown without end', '', { WFE_EXECUTION_COOLDOWN: '169h' }, 'a duration from 0s to 168h'],
  ])('%s is refused', (_, text, environment, expected) => {
    const found = problems(text, environment);
    expect(found.map((problem) => problem.expected).join('\n')).toContain(expected);
  });
});

describe('once read', () => {
  test('nothing can change it', () => {
    const config = readConfig(undefined, {});
    expect(() => Object.assign(config.http, { port: 1 })).toThrow(TypeError);
    expect(() => (config.controller.watchedNamespaces as string[]).push('x')).toThrow(TypeError);
    expect(() => Object.assign(config, { http: {} })).toThrow(TypeError);
  });

  test('secrets are never shown, and their absence is', () => {
    const secret = z.string().optional().meta({ description: '', expected: '', text: 'string', secret: true });
    const keys = keysOf(z.object({ auth: z.object({ token: secret, other: secret }).prefault({}) }));
    expect(shownValues({ auth: { token: 'hush' } }, keys)).toEqual({ auth: { token: '[redacted]', other: null } });
  });
});

test('docs/operations/configuration.md says what the schema says', () => {
  const page = readFileSync(new URL('../../../docs/operations/configuration.md', import.meta.url), 'utf8');
  expect(generatedPart(page)).toBe(configurationTable(CONFIG_KEYS));
});

/** A value that fits, made from what the key says it expects. */
function sampleOf(expected: string): string {
  if (expected.startsWith('a duration')) return '6m';
  if (expected.startsWith('an IP address')) return '::1';
  return 'sample';
}

test.each([
  ['0s', undefined],
  ['0m', undefined],
  ['10m', 600_000],
])('a ttlAfterFinished of %s keeps resources for %p ms; nothing, however it is written, is for good', (ttl, ms) => {
  const { ttlAfterFinishedMs } = defaultsOf(read(`execution: { ttlAfterFinished: ${ttl} }`));
  expect(ttlAfterFinishedMs).toBe(ms);
});
