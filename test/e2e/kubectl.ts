import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runNameOf } from '#execution';
import { packageRoot } from '../../apps/sandbox/src/package-root.ts';
import { findKubectl, Kubectl } from '../../apps/sandbox/test/support/kubectl.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { Client, isWhole } from './client.ts';
import type { World } from './stage.ts';

const ECHO = join(packageRoot, 'examples/echo.yaml');
const TARGET = 'default/deployment/web';
const COMMAND_LIMIT_MS = 90_000;
const KIND = 'workflowexecution.workflowexecution.kubernaut.ai';

/** What README promises to somebody with kubectl, word for word, on whatever cluster the world gives. */
export function kubectlSession(name: string, open: () => Promise<World>): void {
  const binary = findKubectl();
  if (binary !== undefined) {
    describe(`kubectl on ${name}`, () => session(binary, open));
    return;
  }
  // Visible in every report, and no claim that anything holds.
  test(`NOT RUN: kubectl on ${name}, for want of a kubectl (set WFE_TEST_KUBECTL)`, () => {
    expect(findKubectl()).toBeUndefined();
  });
}

function session(binary: string, open: () => Promise<World>): void {
  let world: World;
  let service: ServiceProcess;
  let client: Client;
  let kubectl: Kubectl;

  beforeAll(async () => {
    world = await open();
    service = await ServiceProcess.prepare({ cluster: world.clusterConfig });
    await service.start();
    client = new Client(service.url, world.cluster);
    kubectl = new Kubectl(binary, reach(world), COMMAND_LIMIT_MS);
  }, 120_000);

  afterAll(async () => {
    kubectl?.dispose();
    await service?.remove();
    await world?.close();
  });

  const field = (path: string): Promise<string> => kubectl.ok(['get', 'wfe/echo', '-o', `jsonpath={${path}}`]);

  /** The cells of echo's row by column. */
  async function row(...options: readonly string[]): Promise<Record<string, string>> {
    const lines = (await kubectl.ok(['get', 'wfe', ...options])).trimEnd().split('\n');
    const [header = [], ...rows] = lines.map((line) => line.trim().split(/ {2,}/));
    const cells = rows.find(([first]) => first === 'echo') ?? [];
    return Object.fromEntries(header.map((column, index) => [column, cells[index] ?? '']));
  }

  it('apply asks for the example, and both ways of waiting for it return', async () => {
    expect(await kubectl.ok(['apply', '-f', ECHO])).toBe(`${KIND}/echo created\n`);
    const waits = [
      ['wait', '--for=condition=Succeeded', 'wfe/echo', '--timeout=60s'],
      ['wait', '--for=jsonpath={.status.phase}=Completed', 'wfe/echo', '--timeout=60s'],
    ];
    expect(await Promise.all(waits.map((wait) => kubectl.ok(wait)))).toEqual(
      waits.map(() => `${KIND}/echo condition met\n`),
    );
    const events = await client.history(await field('.metadata.uid'));
    isWhole(events);
    expect(events.at(-1)?.type).toBe('ExecutionCompleted');
  }, 90_000);

  it('get shows its course in columns', async () => {
    const { AGE, ...cells } = await row();
    expect(cells).toEqual({
      NAME: 'echo',
      PHASE: 'Completed',
      OUTCOME: 'Success',
      TARGET,
      WORKFLOW: 'echo',
      DURATION: (await client.get(await field('.metadata.uid'))).status.duration,
    });
    expect(AGE).toMatch(/^\d+(s|m|m\d+s)$/);
  });

  it('get -o wide adds why, and the run', async () => {
    const { REASON, RUN, PHASE } = await row('-o', 'wide');
    expect({ REASON, RUN, PHASE }).toEqual({ REASON: 'Succeeded', RUN: runNameOf(TARGET), PHASE: 'Completed' });
  });

  it.each([
    ['spec.targetResource', TARGET],
    ['spec.remediationRequestRef.name', 'try-it'],
    ['status.phase', 'Completed'],
  ])('get selects by %s', async (path, value) => {
    const selected = (wanted: string): Promise<string> =>
      kubectl.ok(['get', 'wfe', '--field-selector', `${path}=${wanted}`, '-o', 'name']);
    expect((await selected(value)).split('\n')).toContain(`${KIND}/echo`);
    expect(await selected('something-else')).toBe('');
  });

  it('applying the same again changes nothing', async () => {
    const before = await field('.metadata.resourceVersion');
    expect(await kubectl.ok(['apply', '-f', ECHO])).toBe(`${KIND}/echo unchanged\n`);
    expect(await field('.metadata.resourceVersion')).toBe(before);
  });

  it('a manifest without a target is refused with the field, and leaves nothing', async () => {
    const manifest = (await readFile(ECHO, 'utf8'))
      .replace('name: echo\n', 'name: echo-nowhere\n')
      .replace(/^ *targetResource:.*\n/m, '');
    const { code, err } = await kubectl.run(['apply', '-f', '-'], manifest);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining('spec.targetResource: Required value') as string,
    });
    expect((await kubectl.run(['get', 'wfe/echo-nowhere'])).err).toContain('NotFound');
  });

  it('another spec for an execution that exists is refused with the field, and changes nothing', async () => {
    const before = [await field('.spec'), await field('.metadata.resourceVersion')];
    const manifest = (await readFile(ECHO, 'utf8')).replace('version: 1.0.0', 'version: 2.0.0');
    const { code, err } = await kubectl.run(['apply', '-f', '-'], manifest);
    expect(code).toBe(1);
    expect(err).toContain('spec.workflowRef');
    expect(err).toContain('workflowRef cannot be changed after creation');
    expect([await field('.spec'), await field('.metadata.resourceVersion')]).toEqual(before);
  });

  it('delete returns when the run is gone, and the history stays', async () => {
    const id = await field('.metadata.uid');
    expect(await client.runs(id)).toHaveLength(1);
    expect(await kubectl.ok(['delete', 'wfe/echo', '--timeout=60s'])).toContain('"echo" deleted');
    expect((await kubectl.run(['get', 'wfe/echo'])).err).toContain('NotFound');
    expect(await client.runs(id)).toEqual([]);
    expect(await client.types(id)).toContain('LockReleased');
  }, 90_000);
}

/** Options that make kubectl reach the world. */
export function reach({ clusterConfig: { server, kubeconfig } }: World): readonly string[] {
  return typeof server === 'string' ? [`--server=${server}`] : [`--kubeconfig=${String(kubeconfig)}`];
}
