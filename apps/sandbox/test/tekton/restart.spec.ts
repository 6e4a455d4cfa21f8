import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterConnection, KubeObject } from '#kubernetes';
import { connectCluster, PIPELINE_RUNS, systemClock } from '#kubernetes';
import { SandboxCluster } from '../../src/sandbox-cluster.ts';
import { asRun, isDone, type RunObject } from '../../src/tekton/objects.ts';
import { startScriptedTekton, type ScriptedTekton } from '../../src/tekton/index.ts';
import { until } from '../../../../test/support/until.ts';

const RUNS = 10;
const SPEED = 5;

const run = (name: string): KubeObject => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'PipelineRun',
  metadata: { name, namespace: 'n' },
  spec: {
    pipelineRef: {
      resolver: 'bundles',
      params: [
        { name: 'bundle', value: 'sandbox.local/echo:1' },
        { name: 'name', value: 'workflow' },
      ],
    },
  },
});

describe('the scripted Tekton on an API server that goes away in mid-run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const stopping = new AbortController();
  let server: SandboxCluster;
  let cluster: ClusterConnection;
  let tekton: ScriptedTekton;

  const serve = (port: number) => SandboxCluster.start({ port, dataFolder: folder, withTekton: false });
  const runs = async () => (await cluster.list(PIPELINE_RUNS)).items.map(asRun);

  beforeAll(async () => {
    server = await serve(0);
    cluster = connectCluster({ server: server.url });
    tekton = await startScriptedTekton({ cluster, clock: systemClock, speed: SPEED, signal: stopping.signal });
  });

  afterAll(async () => {
    stopping.abort();
    await tekton.stopped;
    await cluster.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('goes on with every run when the server is back at its address', async () => {
    for (let n = 0; n < RUNS; n += 1) await cluster.create(PIPELINE_RUNS, run(`r${n}`));
    const hasTask = ({ status }: RunObject): boolean => status?.childReferences !== undefined;
    await until('a run with a task', async () => (await runs()).some(hasTask));
    await server.stop();
    server = await serve(Number(new URL(server.url).port));
    expect((await runs()).every(isDone)).toBe(false);
    await until('every run ended', async () => (await runs()).every(isDone));
  });
});
