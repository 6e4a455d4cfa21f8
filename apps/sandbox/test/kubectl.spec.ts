import { stringify } from 'yaml';
import { execution } from './differential/steps.ts';
import { until } from '../../../test/support/until.ts';
import { Kubectl, findKubectl } from './support/kubectl.ts';
import { TestServer, WFES } from './support/server.ts';
import { anEvent } from './support/event.ts';

const path = findKubectl();

if (path === undefined) {
  // Visible in every report, and no claim that anything below holds.
  test('NOT RUN: the kubectl specs, for want of a kubectl (set WFE_TEST_KUBECTL)', () => {
    expect(findKubectl()).toBeUndefined();
  });
} else {
  describe(`kubectl (${path.split('/').at(-1)}) takes the sandbox for a cluster`, () => kubectlSpecs(path));
}

function kubectlSpecs(binary: string): void {
  let server: TestServer;
  let kubectl: Kubectl;
  beforeAll(async () => {
    server = await new TestServer().start();
    kubectl = new Kubectl(binary, [`--server=${server.url}`]);
  });
  afterAll(async () => {
    kubectl.dispose();
    await server.api.dispose();
  });

  const manifest = (name: string, spec: object = {}) => stringify(execution(name, spec));
  const done = {
    phase: 'Completed',
    outcome: 'Success',
    duration: '4s',
    pipelineRunRef: { name: 'wfe-1' },
    conditions: [
      {
        type: 'Succeeded',
        status: 'True',
        reason: 'Succeeded',
        message: 'm',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ],
  };
  const report = (name: string, status: object) =>
    server.merge(`${WFES}/namespaces/default/workflowexecutions/${name}/status`, { status });

  test('apply creates, changes nothing the second time, and is refused what may not change', async () => {
    expect(await kubectl.ok(['apply', '-f', '-'], manifest('apply'))).toMatch(/echo created|apply created/);
    expect(await kubectl.ok(['apply', '-f', '-'], manifest('apply'))).toMatch(/unchanged/);
    expect(await kubectl.ok(['apply', '-f', '-'], manifest('apply', { cancel: 'Graceful' }))).toMatch(/configured/);
    const refused = await kubectl.run(
      ['apply', '-f', '-'],
      manifest('apply', { cancel: 'Graceful', targetResource: 'x/y' }),
    );
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining('targetResource cannot be changed after creation'),
    ]);
  });

  test('apply --server-side owns its fields, and conflicts with what others own', async () => {
    const apply = (manager: string, ...more: string[]) => [
      'apply',
      '--server-side',
      `--field-manager=${manager}`,
      ...more,
      '-f',
      '-',
    ];
    await kubectl.ok(apply('one'), manifest('ssa', { cancel: 'Graceful' }));
    const other = manifest('ssa', { cancel: 'Immediate' });
    const conflict = await kubectl.run(apply('two'), other);
    expect([conflict.code, conflict.err]).toEqual([1, expect.stringContaining('conflict with "one": .spec.cancel')]);
    expect(await kubectl.ok(apply('two', '--force-conflicts'), other)).toMatch(/serverside-applied/);
    const owners = '{range .metadata.managedFields[*]}{.manager} {.operation}{"\\n"}{end}';
    expect(await kubectl.ok(['get', 'wfe', 'ssa', '--show-managed-fields', '-o', `jsonpath=${owners}`])).toBe(
      'one Apply\ntwo Apply\n',
    );
  });

  test('an unknown field is refused by name', async () => {
    const { code, err } = await kubectl.run(['create', '-f', '-'], manifest('unknown', { colour: 'red' }));
    expect([code, err]).toEqual([1, expect.stringContaining('unknown field "spec.colour"')]);
  });

  test('get shows the columns, and two more with -o wide', async () => {
    await kubectl.ok(['create', '-f', '-'], manifest('columns'));
    await report('columns', done);
    const rows = async (...args: string[]) =>
      (await kubectl.ok(['get', 'wfe', 'columns', ...args]))
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/));
    const [header, row] = await rows();
    expect(header?.map((cell) => cell.trim())).toEqual([
      'NAME',
      'PHASE',
      'OUTCOME',
      'TARGET',
      'WORKFLOW',
      'DURATION',
      'AGE',
    ]);
    expect(row?.slice(0, 6)).toEqual(
      ['columns', 'Completed', 'Success', 'payment/deployment/payment-api', 'restart', '4s'].slice(0, 6),
    );
    const [wide, wideRow] = await rows('-o', 'wide');
    expect([wide?.slice(-2), wideRow?.slice(-2)]).toEqual([
      ['REASON', 'RUN'],
      ['Succeeded', 'wfe-1'],
    ]);
  });

  test('wait returns when the condition, or the field, is as asked', async () => {
    await kubectl.ok(['create', '-f', '-'], manifest('wait'));
    const waits = [
      kubectl.ok(['wait', '--for=condition=Succeeded', 'wfe/wait', '--timeout=10s']),
      kubectl.ok(['wait', '--for=jsonpath={.status.phase}=Completed', 'wfe/wait', '--timeout=10s']),
    ];
    await report('wait', { phase: 'Running' });
    await report('wait', done);
    expect(await Promise.all(waits)).toEqual([
      expect.stringContaining('condition met'),
      expect.stringContaining('condition met'),
    ]);
  });

  test('get -w follows', async () => {
    await kubectl.ok(['create', '-f', '-'], manifest('follow'));
    const { lines, stop } = kubectl.follow(['get', 'wfe', 'follow', '-w', '--no-headers']);
    await until('the first row', () => lines.length > 0);
    await report('follow', { phase: 'Running' });
    await until('the changed row', () => lines.some((line) => /^follow +Running/.test(line)));
    stop();
  });

  test('patch, label, annotate, replace and selectors', async () => {
    await kubectl.ok(['create', '-f', '-'], manifest('change'));
    await kubectl.ok(['label', 'wfe', 'change', 'team=pay']);
    await kubectl.ok(['annotate', 'wfe', 'change', 'note=x']);
    await kubectl.ok([
      'patch',
      'wfe',
      'change',
      '--type=json',
      '-p',
      '[{"op":"add","path":"/spec/cancel","value":"Graceful"}]',
    ]);
    const stored = await kubectl.ok(['get', 'wfe', 'change', '-o', 'yaml']);
    await kubectl.ok(['replace', '-f', '-'], stored.replace('cancel: Graceful', 'cancel: Immediate'));
    await report('change', { phase: 'Running' });
    expect(await kubectl.ok(['get', 'wfe', '-l', 'team=pay', '-o', 'jsonpath={.items[*].spec.cancel}'])).toBe(
      'Immediate',
    );
    expect(
      await kubectl.ok(['get', 'wfe', '--field-selector=status.phase=Running,metadata.name=change', '-o', 'name']),
    ).toMatch(/change/);
    const stale = await kubectl.run(['replace', '-f', '-'], stored);
    expect([stale.code, stale.err]).toEqual([1, expect.stringContaining('the object has been modified')]);
  });

  test('delete waits for finalizers', async () => {
    await kubectl.ok(['create', '-f', '-'], stringify(execution('held', {}, { finalizers: ['example.com/hold'] })));
    const deleted = kubectl.ok(['delete', 'wfe', 'held', '--timeout=10s']);
    const object = `${WFES}/namespaces/default/workflowexecutions/held`;
    await until(
      'it is being deleted',
      async () => (await server.expect('GET', object)).metadata.deletionTimestamp !== undefined,
    );
    await server.merge(object, { metadata: { finalizers: null } });
    expect(await deleted).toMatch(/"held" deleted/);
    expect((await kubectl.run(['get', 'wfe', 'held'])).err).toMatch(/NotFound/);
  });

  test('describe shows the events that are about the object', async () => {
    await kubectl.ok(['create', '-f', '-'], manifest('described'));
    const uid = await kubectl.ok(['get', 'wfe', 'described', '-o', 'jsonpath={.metadata.uid}']);
    const event = anEvent({
      metadata: { name: 'e', namespace: 'default' },
      regarding: { kind: 'WorkflowExecution', namespace: 'default', name: 'described', uid },
    });
    await kubectl.ok(['apply', '-f', '-'], stringify(event));
    expect(await kubectl.ok(['describe', 'wfe', 'described'])).toMatch(/RunCreated .* it runs/);
    expect(await kubectl.ok(['get', 'events'])).toMatch(/workflowexecution\/described/);
  });

  test('explain and api-resources know the type', async () => {
    expect(await kubectl.ok(['explain', 'wfe.spec.workflowRef'])).toMatch(/containerImage\s+<string> -required-/);
    expect(await kubectl.ok(['api-resources'])).toMatch(
      /workflowexecutions +wfe +workflowexecution\.kubernaut\.ai\/v1alpha1 +true/,
    );
  });

  test('namespaces are created, filled and deleted', async () => {
    await kubectl.ok(['create', 'namespace', 'made']);
    await kubectl.ok(['-n', 'made', 'create', '-f', '-'], manifest('inside'));
    await kubectl.ok(['delete', 'namespace', 'made', '--timeout=10s']);
    expect(await kubectl.ok(['get', 'wfe', '-A', '-o', 'jsonpath={.items[*].metadata.namespace}'])).not.toMatch(/made/);
  });

  test('a definition is applied, established, and applied again with a change, without a complaint', async () => {
    const definition = (description: string) =>
      stringify({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'things.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { plural: 'things', kind: 'Thing' },
          versions: [
            { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', description } } },
          ],
        },
      });
    await kubectl.ok(['apply', '-f', '-'], definition('one'));
    await kubectl.ok(['wait', '--for=condition=Established', 'crd/things.example.com', '--timeout=10s']);
    const again = await kubectl.run(['apply', '-f', '-'], definition('two'));
    expect(again).toMatchObject({ code: 0, err: '', out: expect.stringContaining('configured') as string });
  });
}
