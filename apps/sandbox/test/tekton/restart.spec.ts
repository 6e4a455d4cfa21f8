import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '#kubernetes';
import { connectCluster, PIPELINE_RUNS, systemClock } from '#kubernetes';
import { SandboxCluster } from '../../src/sandbox-cluster.ts';
import { asRun, isDone } from '../../src/tekton/objects.ts';
import { startScriptedTekton } from '../../src/tekton/index.ts';
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
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sandbox-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('goes on with every run when the server is back at its address', async () => {
    let server = await SandboxCluster.start({ port: 0, dataFolder: folder, withTekton: false });
    const { url } = server;
    const cluster = connectCluster({ server: url });
    const stopping = new AbortController();
    const tekton = await startScriptedTekton({ cluster, clock: systemClock, speed: SPEED, signal: stopping.signal });
    for (let n = 0; n < RUNS; n += 1) await cluster.create(PIPELINE_RUNS, run(`r${n}`));
    const runs = async () => (await cluster.list(PIPELINE_RUNS)).items.map(asRun);
    await until('a run with a task', async () =>
      (await runs()).some(({ status }) => status?.childReferences !== undefined),
    );
    await server.stop();
    server = await SandboxCluster.start({ port: Number(new URL(url).port), dataFolder: folder, withTekton: false });
    expect((await runs()).every(isDone)).toBe(false);
    await until('every run ended', async () => (await runs()).every(isDone), 15_000);
    stopping.abort();
    await tekton.stopped;
    await cluster.close();
    await server.stop();
  });
});
