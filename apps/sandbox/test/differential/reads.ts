import {
  MERGE,
  METADATA,
  METADATA_LIST,
  TABLE,
  WFE,
  execution,
  get,
  patch,
  post,
  probe,
  probes,
  remove,
  wfes,
} from './steps.ts';
import type { Conversation } from './steps.ts';

export const READS: readonly Conversation[] = [
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
