import type { ExecutionSpec } from '#execution';
import { problemsOf } from '#execution';
import { SPEC } from './support/examples.ts';

const SHA = `sha256:${'0a'.repeat(32)}`;

const pathsOf = (change: Partial<ExecutionSpec>): string[] =>
  problemsOf({ ...SPEC, ...change }).map((problem) => problem.path);
const image = (containerImage: string): Partial<ExecutionSpec> => ({
  workflowRef: { ...SPEC.workflowRef, containerImage },
});
const timeout = (value: string): Partial<ExecutionSpec> => ({ executionConfig: { timeout: value } });

test('a good spec has no problems', () => {
  expect(problemsOf(SPEC)).toEqual([]);
});

describe('targetResource is namespace/kind/name or kind/name', () => {
  test.each([
    'payment/deployment/payment-api',
    'node/worker-node-1',
    'Node/Worker.Node-1',
    'ns/deployments.apps/a',
    'clusterrole/system:node',
    'a/b/c',
    `${'n'.repeat(63)}/pod/${'p'.repeat(253)}`,
  ])('%s', (targetResource) => {
    expect(pathsOf({ targetResource })).toEqual([]);
  });

  test.each([
    '',
    'pod',
    '/',
    'pod/',
    '/pod',
    'ns//p',
    'a/b/c/d',
    'Payment/pod/p',
    'ns/pod/p ',
    'ns/pod/$(params.a)',
    'ns/pod/p\n',
    'ns/pod/-p',
    'ns/pod/é',
    `${'n'.repeat(64)}/pod/p`,
    `ns/pod/${'p'.repeat(254)}`,
  ])('not %j', (targetResource) => {
    expect(pathsOf({ targetResource })).toEqual(['spec.targetResource']);
  });

  test('the message says what was expected and what was found, and not more than a line of it', () => {
    const [problem] = problemsOf({ ...SPEC, targetResource: 'x'.repeat(5000) });
    expect(problem?.message).toContain('expected namespace/kind/name');
    expect(problem?.message.length).toBeLessThan(300);
  });
});

describe('containerImage is an OCI reference', () => {
  test.each([
    'busybox',
    'busybox:1.36',
    'team/bundle:1.0',
    'registry.example.test/team/bundle',
    'registry.example.test/team/bundle:1.0',
    'registry.example.test:5000/team/bundle:v1_2-3.4',
    'Registry.Example.test/team/bundle',
    'localhost/bundle:1',
    'localhost:5000/bundle:1',
    'host:5000/bundle',
    '127.0.0.1:5000/bundle',
    '[::1]:5000/bundle:1',
    '[fd00:0:0::12]/bundle',
    `registry.example.test/team/bundle@${SHA}`,
    `registry.example.test:443/team/bundle:1.0@${SHA}`,
    'a/b__c/d--e/f.g_h',
    `a:${'t'.repeat(128)}`,
  ])('%s', (reference) => {
    expect(pathsOf(image(reference))).toEqual([]);
  });

  test.each([
    '',
    'Bundle',
    'Team/bundle',
    'team/Bundle:1',
    'https://registry.example.test/bundle',
    'registry.example.test/bundle:',
    'registry.example.test/bundle:-1',
    'registry.example.test/bundle@sha256:abc',
    `registry.example.test/bundle@${SHA.toUpperCase()}`,
    `registry.example.test/bundle@sha512:${'0a'.repeat(64)}`,
    'registry.example.test:port/bundle',
    'registry.example.test:123456/bundle',
    '/bundle',
    'bundle/',
    'a//b',
    'a/.b',
    'a/b_',
    'a b',
    '::1/bundle',
    '[::1:5000/bundle',
    '$(params.image)',
    `a:${'t'.repeat(129)}`,
    'a'.repeat(513),
  ])('not %j', (reference) => {
    expect(pathsOf(image(reference))).toEqual(['spec.workflowRef.containerImage']);
  });

  test('a hostile reference is judged at once', () => {
    for (const part of ['a-', 'a.', '-', 'a', '/a', ':0', '__'])
      expect(pathsOf(image(`${part.repeat(250)}!`))).toEqual(['spec.workflowRef.containerImage']);
  });
});

describe('containerDigest is sha256: and 64 hex digits', () => {
  const digest = (containerDigest: string): Partial<ExecutionSpec> => ({
    workflowRef: { ...SPEC.workflowRef, containerDigest },
  });

  test('a digest', () => {
    expect(pathsOf(digest(SHA))).toEqual([]);
  });

  test.each([
    '',
    SHA.slice(7),
    SHA.slice(0, -1),
    `${SHA}0`,
    SHA.toUpperCase(),
    `sha512:${'0a'.repeat(64)}`,
    `sha256:${'g'.repeat(64)}`,
    ` ${SHA}`,
  ])('not %j', (value) => {
    expect(pathsOf(digest(value))).toEqual(['spec.workflowRef.containerDigest']);
  });
});

describe('timeout is a duration from 1s to 168h: every run ends', () => {
  test.each(['1s', '30m', '1h15m', '1.5h', '168h', '1000ms'])('%s', (value) => {
    expect(pathsOf(timeout(value))).toEqual([]);
  });

  test.each(['', '0', '0s', '999ms', '168h1s', '30', '-30m', '1d', 'forever', '9'.repeat(400) + 'h'])(
    'not %j',
    (value) => {
      expect(pathsOf(timeout(value))).toEqual(['spec.executionConfig.timeout']);
    },
  );
});

describe('values of parameters arrive byte for byte', () => {
  const parameter = (value: string): Partial<ExecutionSpec> => ({ parameters: { A: value } });

  test.each([
    '',
    'plain',
    'quotes \' " ; rm -rf /',
    '$(date)',
    '$(NAME)',
    '$(params)',
    '$(params.a',
    '$params.a)',
    '$((params.a))',
    '$( params.a)',
    '(params.a)',
    '$(parameters.a)',
    '$(mycontext.a)',
    'ünïcode 😀\n\t',
  ])('%j does', (value) => {
    expect(pathsOf(parameter(value))).toEqual([]);
  });

  test.each([
    '$(params.a)',
    '$(params["a"])',
    "$(params['a'])",
    '$(params.a[*])',
    '$(context.pipelineRun.name)',
    '$(tasks.a.results.b)',
    '$(workspaces.a.path)',
    '$(finally.a.results.b)',
    '$(results.a.path)',
    '$(steps.a.results.b)',
    '$(step.results.b.path)',
    'before $(params.a) after',
    '$$(params.a)',
    '$(params.$(params.a))',
    `$(params.${'x'.repeat(5000)})`,
  ])('%s would be replaced by Tekton, so it is refused', (value) => {
    expect(pathsOf(parameter(value))).toEqual(['spec.parameters.A']);
  });

  test('the error names the parameter and the kind of reference, and nothing else of the value', () => {
    const [problem] = problemsOf({ ...SPEC, ...parameter('x $(context.taskRun.name hunter2) y') });
    expect(problem?.message).toContain('parameter "A" contains a reference "$(context…)"');
    expect(problem?.message).not.toMatch(/taskRun|hunter2/);
  });

  test('every parameter is judged', () => {
    expect(pathsOf({ parameters: { A: '$(params.a)', B: 'fine', C: '$(tasks.c)' } })).toEqual([
      'spec.parameters.A',
      'spec.parameters.C',
    ]);
  });
});

describe('workspaces have a name of their own and one binding', () => {
  const workspaces = (
    ...list: NonNullable<ExecutionSpec['executionConfig']>['workspaces'] & object
  ): Partial<ExecutionSpec> => ({
    executionConfig: { workspaces: list },
  });

  test('one of each kind', () => {
    const kinds = [
      'emptyDir',
      'secret',
      'configMap',
      'persistentVolumeClaim',
      'volumeClaimTemplate',
      'projected',
      'csi',
    ];
    expect(pathsOf(workspaces(...kinds.map((kind) => ({ name: kind, [kind]: {} }))))).toEqual([]);
  });

  test('none, two, or a name used twice', () => {
    expect(pathsOf(workspaces({ name: 'a' }))).toEqual(['spec.executionConfig.workspaces[0]']);
    expect(pathsOf(workspaces({ name: 'a', emptyDir: {}, secret: {} }))).toEqual([
      'spec.executionConfig.workspaces[0]',
    ]);
    expect(pathsOf(workspaces({ name: 'a', emptyDir: {} }, { name: 'a', csi: {} }))).toEqual([
      'spec.executionConfig.workspaces[1].name',
    ]);
  });
});
