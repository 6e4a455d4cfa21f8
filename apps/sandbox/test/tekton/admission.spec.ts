import { readFileSync } from 'node:fs';
import type { KubeObject } from '#kubernetes';
import { pipelineRunFor } from '#tekton';
import type { Pending } from '#execution';
import { tektonAdmission } from '../../src/tekton/index.ts';

interface Case {
  readonly case: string;
  readonly method: string;
  readonly query: string;
  readonly request: { readonly metadata?: KubeObject['metadata']; readonly spec?: Record<string, unknown> } | string;
  readonly httpStatus: number;
  readonly response: { readonly message?: string; readonly spec?: Record<string, unknown> };
  readonly warning?: string;
}

const FILE = new URL('../../../../../test/fixtures/tekton/admission-responses.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(FILE, 'utf8')) as { cases: Case[] };

const object = ({ request }: Case): KubeObject =>
  ({ apiVersion: 'tekton.dev/v1', kind: 'PipelineRun', ...(request as object) }) as KubeObject;

/** Tekton's own words; the rest is the API server's, or about inline pipelines, which are let through unread. */
const fromWebhooks = cases.filter(
  ({ method, response, case: name }) =>
    method === 'POST' && response.message?.startsWith('admission webhook') && !name.startsWith('inline'),
);
const admitted = cases.filter(
  ({ method, httpStatus, warning, query, case: name }) =>
    method === 'POST' && httpStatus === 201 && !warning && !query && !name.startsWith('v1beta1'),
);

function answerTo(run: KubeObject): KubeObject | string {
  const mutated = tektonAdmission.mutate(run);
  if (!('metadata' in mutated)) return mutated.message;
  return tektonAdmission.validate(mutated)?.message ?? mutated;
}

describe('a new run meets the webhooks as recorded', () => {
  test.each(fromWebhooks.map((each) => [each.case, each] as const))('refused: %s', (_, each) => {
    expect(answerTo(object(each))).toBe(each.response.message);
  });

  test.each(admitted.map((each) => [each.case, each] as const))('stored with defaults: %s', (_, each) => {
    const stored = answerTo(object(each));
    if (typeof stored === 'string') throw new Error(stored);
    const withoutInline = (spec: unknown) => ({ ...(spec as object), pipelineSpec: undefined });
    expect(withoutInline(stored.spec)).toEqual(withoutInline(each.response.spec));
  });

  test('a field Tekton does not know is refused by its decoder, since the open schema lets it through', () => {
    const [each] = cases.filter(({ case: name }) => name.startsWith('v1 with spec.serviceAccountName'));
    expect(answerTo(object(each!))).toBe(
      'admission webhook "webhook.pipeline.tekton.dev" denied the request: mutation failed: cannot decode incoming new object: json: unknown field "serviceAccountName"',
    );
  });

  test('annotations of Tekton Chains are dropped at creation', () => {
    const run = object(admitted[0]!);
    const annotations = { 'chains.tekton.dev/signed': 'true', mine: 'yes' };
    const stored = tektonAdmission.mutate({ ...run, metadata: { ...run.metadata, annotations } });
    expect('metadata' in stored && stored.metadata.annotations).toEqual({ mine: 'yes' });
  });

  test.each(['30m', '4s', '2h', '0', '10h'])('what pipelineRunFor makes with timeout %s is admitted', (timeout) => {
    const pending = {
      phase: 'Pending',
      id: 'id',
      runName: 'wfe-0',
      resource: { namespace: 'n', name: 'x' },
      spec: {
        workflowRef: { workflowId: 'w', version: '1', containerImage: 'sandbox.local/echo:1' },
        targetResource: 'node/a',
        executionConfig: { timeout, workspaces: [{ name: 'w', emptyDir: {} }] },
      },
      settings: { executionNamespace: 'e', pipelineName: 'workflow', serviceAccountName: 's', timeoutMs: 1 },
    } as unknown as Pending;
    expect(typeof answerTo(pipelineRunFor(pending))).toBe('object');
  });
});

describe('a stored run may be changed as recorded', () => {
  const stored = (status?: object, spec: object = {}): KubeObject => ({
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    metadata: { name: 'r' },
    spec: { pipelineRef: { resolver: 'bundles' }, timeouts: { pipeline: '1h0m0s' }, ...spec },
    ...(status && { status }),
  });
  const condition = (status: string) => ({ startTime: 't', conditions: [{ type: 'Succeeded', status }] });
  const [running, done] = [condition('Unknown'), condition('True')];
  const recorded = new Map(cases.map((each) => [each.case, each.response.message]));

  test.each<[string, object | undefined, object]>([
    ['patch params of a finished run', done, { params: [{ name: 'z', value: '1' }] }],
    ['cancel a finished run', done, { status: 'Cancelled' }],
    ['patch params of a running run', running, { params: [{ name: 'z', value: '1' }] }],
    ['patch timeouts of a running run', running, { timeouts: { pipeline: '2h0m0s' } }],
    ['set a running run to PipelineRunPending', running, { status: 'PipelineRunPending' }],
    ['patch managedBy', running, { managedBy: 'x' }],
  ])('refused: %s', (name, status, change) => {
    const denial = tektonAdmission.validate(stored(status, change), { previous: stored(status) });
    expect(denial).toEqual({ code: 400, reason: 'BadRequest', message: recorded.get(name) });
  });

  test.each(['StoppedRunFinally', 'CancelledRunFinally', 'Cancelled'])('a running run may become %s', (status) => {
    expect(tektonAdmission.validate(stored(running, { status }), { previous: stored(running) })).toBeUndefined();
  });

  test('labels and status may change at any time, and a pending run may be let go', () => {
    const pending = stored(undefined, { status: 'PipelineRunPending' });
    expect(tektonAdmission.validate(stored(), { previous: pending })).toBeUndefined();
    expect(tektonAdmission.validate(stored(done), { previous: stored(running) })).toBeUndefined();
    const labelled = { ...stored(done), metadata: { name: 'r', labels: { a: 'b' } } };
    expect(tektonAdmission.validate(labelled, { previous: stored(done) })).toBeUndefined();
  });
});
