import type { ExecutionSpec } from '#execution';
import type { Schema } from '../apps/sandbox/src/api/schema/schema.ts';
import { ENUMS } from './crd/enums.ts';
import { WHOLE_SPEC, WHOLE_STATUS } from './crd/samples.ts';
import { declaredPaths, declaredSchemas, pathsIn } from './crd/schema-paths.ts';
import { admitted, DEFINITION, resource, WFE } from './crd/wfe-type.ts';

const WORKSPACE = 'spec.executionConfig.workspaces[]';
const SOURCES = ['emptyDir', 'secret', 'configMap', 'persistentVolumeClaim', 'volumeClaimTemplate', 'projected', 'csi'];
/** Kubernetes' own volume sources: the types pass them on as they are, and the schema keeps what it does not know. */
const ISLANDS = SOURCES.map((source) => `${WORKSPACE}.${source}`);
const MAPS = ['spec.parameters'];

const schemaOf = (field: 'spec' | 'status'): Schema => WFE.schema.properties?.[field] ?? {};
const omit = (object: object, field: string): object =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== field));
const sorted = (paths: Iterable<string>): string[] => [...paths].sort();

describe('the CRD and the types know the same fields', () => {
  test.each([
    ['spec', WHOLE_SPEC],
    ['status', WHOLE_STATUS],
  ] as const)('in %s', (field, whole) => {
    const declared = declaredPaths(schemaOf(field), field);
    expect(sorted(declared)).toEqual(sorted(pathsIn(whole, field, { islands: ISLANDS, maps: MAPS })));
  });

  test('unknown fields are kept only inside the volume sources', () => {
    const all = [...declaredSchemas(schemaOf('spec'), 'spec'), ...declaredSchemas(schemaOf('status'), 'status')];
    const islands = all.filter(([, schema]) => schema['x-kubernetes-preserve-unknown-fields'] === true);
    expect(sorted(islands.map(([path]) => path))).toEqual(sorted(ISLANDS));
  });

  test('and the same words, wherever only some are allowed', () => {
    const all = [...declaredSchemas(schemaOf('spec'), 'spec'), ...declaredSchemas(schemaOf('status'), 'status')];
    const listed = all.flatMap(([path, { enum: words }]) => (words ? [[path, sorted(words as string[])]] : []));
    const known = Object.entries(ENUMS).map(([path, words]) => [path, sorted(Object.keys(words))]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(known));
  });
});

describe('what kubectl sees of it', () => {
  const version = DEFINITION.spec.versions[0];

  test('names', () => {
    expect(DEFINITION.spec).toMatchObject({
      group: 'workflowexecution.kubernaut.ai',
      scope: 'Namespaced',
      names: { kind: 'WorkflowExecution', plural: 'workflowexecutions', shortNames: ['wfe'] },
    });
    expect(version).toMatchObject({ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} } });
  });

  test('columns, two of them only with -o wide', () => {
    const columns = (version?.additionalPrinterColumns ?? []).map(({ name, priority = 0 }) => [name, priority]);
    const always = ['Phase', 'Outcome', 'Target', 'Workflow', 'Duration', 'Age'].map((name) => [name, 0]);
    expect(columns).toEqual([...always, ['Reason', 1], ['Run', 1]]);
  });

  test('selectable fields', () => {
    const fields = ['.spec.targetResource', '.spec.remediationRequestRef.name', '.status.phase'];
    expect(version?.selectableFields?.map(({ jsonPath }) => jsonPath)).toEqual(fields);
  });
});

describe('what it refuses', () => {
  const { targetResource, workflowRef, remediationRequestRef } = WHOLE_SPEC;
  const MINIMAL: ExecutionSpec = { remediationRequestRef, workflowRef, targetResource };
  const refusals = (spec: object, before?: object): readonly string[] =>
    admitted(resource({ spec }), before && resource({ spec: before })).refusals;

  test('nothing of a spec that has what is required', () => {
    expect(refusals(MINIMAL)).toEqual([]);
  });

  test.each(Object.keys(MINIMAL))('a spec without %s', (field) => {
    expect(refusals(omit(MINIMAL, field))).toContainEqual(`spec.${field}: Required value`);
  });

  test.each(['workflowId', 'version', 'containerImage'])('a workflowRef whose %s is absent or empty', (field) => {
    const path = `spec.workflowRef.${field}`;
    expect(refusals({ ...MINIMAL, workflowRef: omit(workflowRef, field) })).toContainEqual(`${path}: Required value`);
    const empty = refusals({ ...MINIMAL, workflowRef: { ...workflowRef, [field]: '' } });
    expect(empty).toContainEqual(expect.stringContaining(`${path}: `));
  });

  test('a workspace with no source, or with two', () => {
    const bound = (binding: object) => ({ ...MINIMAL, executionConfig: { workspaces: [{ name: 'w', ...binding }] } });
    expect(refusals(bound({ emptyDir: {} }))).toEqual([]);
    for (const binding of [{}, { emptyDir: {}, secret: { secretName: 's' } }])
      expect(refusals(bound(binding))).toContainEqual(expect.stringContaining('exactly one of'));
  });

  const workspaces = [{ name: 'scratch', emptyDir: {} }];
  const SETTLED = { ...WHOLE_SPEC, executionConfig: { ...WHOLE_SPEC.executionConfig, workspaces } };
  /** Another value for everything that may not change; the compiler sees to it that no field is forgotten. */
  const CHANGED: Required<Omit<ExecutionSpec, 'cancel'>> = {
    remediationRequestRef: { name: 'rr-2' },
    workflowRef: { ...workflowRef, version: '2.0.0' },
    targetResource: 'payment/deployment/other',
    parameters: {},
    confidence: 0.1,
    rationale: 'second thoughts',
    executionConfig: { onConflict: 'Skip' },
  };

  test.each(Object.entries(CHANGED))('a change of %s after creation', (field, value) => {
    const rule = [`spec.${field}`, `${field} cannot be changed after creation`];
    const changed = { ...SETTLED, [field]: value };
    expect(refusals(changed, SETTLED)).toEqual([expect.stringMatching(new RegExp(`^${rule[0]}: .*${rule[1]}`))]);
    const without = omit(SETTLED, field);
    if (!(field in MINIMAL)) {
      expect(refusals(without, SETTLED)).toHaveLength(1);
      expect(refusals(SETTLED, without)).toHaveLength(1);
    }
  });

  test.each<[before: string | undefined, after: string | undefined, accepted: boolean]>([
    [undefined, 'Graceful', true],
    [undefined, 'Immediate', true],
    ['Graceful', 'Immediate', true],
    ['Immediate', 'Graceful', false],
    ['Graceful', undefined, false],
    ['Immediate', undefined, false],
  ])('cancel from %s to %s: accepted is %s', (before, after, accepted) => {
    const withCancel = (cancel?: string): object => ({ ...MINIMAL, ...(cancel !== undefined && { cancel }) });
    expect(refusals(withCancel(after), withCancel(before))).toHaveLength(accepted ? 0 : 1);
  });
});
