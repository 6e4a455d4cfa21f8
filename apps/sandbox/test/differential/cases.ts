/**
 * Conversations with an API server whose answers were recorded from a real one (Kubernetes 1.36). Each conversation
 * starts on a server that knows only the two CRDs of `crds()`, in a namespace of its own.
 */
export interface Step {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
}

export interface Conversation {
  readonly name: string;
  readonly steps: readonly Step[];
}

const WFE = '/apis/workflowexecution.kubernaut.ai/v1alpha1';
const PROBE = '/apis/probe.example.com/v1';
const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';
const APPLY = 'application/apply-patch+yaml';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const METADATA = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json';
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

/** A workflow execution that the schema accepts. */
export function execution(name: string, spec: object = {}, metadata: object = {}): Record<string, unknown> {
  return {
    apiVersion: 'workflowexecution.kubernaut.ai/v1alpha1',
    kind: 'WorkflowExecution',
    metadata: { name, ...metadata },
    spec: {
      remediationRequestRef: { name: 'rr-1' },
      workflowRef: { workflowId: 'restart', version: '1.0.0', containerImage: 'sandbox.local/echo:1' },
      targetResource: 'payment/deployment/payment-api',
      ...spec,
    },
  };
}

/** An object of the probe type, whose schema has one field of each sort. */
export function probe(name: string, spec: object = {}, rest: object = {}): Record<string, unknown> {
  return { apiVersion: 'probe.example.com/v1', kind: 'Probe', metadata: { name }, spec, ...rest };
}

const post = (path: string, body: unknown): Step => ({ method: 'POST', path, body });
const get = (path: string, accept?: string): Step => ({ method: 'GET', path, ...(accept ? { accept } : {}) });
const put = (path: string, body: unknown): Step => ({ method: 'PUT', path, body });
const patch = (path: string, type: string, body: unknown): Step => ({ method: 'PATCH', path, type, body });
const remove = (path: string, body?: unknown): Step => ({ method: 'DELETE', path, ...(body ? { body } : {}) });

const wfes = (namespace: string) => `${WFE}/namespaces/${namespace}/workflowexecutions`;
const probes = (namespace: string) => `${PROBE}/namespaces/${namespace}/probes`;

const applyAs = (manager: string, namespace: string, body: unknown): Step =>
  patch(`${probes(namespace)}/p?fieldManager=${manager}`, APPLY, body);

export const CONVERSATIONS: readonly Conversation[] = [
  {
    name: 'create, read, refuse a second create, delete',
    steps: [
      post(wfes('d1'), execution('a')),
      get(`${wfes('d1')}/a`),
      post(wfes('d1'), execution('a')),
      remove(`${wfes('d1')}/a`),
      get(`${wfes('d1')}/a`),
      remove(`${wfes('d1')}/a`),
    ],
  },
  {
    name: 'bodies that are refused before the schema',
    steps: [
      post(wfes('d2'), { ...execution('a'), kind: 'Other' }),
      post(`${wfes('d2')}?fieldValidation=Ignore`, {
        ...execution('a'),
        apiVersion: 'workflowexecution.kubernaut.ai/v9',
      }),
      post(wfes('d2'), execution('a', {}, { namespace: 'elsewhere' })),
      post(wfes('d2'), execution('Upper_Case')),
      post(wfes('d2'), { ...execution('a'), metadata: {} }),
      post(wfes('d2'), execution('a', {}, { labels: { 'bad key': 'x' } })),
      post(wfes('d2'), execution('a', {}, { labels: { key: 'bad value!' } })),
      post(wfes('d2'), execution('a', {}, { finalizers: ['unqualified'] })),
      post(wfes('d2'), execution('a', {}, { resourceVersion: '12' })),
      { method: 'POST', path: wfes('d2'), body: '{"broken":', type: 'application/json' },
      { method: 'POST', path: wfes('d2'), body: 'x', type: 'text/plain' },
      put(`${wfes('d2')}/b`, execution('a')),
      put(`${wfes('d2')}/missing`, execution('missing')),
      put(`${wfes('d2')}/missing`, execution('missing', {}, { resourceVersion: '1' })),
      patch(`${wfes('d2')}/missing`, MERGE, {}),
    ],
  },
  {
    name: 'schema violations of an execution',
    steps: [
      post(wfes('d3'), execution('a', { targetResource: undefined })),
      post(wfes('d3'), execution('a', { targetResource: '' })),
      post(wfes('d3'), execution('a', { targetResource: 5 })),
      post(wfes('d3'), execution('a', { targetResource: 'x'.repeat(600) })),
      post(wfes('d3'), execution('a', { confidence: 2 })),
      post(wfes('d3'), execution('a', { confidence: 'high' })),
      post(wfes('d3'), execution('a', { cancel: 'Later' })),
      post(wfes('d3'), execution('a', { parameters: { A: 1 } })),
      post(wfes('d3'), execution('a', { executionConfig: { timeout: '5 minutes' } })),
      post(wfes('d3'), execution('a', { executionConfig: { workspaces: [{ name: 'w' }] } })),
      post(
        wfes('d3'),
        execution('a', { executionConfig: { workspaces: [{ name: 'w', emptyDir: {}, csi: { driver: 'd' } }] } }),
      ),
      post(wfes('d3'), {
        ...execution('a'),
        spec: { remediationRequestRef: {}, workflowRef: { workflowId: '' }, targetResource: 'x/y' },
      }),
      post(wfes('d3'), { ...execution('a'), spec: undefined }),
      post(wfes('d3'), { ...execution('a'), spec: null }),
      post(wfes('d3'), { ...execution('a'), spec: 'text' }),
    ],
  },
  {
    name: 'an execution changes in nothing but cancel',
    steps: [
      post(wfes('d4'), execution('a', { parameters: { A: '1' }, confidence: 0.5 })),
      patch(`${wfes('d4')}/a`, MERGE, { spec: { targetResource: 'other/deployment/x' } }),
      patch(`${wfes('d4')}/a`, MERGE, { spec: { parameters: { B: '2' } } }),
      patch(`${wfes('d4')}/a`, MERGE, { spec: { parameters: null } }),
      patch(`${wfes('d4')}/a`, MERGE, { spec: { rationale: 'late', confidence: 0.6 } }),
      patch(`${wfes('d4')}/a`, MERGE, { spec: { workflowRef: { containerDigest: 'sha256:1' } } }),
      patch(`${wfes('d4')}/a`, MERGE, { spec: { cancel: 'Graceful' } }),
      patch(`${wfes('d4')}/a`, MERGE, { spec: { cancel: null } }),
      patch(`${wfes('d4')}/a`, MERGE, { spec: { cancel: 'Immediate' } }),
      patch(`${wfes('d4')}/a`, MERGE, { spec: { cancel: 'Graceful' } }),
      patch(`${wfes('d4')}/a`, MERGE, { spec: { cancel: 'Immediate' } }),
    ],
  },
  {
    name: 'workspaces, sources included, do not change',
    steps: [
      post(
        wfes('d5'),
        execution('a', {
          executionConfig: {
            workspaces: [
              { name: 'w', volumeClaimTemplate: { spec: { storageClassName: 'x' } } },
              { name: 'v', emptyDir: { medium: 'Memory' } },
            ],
          },
        }),
      ),
      patch(`${wfes('d5')}/a`, JSON_PATCH, [
        {
          op: 'replace',
          path: '/spec/executionConfig/workspaces/0/volumeClaimTemplate/spec',
          value: { volumeName: 'x' },
        },
      ]),
      patch(`${wfes('d5')}/a`, JSON_PATCH, [
        { op: 'replace', path: '/spec/executionConfig/workspaces/1/emptyDir', value: { sizeLimit: '1Gi' } },
      ]),
      patch(`${wfes('d5')}/a`, JSON_PATCH, [{ op: 'remove', path: '/spec/executionConfig/workspaces/1' }]),
    ],
  },
  {
    name: 'unknown fields by fieldValidation',
    steps: [
      post(`${wfes('d6')}?fieldValidation=Strict`, execution('a', { colour: 'red', workflowRef: { size: 1 } })),
      post(`${wfes('d6')}?fieldValidation=Warn`, execution('warn', { colour: 'red' })),
      post(`${wfes('d6')}?fieldValidation=Ignore`, execution('ignore', { colour: 'red' })),
      post(wfes('d6'), execution('default', { colour: 'red' }, { extra: 1 })),
      post(`${wfes('d6')}?fieldValidation=Strict`, { ...execution('a'), other: 1 }),
      patch(`${wfes('d6')}/warn?fieldValidation=Strict`, MERGE, { spec: { shape: 'round' } }),
      post(`${wfes('d6')}?fieldValidation=Sometimes`, execution('a')),
    ],
  },
  {
    name: 'spec and status are written apart, and generation counts spec changes',
    steps: [
      post(wfes('d7'), { ...execution('a'), status: { phase: 'Running' } }),
      patch(`${wfes('d7')}/a/status`, MERGE, {
        spec: { cancel: 'Graceful' },
        status: { phase: 'Pending' },
        metadata: { labels: { a: 'b' } },
      }),
      patch(`${wfes('d7')}/a`, MERGE, { status: { phase: 'Running' }, metadata: { labels: { c: 'd' } } }),
      patch(`${wfes('d7')}/a`, MERGE, { spec: { cancel: 'Graceful' } }),
      patch(`${wfes('d7')}/a`, MERGE, { spec: { cancel: 'Graceful' } }),
      patch(`${wfes('d7')}/a/status`, MERGE, { status: { phase: 'Sleeping' } }),
      patch(`${wfes('d7')}/a/status`, MERGE, { status: { startTime: 'yesterday' } }),
      get(`${wfes('d7')}/a/status`),
      patch(`${wfes('d7')}/a/scale`, MERGE, {}),
    ],
  },
  {
    name: 'patches that cannot be applied',
    steps: [
      post(wfes('d8'), execution('a')),
      patch(`${wfes('d8')}/a`, 'application/strategic-merge-patch+json', {}),
      patch(`${wfes('d8')}/a`, JSON_PATCH, [{ op: 'test', path: '/spec/targetResource', value: 'other' }]),
      patch(`${wfes('d8')}/a`, JSON_PATCH, [{ op: 'remove', path: '/spec/nothing' }]),
      patch(`${wfes('d8')}/a`, JSON_PATCH, { op: 'remove' }),
      patch(`${wfes('d8')}/a`, MERGE, { metadata: { resourceVersion: '1' } }),
      patch(`${wfes('d8')}/a`, MERGE, { metadata: { name: 'b' } }),
      patch(`${wfes('d8')}/a`, MERGE, { metadata: { uid: 'other' } }),
      { method: 'PATCH', path: `${wfes('d8')}/a`, type: MERGE, body: 'nonsense' },
      put(`${wfes('d8')}/a`, execution('a')),
      put(`${wfes('d8')}/a`, execution('a', {}, { resourceVersion: '1' })),
    ],
  },
  {
    name: 'finalizers hold an object until they are gone',
    steps: [
      post(wfes('d9'), execution('a', {}, { finalizers: ['example.com/keep'] })),
      remove(`${wfes('d9')}/a`),
      get(`${wfes('d9')}/a`),
      remove(`${wfes('d9')}/a`),
      patch(`${wfes('d9')}/a`, MERGE, { metadata: { finalizers: ['example.com/keep', 'example.com/more'] } }),
      patch(`${wfes('d9')}/a`, MERGE, { metadata: { finalizers: null } }),
      get(`${wfes('d9')}/a`),
    ],
  },
  {
    name: 'delete preconditions and propagation',
    steps: [
      post(wfes('d10'), execution('a')),
      remove(`${wfes('d10')}/a`, { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'other' } }),
      remove(`${wfes('d10')}/a`, { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { resourceVersion: '1' } }),
      remove(`${wfes('d10')}/a?propagationPolicy=Sideways`),
      remove(`${wfes('d10')}/a?dryRun=All`),
      get(`${wfes('d10')}/a`),
      remove(`${wfes('d10')}/a`, { propagationPolicy: 'Foreground' }),
      get(`${wfes('d10')}/a`),
    ],
  },
  {
    name: 'server-side apply: create, own, conflict, force, let go',
    steps: [
      patch(
        `${probes('d11')}/p?fieldManager=one`,
        APPLY,
        probe('p', { text: 'a', count: 1, items: [{ key: 'x', value: '1' }] }),
      ),
      patch(`${probes('d11')}/p?fieldManager=two`, APPLY, probe('p', { text: 'b' })),
      patch(`${probes('d11')}/p?fieldManager=two`, APPLY, probe('p', { items: [{ key: 'y', value: '2' }] })),
      patch(
        `${probes('d11')}/p?fieldManager=two`,
        APPLY,
        probe('p', {
          items: [
            { key: 'x', value: '9' },
            { key: 'y', value: '2' },
          ],
        }),
      ),
      patch(
        `${probes('d11')}/p?fieldManager=two&force=true`,
        APPLY,
        probe('p', { text: 'b', items: [{ key: 'y', value: '2' }] }),
      ),
      patch(`${probes('d11')}/p?fieldManager=one`, APPLY, probe('p', { count: 1 })),
      patch(`${probes('d11')}/p?fieldManager=one`, APPLY, probe('p', { count: 1 })),
      patch(`${probes('d11')}/p`, APPLY, probe('p', {})),
      patch(`${probes('d11')}/p?fieldManager=one`, APPLY, {
        ...probe('p'),
        metadata: { name: 'p', managedFields: [] },
      }),
      patch(`${probes('d11')}/p?fieldManager=one`, APPLY, probe('q')),
    ],
  },
  {
    name: 'server-side apply meets plain updates',
    steps: [
      post(`${probes('d12')}?fieldManager=creator`, probe('p', { text: 'a', map: { k: 'v' } })),
      patch(`${probes('d12')}/p?fieldManager=one`, APPLY, probe('p', { text: 'b' })),
      patch(`${probes('d12')}/p?fieldManager=one`, APPLY, probe('p', { text: 'a', set: ['s'] })),
      patch(`${probes('d12')}/p?fieldManager=editor`, MERGE, { spec: { text: 'c', map: { k2: 'v2' } } }),
      patch(`${probes('d12')}/p?fieldManager=one`, APPLY, probe('p', { text: 'a', set: ['s', 't'] })),
      patch(`${probes('d12')}/p/status?fieldManager=one`, APPLY, {
        apiVersion: 'probe.example.com/v1',
        kind: 'Probe',
        metadata: { name: 'p' },
        status: { state: 'Up' },
      }),
      patch(`${probes('d12')}/p?fieldManager=editor`, MERGE, {
        metadata: { labels: { l: '1' } },
        spec: { map: null, set: ['t', 'u'] },
      }),
    ],
  },
  {
    name: 'server-side apply lets go of what is nested, labelled or wished no more',
    steps: [
      applyAs('one', 'd20', {
        ...probe('p', { map: { a: '1', b: '2' }, either: { a: 'x' } }),
        metadata: { name: 'p', labels: { l: '1' }, annotations: { n: '2' } },
      }),
      applyAs('two', 'd20', { ...probe('p', { map: { c: '3' } }), metadata: { name: 'p', labels: { m: '1' } } }),
      applyAs('one', 'd20', probe('p', { map: { a: '1' } })),
      applyAs('one', 'd20', probe('p', { map: {} })),
      applyAs('one', 'd20', probe('p', {})),
      applyAs('two', 'd20', probe('p', {})),
      applyAs('one', 'd20', probe('p', { items: [{ key: 'x', value: '1' }, { key: 'y' }] })),
      patch(`${probes('d20')}/p?fieldManager=editor`, MERGE, {
        spec: { items: [{ key: 'x', value: '2' }, { key: 'y' }] },
      }),
      applyAs('one', 'd20', probe('p', { items: [{ key: 'z' }] })),
      applyAs('three', 'd20', probe('p', { text: 'mine', min: 1, max: 2 })),
      applyAs('four', 'd20', probe('p', { text: 'other', min: 2, max: 2 })),
      patch(
        `${probes('d20')}/p?fieldManager=one`,
        APPLY,
        'apiVersion: probe.example.com/v1\nkind: Probe\nmetadata:\n  name: p\nspec:\n  count: 7\n',
      ),
      patch(`${probes('d20')}/p?fieldManager=one`, APPLY, {
        ...probe('p', { count: 8 }),
        metadata: { name: 'p', resourceVersion: '1' },
      }),
      patch(`${probes('d20')}/p?force=true`, MERGE, {}),
      patch(`${probes('d20')}/q/status?fieldManager=one`, APPLY, probe('q', {})),
      patch(`${probes('d20')}/p?fieldManager=clear`, MERGE, { metadata: { managedFields: [{}] } }),
      patch(`${probes('d20')}/p?fieldManager=after`, MERGE, { spec: { count: 9 } }),
    ],
  },
  {
    name: 'names that the server makes up, and owners',
    steps: [
      post(probes('d21'), { ...probe('p'), metadata: { generateName: 'Not-' } }),
      post(probes('d21'), {
        ...probe('p'),
        metadata: { name: 'own', ownerReferences: [{ kind: 'Probe', name: 'x' }] },
      }),
      post(probes('d21'), {
        ...probe('p'),
        metadata: {
          name: 'own',
          ownerReferences: ['x', 'y'].map((name) => ({
            apiVersion: 'v1',
            kind: 'Probe',
            name,
            uid: name,
            controller: true,
          })),
        },
      }),
      post(probes('d21'), { ...probe('p'), metadata: { name: 'labels', labels: { number: 1 } } }),
      post(probes('d21'), { ...probe('p'), metadata: { name: 'x'.repeat(254) } }),
      post(probes('d21'), {
        ...probe('p'),
        metadata: {
          name: 'key',
          labels: { ['k'.repeat(64)]: 'v', 'a/b/c': 'd', '/x': 'y', 'good.example.com/ok': 'v'.repeat(64) },
        },
      }),
      post(probes('d21'), { ...probe('p'), metadata: { name: 'note', annotations: { big: 'x'.repeat(300_000) } } }),
      post(probes('d21'), { kind: 'Probe', metadata: { name: 'nothing' } }),
      post(probes('d21'), []),
      {
        method: 'POST',
        path: probes('d21'),
        type: 'application/yaml',
        body: 'apiVersion: probe.example.com/v1\nkind: Probe\nmetadata: {name: yaml}\nspec: {text: yes-it-is, count: 3}\n',
      },
    ],
  },
  {
    name: 'defaults, pruning, formats and kinds of values',
    steps: [
      post(probes('d13'), probe('p', {})),
      post(probes('d13'), probe('q', { port: 'http', free: { any: { thing: [1] } }, nothing: null, map: null })),
      post(probes('d13'), probe('r', { port: 1.5 })),
      post(probes('d13'), probe('r', { count: 1.5 })),
      post(probes('d13'), probe('r', { count: 3_000_000_000 })),
      post(probes('d13'), probe('r', { when: '2026-13-01' })),
      post(probes('d13'), probe('r', { set: ['a', 'a'] })),
      post(probes('d13'), probe('r', { items: [{ key: 'a' }, { key: 'a' }] })),
      post(probes('d13'), probe('r', { items: [{ value: 'a' }] })),
      post(probes('d13'), probe('r', { either: { a: 'x', b: 'y' } })),
      post(probes('d13'), probe('r', { min: 5, max: 1 })),
      post(probes('d13'), probe('r', { text: 7, min: 5, max: 1 })),
      post(probes('d13'), probe('r', { set: ['a', 'b', 'c', 'd', 'e'] })),
      post(probes('d13'), probe('r', { map: { a: 'b', c: 'd', e: 'f', g: 'h' } })),
    ],
  },
  {
    name: 'tables and metadata only',
    steps: [
      post(wfes('d14'), execution('a')),
      patch(`${wfes('d14')}/a/status`, MERGE, {
        status: {
          phase: 'Failed',
          duration: '4s',
          pipelineRunRef: { name: 'wfe-1' },
          conditions: [
            {
              type: 'Succeeded',
              status: 'False',
              reason: 'TaskFailed',
              message: 'm',
              lastTransitionTime: '2026-01-01T00:00:00Z',
            },
          ],
        },
      }),
      get(wfes('d14'), TABLE),
      get(`${wfes('d14')}/a?includeObject=None`, TABLE),
      get(`${wfes('d14')}/a?includeObject=Object`, TABLE),
      get(`${wfes('d14')}/a`, METADATA),
      get(wfes('d14'), METADATA_LIST),
      get(`${wfes('d14')}/missing`, TABLE),
      post(probes('d14'), probe('p', { count: 3, when: '2020-01-01T00:00:00Z', set: ['a', 'b'], map: { a: 'b' } })),
      get(probes('d14'), TABLE),
    ],
  },
  {
    name: 'lists: selectors, paging and resource versions',
    steps: [
      post(wfes('d15'), execution('a', {}, { labels: { app: 'x', tier: 'web' } })),
      post(wfes('d15'), execution('b', { targetResource: 'node/n1' }, { labels: { app: 'y' } })),
      post(wfes('d15'), execution('c', {}, {})),
      get(`${wfes('d15')}?labelSelector=app%3Dx`, METADATA_LIST),
      get(`${wfes('d15')}?labelSelector=app%20in%20(x,y),tier!=web`, METADATA_LIST),
      get(`${wfes('d15')}?labelSelector=!app`, METADATA_LIST),
      get(`${wfes('d15')}?labelSelector=app%20in`, METADATA_LIST),
      get(`${wfes('d15')}?fieldSelector=spec.targetResource%3Dnode/n1`, METADATA_LIST),
      get(`${wfes('d15')}?fieldSelector=metadata.name!%3Da`, METADATA_LIST),
      get(`${wfes('d15')}?fieldSelector=spec.rationale%3Dx`, METADATA_LIST),
      get(`${wfes('d15')}?fieldSelector=metadata.name`, METADATA_LIST),
      get(`${wfes('d15')}?limit=2`, METADATA_LIST),
      get(`${wfes('d15')}?limit=-1`, METADATA_LIST),
      get(`${wfes('d15')}?limit=x`),
      get(`${wfes('d15')}?continue=nonsense`),
      get(`${wfes('d15')}?resourceVersion=99999999`),
      get(`${wfes('d15')}?resourceVersion=abc`),
      get(`${wfes('d15')}?resourceVersionMatch=Exact`),
      get(`${wfes('d15')}?resourceVersion=0&resourceVersionMatch=Exact`),
      get(`${wfes('d15')}?resourceVersion=1&resourceVersionMatch=Roughly`),
      get(`${wfes('d15')}?watch=1&sendInitialEvents=true`),
      get(`${wfes('d15')}?watch=1&resourceVersion=abc`),
      get(`${wfes('d15')}/a?resourceVersion=99999999`),
      remove(wfes('d15')),
      get(wfes('d15')),
    ],
  },
  {
    name: 'dry runs change nothing',
    steps: [
      post(`${wfes('d16')}?dryRun=All`, execution('a')),
      get(`${wfes('d16')}/a`),
      post(`${wfes('d16')}?dryRun=Some`, execution('a')),
      post(wfes('d16'), execution('a')),
      patch(`${wfes('d16')}/a?dryRun=All`, MERGE, { spec: { cancel: 'Graceful' } }),
      get(`${wfes('d16')}/a`),
    ],
  },
  {
    name: 'paths that lead nowhere',
    steps: [
      get('/nothing'),
      get('/apis/nothing.example.com/v1/things'),
      get('/apis/workflowexecution.kubernaut.ai/v9/workflowexecutions'),
      get(`${WFE}/nothings`),
      post(`${WFE}/workflowexecutions`, execution('a')),
      { method: 'PUT', path: wfes('d17'), body: execution('a') },
      { method: 'DELETE', path: `${WFE}/workflowexecutions` },
    ],
  },
  {
    name: 'definitions that are refused',
    steps: [
      post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition({ name: 'wrong.bad.example.com' })),
      post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition({ schema: null })),
      post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition({ rule: 'self.nothing == 1' })),
      post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition({ rule: 'self.' })),
      post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition({ scope: 'Galaxy' })),
      get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/none.example.com'),
      get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/probes.probe.example.com?includeObject=None', TABLE),
    ],
  },
];

function definition(change: { name?: string; schema?: null; rule?: string; scope?: string }): object {
  const rules = change.rule === undefined ? {} : { 'x-kubernetes-validations': [{ rule: change.rule, message: 'm' }] };
  const schema = {
    schema: {
      openAPIV3Schema: {
        type: 'object',
        properties: { spec: { type: 'object', properties: { a: { type: 'string' } }, ...rules } },
      },
    },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: change.name ?? 'bads.bad.example.com' },
    spec: {
      group: 'bad.example.com',
      scope: change.scope ?? 'Namespaced',
      names: { plural: 'bads', kind: 'Bad' },
      versions: [{ name: 'v1', served: true, storage: true, ...(change.schema === null ? {} : schema) }],
    },
  };
}

/** The probe type: one field of each sort. */
export const PROBE_CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'probes.probe.example.com' },
  spec: {
    group: 'probe.example.com',
    scope: 'Namespaced',
    names: { plural: 'probes', singular: 'probe', kind: 'Probe', listKind: 'ProbeList', categories: ['all'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Count', type: 'integer', jsonPath: '.spec.count' },
          { name: 'When', type: 'date', jsonPath: '.spec.when' },
          { name: 'Set', type: 'string', jsonPath: '.spec.set' },
          { name: 'Second', type: 'string', jsonPath: '.spec.set[1]' },
          { name: 'Map', type: 'string', jsonPath: '.spec.map' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  text: { type: 'string', default: 'preset' },
                  count: { type: 'integer', format: 'int32' },
                  when: { type: 'string', format: 'date-time' },
                  port: { 'x-kubernetes-int-or-string': true },
                  free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  nothing: { type: 'string', nullable: true },
                  map: { type: 'object', maxProperties: 3, additionalProperties: { type: 'string' } },
                  set: { type: 'array', maxItems: 4, 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
                  items: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['key'],
                    items: {
                      type: 'object',
                      required: ['key'],
                      properties: { key: { type: 'string' }, value: { type: 'string' } },
                    },
                  },
                  either: {
                    type: 'object',
                    properties: { a: { type: 'string' }, b: { type: 'string' } },
                    oneOf: [{ required: ['a'] }, { required: ['b'] }],
                  },
                  min: { type: 'integer' },
                  max: { type: 'integer' },
                },
                'x-kubernetes-validations': [
                  {
                    rule: '!has(self.min) || !has(self.max) || self.min <= self.max',
                    message: 'min is above max',
                  },
                ],
              },
              status: { type: 'object', properties: { state: { type: 'string' } } },
            },
          },
        },
      },
    ],
  },
};
