import { JSON_PATCH, MERGE, execution, get, patch, post, probe, probes, put, remove, wfes } from './steps.ts';
import type { Conversation } from './steps.ts';

export const WRITES: readonly Conversation[] = [
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
      post(wfes('d3'), execution('a', { targetResource: 'x'.repeat(700) })),
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
];
