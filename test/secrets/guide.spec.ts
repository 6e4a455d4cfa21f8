import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { KubeObject } from '#kubernetes';
import { PIPELINE_RUNS, SECRETS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { SENSITIVE_NAMES, sensitiveNames } from '#execution';
import { KeyedHashes } from '#runtime';
import { SandboxCluster } from '../../apps/sandbox/src/sandbox-cluster.ts';
import { Client } from '../e2e/client.ts';
import { rest } from '../support/rest.ts';
import { ServiceProcess } from '../support/service-process.ts';

const LIMIT_MS = 120_000;
const page = (path: string): string => readFileSync(new URL(`../../../docs/${path}`, import.meta.url), 'utf8');
const blocks = (text: string, language: string): readonly string[] =>
  [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, of, body = '']) => (of === language ? [body] : []));

const guide = page('guides/secrets.md');
const objects = blocks(guide, 'yaml').map((text) => parse(text) as KubeObject);
const objectOf = (kind: string): KubeObject => objects.find((each) => each.kind === kind) as KubeObject;

describe('docs/guides/secrets.md on the sandbox', () => {
  let cluster: SandboxCluster;
  let service: ServiceProcess;
  let client: Client;
  beforeAll(async () => {
    cluster = await SandboxCluster.start({ port: 0, speed: 20 });
    service = await ServiceProcess.prepare({ cluster: { server: cluster.url }, execution: { cooldown: '0s' } });
    client = new Client(service.url, cluster.connection);
    await service.start();
    await cluster.connection.create(SECRETS, objectOf('Secret'));
  }, LIMIT_MS);
  afterAll(async () => {
    await service?.remove();
    await cluster?.stop();
  });

  /** The service hands the workspace on, and its history names the Secret and nothing of what is in it. */
  async function isBound(id: string): Promise<void> {
    const [secret, history] = [
      objectOf('Secret') as { stringData?: { password?: string } },
      await client.endedHistory(id),
    ];
    expect(JSON.stringify(history)).toContain('"secretName":"payment-db"');
    expect(JSON.stringify(history)).not.toContain(secret.stringData?.password);
    expect(history.at(-1)?.type === 'ExecutionFailed').toBe(false);
  }

  test('the resource is run with the Secret as a workspace', async () => {
    const object = objectOf('WorkflowExecution');
    const { metadata } = await cluster.connection.create(WORKFLOW_EXECUTIONS, object);
    const run = await client.run(metadata.uid ?? '');
    expect(run.kind).toBe(PIPELINE_RUNS.kind);
    expect((run.spec as { workspaces: unknown }).workspaces).toEqual([
      { name: 'db', secret: { secretName: 'payment-db' } },
    ]);
    await isBound(metadata.uid ?? '');
  });

  test('so is the request', async () => {
    const [body = ''] = blocks(guide, 'json');
    const answer = await rest(`${service.url}/v1/executions`, 'POST', JSON.parse(body));
    expect(answer.status).toBe(201);
    await isBound(answer.body['executionId'] as string);
  });

  test('the pipeline reads the workspace the execution binds', () => {
    const { workspaces } = objectOf('Pipeline').spec as { workspaces: { name: string }[] };
    const { executionConfig } = objectOf('WorkflowExecution').spec as {
      executionConfig: { workspaces: { name: string }[] };
    };
    expect(workspaces.map(({ name }) => name)).toEqual(executionConfig.workspaces.map(({ name }) => name));
  });
});

test('the names in the guide look sensitive, or do not, as it says', () => {
  const isSensitive = sensitiveNames(SENSITIVE_NAMES);
  const rows = [...guide.matchAll(/^\| (.*?`.*?) +\| (`.*?) +\|$/gm)].filter(
    ([, left = '']) => !left.includes('[redacted'),
  );
  const names = (cell = ''): readonly string[] =>
    [...cell.replace(/\(entry.*?\)/, '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  expect(rows).toHaveLength(4);
  expect(rows.flatMap(([, left]) => names(left)).filter((name) => !isSensitive(name))).toEqual([]);
  expect(rows.flatMap(([, , right]) => names(right)).filter(isSensitive)).toEqual([]);
});

test('docs/reference/redacted-values.md describes the hash: its Python makes the same', () => {
  const [program = ''] = blocks(page('reference/redacted-values.md'), 'python');
  const [key, id, name, value] = [Buffer.alloc(32, 7), '0195a1b2-0000-7000-8000-000000000001', 'DB_PASSWORD', 'ünï 🔑'];
  const call = `${program}\nimport sys\nprint(redacted(bytes.fromhex(sys.argv[1]), *sys.argv[2:]))`;
  const { stdout, stderr } = spawnSync('python3', ['-c', call, key.toString('hex'), id, name, value], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout.trim()).toBe(new KeyedHashes(key).hash({ executionId: id, name, value }));
});
