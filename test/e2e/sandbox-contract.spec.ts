import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SandboxCluster } from '../../apps/sandbox/src/sandbox-cluster.ts';
import type { ClusterConnection } from '#kubernetes';
import { connectCluster } from '#kubernetes';
import { clusterContract } from '../cluster/cluster-contract.ts';

let dataFolder: string;
let sandbox: SandboxCluster;

const start = async (port: number): Promise<void> => {
  sandbox = await SandboxCluster.start({ port, dataFolder, withTekton: false });
};

async function connect(): Promise<ClusterConnection> {
  dataFolder = await mkdtemp(join(tmpdir(), 'wfe-contract-'));
  await start(0);
  return connectCluster({ server: sandbox.url });
}

/** Everything but the files goes, as when `npm start` ends and is given again. */
async function restart(): Promise<void> {
  const port = Number(new URL(sandbox.url).port);
  await sandbox.stop();
  await start(port);
}

afterAll(async () => {
  await sandbox?.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

clusterContract('the sandbox', { connect, restart, compact: async () => sandbox.api.compact(), unsupported: [] });
