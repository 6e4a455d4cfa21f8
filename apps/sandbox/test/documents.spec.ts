import { TestServer } from './support/server.ts';

interface Operation {
  readonly parameters: readonly { readonly name: string }[];
  readonly 'x-kubernetes-group-version-kind': unknown;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties: object }>> };
}

describe('what clients learn about the server', () => {
  let server: TestServer;
  beforeAll(async () => (server = await new TestServer().start()));
  afterAll(() => server.api.dispose());

  const GVK = { group: 'workflowexecution.kubernaut.ai', version: 'v1alpha1', kind: 'WorkflowExecution' };
  const document = async <T>(path: string, accept = 'application/json'): Promise<T> =>
    (await server.ask('GET', path, undefined, { accept })).body as T;

  test('plain discovery leads from the groups to the type', async () => {
    const { groups } = await document<{ groups: { name: string; preferredVersion: { groupVersion: string } }[] }>(
      '/apis',
    );
    const group = groups.find(({ name }) => name === GVK.group);
    const path = `/apis/${group?.preferredVersion.groupVersion ?? ''}`;
    const { resources } = await document<{ resources: { name: string; shortNames?: string[] }[] }>(path);
    expect(resources.map(({ name, shortNames }) => [name, shortNames])).toEqual([
      ['workflowexecutions', ['wfe']],
      ['workflowexecutions/status', undefined],
    ]);
  });

  test('aggregated discovery says the same in one document', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const list = await document<{
      kind: string;
      items: { metadata: { name: string }; versions: { resources: object[] }[] }[];
    }>('/apis', accept);
    expect(list.kind).toBe('APIGroupDiscoveryList');
    const found = list.items.find(({ metadata }) => metadata.name === GVK.group)?.versions[0]?.resources[0];
    expect(found).toMatchObject({ resource: 'workflowexecutions', scope: 'Namespaced', responseKind: GVK });
  });

  test('OpenAPI v3 shows the schema, and that patches can be validated strictly', async () => {
    const index = await document<{ paths: Record<string, { serverRelativeURL: string }> }>('/openapi/v3');
    const at = index.paths[`apis/${GVK.group}/${GVK.version}`]?.serverRelativeURL ?? '';
    const { paths, components } = await document<OpenApi>(at);
    const patch =
      paths[`/apis/${GVK.group}/${GVK.version}/namespaces/{namespace}/workflowexecutions/{name}`]?.['patch'];
    expect(patch?.['x-kubernetes-group-version-kind']).toEqual(GVK);
    expect(patch?.parameters.map(({ name }) => name)).toContain('fieldValidation');
    const schema = components.schemas['ai.kubernaut.workflowexecution.v1alpha1.WorkflowExecution'];
    expect(Object.keys(schema?.properties ?? {})).toEqual(['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  });

  test('its address changes with the schema, so that clients can keep it', async () => {
    const address = async () =>
      (await document<{ paths: Record<string, object> }>('/openapi/v3')).paths['apis/probe.example.com/v1'];
    const before = await address();
    const crd = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/probes.probe.example.com';
    expect(await address()).toEqual(before);
    await server.merge(crd, { spec: { names: { listKind: 'ProbeRow' } } });
    expect(await address()).not.toEqual(before);
  });

  test('the health endpoints say ok', async () => {
    for (const path of ['/healthz', '/readyz', '/livez']) {
      expect((await server.ask('GET', path)).body.message).toBe('ok');
    }
  });
});
