import type { Pending } from '#execution';
import { LABELS } from '#execution';
import { bundleReference, labelValue, pipelineRunFor, substitutionsIn } from '#tekton';
import fc from 'fast-check';
import { SETTINGS } from '../../execution/test/support/examples.ts';

const LABEL_VALUE = /^(?:(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const DIGEST = `sha256:${'a'.repeat(64)}`;

const PENDING: Pending = {
  phase: 'Pending',
  id: '0192f0c8-7a31-7c3e-9d50-0d6a3b1f2c4d',
  entry: 'rest',
  resource: { namespace: 'payments', name: 'restart-api' },
  spec: {
    remediationRequestRef: { name: 'rr-1' },
    workflowRef: { workflowId: 'restart', version: '1.2', containerImage: 'registry.example:5000/wf/restart:1.2' },
    targetResource: 'payment/deployment/payment-api',
    parameters: { REPLICAS: '3', A: '$HOME "quoted"; rm' },
  },
  settings: SETTINGS,
  runName: 'wfe-cf0cc089293b1165',
  createdAt: '2026-11-21T00:00:00.000Z',
  binding: { state: 'Unbound' },
};

const withSpec = (spec: Partial<Pending['spec']>): Pending => ({ ...PENDING, spec: { ...PENDING.spec, ...spec } });

describe('the run of an execution', () => {
  test('gets the values that the log knows only by their hashes, and never a hash', () => {
    const execution = { ...withSpec({ parameters: { A: 'a', TOKEN: 'hmac-sha256:0:1' } }), redacted: ['TOKEN'] };
    expect(pipelineRunFor(execution, { TOKEN: 'hunter2' }).spec.params).toContainEqual({
      name: 'TOKEN',
      value: 'hunter2',
    });
    expect(() => pipelineRunFor(execution)).toThrow(/value of parameter TOKEN; found only its hash/);
  });

  test('is a Tekton v1 run of the bundle with everything the product promises', () => {
    expect(pipelineRunFor(PENDING)).toEqual({
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      metadata: {
        name: 'wfe-cf0cc089293b1165',
        namespace: 'kubernaut-workflows',
        labels: {
          'workflowexecution.kubernaut.ai/execution-id': '0192f0c8-7a31-7c3e-9d50-0d6a3b1f2c4d',
          'kubernaut.ai/workflow-execution': 'restart-api',
          'kubernaut.ai/source-namespace': 'payments',
          'kubernaut.ai/workflow-id': 'restart',
        },
      },
      spec: {
        status: 'PipelineRunPending',
        pipelineRef: {
          resolver: 'bundles',
          params: [
            { name: 'bundle', value: 'registry.example:5000/wf/restart:1.2' },
            { name: 'name', value: 'workflow' },
            { name: 'kind', value: 'pipeline' },
          ],
        },
        params: [
          { name: 'A', value: '$HOME "quoted"; rm' },
          { name: 'REPLICAS', value: '3' },
          { name: 'TARGET_RESOURCE', value: 'payment/deployment/payment-api' },
        ],
        timeouts: { pipeline: '30m', tasks: '27m' },
        taskRunTemplate: { serviceAccountName: 'kubernaut-workflow-runner' },
      },
    });
  });

  test('the execution overrides account, timeout and workspaces', () => {
    const { spec } = pipelineRunFor(
      withSpec({
        executionConfig: { serviceAccountName: 'mine', timeout: '2h', workspaces: [{ name: 'scratch', emptyDir: {} }] },
      }),
    );
    expect(spec).toMatchObject({
      taskRunTemplate: { serviceAccountName: 'mine' },
      timeouts: { pipeline: '2h', tasks: '1h50m' },
      workspaces: [{ name: 'scratch', emptyDir: {} }],
    });
  });

  test('the caller may give TARGET_RESOURCE himself', () => {
    const { params } = pipelineRunFor(withSpec({ parameters: { TARGET_RESOURCE: 'other' } })).spec;
    expect(params).toEqual([{ name: 'TARGET_RESOURCE', value: 'other' }]);
  });

  test('a value Kubernetes refuses as a label is kept whole in an annotation of the same name', () => {
    const workflowId = `team/restart: ${'x'.repeat(80)}`;
    const { metadata } = pipelineRunFor(withSpec({ workflowRef: { ...PENDING.spec.workflowRef, workflowId } }));
    expect(metadata.labels[LABELS.workflowId]).toMatch(/^team-restart--x+-[0-9a-f]{8}$/);
    expect(metadata.annotations).toEqual({ [LABELS.workflowId]: workflowId });
  });

  test('the same execution gives the same run, its parameters sorted, however the map was written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (parameters) => {
        const reversed = Object.fromEntries(Object.entries(parameters).reverse());
        const run = pipelineRunFor(withSpec({ parameters }));
        const names = run.spec.params.map(({ name }) => name);
        expect(JSON.stringify(pipelineRunFor(withSpec({ parameters: reversed })))).toBe(JSON.stringify(run));
        expect(names).toEqual([...new Set([...Object.keys(parameters), 'TARGET_RESOURCE'])].sort());
        for (const { name, value } of run.spec.params) {
          expect(value).toBe(Object.hasOwn(parameters, name) ? parameters[name] : PENDING.spec.targetResource);
        }
      }),
    );
  });
});

describe('timeouts', () => {
  const split = (timeout: string) => {
    const { pipeline, tasks } = pipelineRunFor(withSpec({ executionConfig: { timeout } })).spec.timeouts;
    return [pipeline, tasks];
  };

  test.each([
    ['30m', '30m', '27m'],
    ['2h', '2h', '1h50m'],
    ['10h', '10h', '9h50m'],
    ['15s', '15s', '14s'],
    ['4s', '4s', '4s'],
    ['0', '0s', '0s'],
  ])('%s: the run gets %s, its tasks %s, the rest is for finally tasks', (timeout, pipeline, tasks) => {
    expect(split(timeout)).toEqual([pipeline, tasks]);
  });
});

describe('bundle reference', () => {
  test.each([
    ['registry.example/wf/x', undefined, 'registry.example/wf/x'],
    ['registry.example/wf/x:1', undefined, 'registry.example/wf/x:1'],
    ['registry.example/wf/x:1', DIGEST, `registry.example/wf/x@${DIGEST}`],
    ['registry.example:5000/wf/x', DIGEST, `registry.example:5000/wf/x@${DIGEST}`],
    ['registry.example:5000/wf/x:1', DIGEST, `registry.example:5000/wf/x@${DIGEST}`],
    [`registry.example:5000/wf/x@sha256:${'b'.repeat(64)}`, DIGEST, `registry.example:5000/wf/x@${DIGEST}`],
    [`localhost:5000/x:1@sha256:${'b'.repeat(64)}`, DIGEST, `localhost:5000/x@${DIGEST}`],
    ['x:1', DIGEST, `x@${DIGEST}`],
  ])('%s with digest %s is pulled as %s', (image, digest, expected) => {
    expect(bundleReference(image, digest)).toBe(expected);
  });
});

describe('label values', () => {
  test('are always what Kubernetes accepts, and valid ones are left alone', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 120 }), fc.stringMatching(/^[-._a-zA-Z0-9/]{0,90}$/));
    fc.assert(
      fc.property(text, (raw) => {
        const value = labelValue(raw);
        expect(value).toMatch(LABEL_VALUE);
        expect(value.length).toBeLessThanOrEqual(63);
        if (raw.length <= 63 && LABEL_VALUE.test(raw)) expect(value).toBe(raw);
      }),
      { numRuns: 300 },
    );
  });

  test.each(['', '-', 'a\n', '_a', 'a.', '語'.repeat(70), 'a'.repeat(63), 'a'.repeat(64)])('%j', (raw) => {
    expect(labelValue(raw)).toMatch(LABEL_VALUE);
    expect(labelValue(raw).length).toBeLessThanOrEqual(63);
  });

  test('of long values that begin alike stay distinct', () => {
    const values = ['a', 'b', 'c'].map((end) => labelValue('x'.repeat(100) + end));
    expect(new Set(values).size).toBe(3);
  });
});

describe('references Tekton would replace inside a value', () => {
  test.each([
    ['$(params.x)', ['$(params.x)']],
    [
      'a $(context.pipelineRun.name) b $(tasks.work.results.digest)',
      ['$(context.pipelineRun.name)', '$(tasks.work.results.digest)'],
    ],
    [`$(params["a.b"])$(params['a.b'])`, ['$(params["a.b"])', `$(params['a.b'])`]],
    ['$(workspaces.w.path)', ['$(workspaces.w.path)']],
    ['$(results.r.path) $(steps.a.results.b) $(step.results.b.path) $(finally.f.status)', 4],
    ['$$(params.x)', ['$(params.x)']],
  ])('%s', (value, found) => {
    const references = substitutionsIn(value);
    expect(typeof found === 'number' ? references.length : references).toEqual(found);
  });

  test.each([
    'cost $5',
    '$(date)',
    '$(foo.bar)',
    '$(params)',
    '$( params.x)',
    '${params.x}',
    '$(params.x',
    '$(PARAMS.x)',
    '$(myparams.x)',
  ])('%s is left alone', (value) => {
    expect(substitutionsIn(value)).toEqual([]);
  });
});
