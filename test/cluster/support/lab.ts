import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { connectCluster, type ClusterConnection, type ConnectOptions } from '#kubernetes';
import { until } from '../../support/until.ts';
import { applyYaml } from './install.ts';

const run = promisify(execFile);
const SCRIPT_LIMIT_MS = 120_000;

/** The API server that `npm run test:cluster` started (tools/test-cluster.mjs), or the one it was given. */
export interface Lab {
  readonly kubeconfig: string;
  /** False for a cluster of somebody else's: that is neither restarted nor compacted. */
  readonly isOurs: boolean;
  /** Path of a kubectl for this server, where the run brought one; otherwise the one in PATH. */
  readonly kubectl: string;
  connect(options?: Omit<ConnectOptions, 'kubeconfig' | 'server'>): ClusterConnection;
  /** Stops the API server and starts it on the same data; resolves when it is ready again. */
  restart(): Promise<void>;
  /** After this, watches and continue tokens from before are gone (410). */
  compact(): Promise<void>;
  applyYaml(file: string): Promise<void>;
}

export function lab(): Lab {
  const kubeconfig = process.env['WFE_TEST_KUBECONFIG'];
  if (!kubeconfig)
    throw new Error('WFE_TEST_KUBECONFIG is not set: run the cluster suites with `npm run test:cluster`');
  const script = process.env['WFE_TEST_LAB_SCRIPT'];
  // A given KUBECONFIG may name several files, which are merged as kubectl does.
  const connect: Lab['connect'] = (options = {}) => connectCluster(script ? { ...options, kubeconfig } : options);
  const command = async (name: string): Promise<void> => {
    if (!script) throw new Error(`cannot ${name} a cluster that this run did not start`);
    await run(script, [name], { timeout: SCRIPT_LIMIT_MS });
  };
  return {
    kubeconfig,
    isOurs: script !== undefined && script !== '',
    kubectl: process.env['WFE_TEST_KUBECTL'] ?? 'kubectl',
    connect,
    restart: () => command('restart-api'),
    compact: async () => {
      await command('compact');
      await command('restart-api'); // the server's own cache would still serve what etcd has forgotten
    },
    applyYaml: async (file) => {
      const cluster = connect();
      try {
        await until('the API server answers', () => cluster.raw({ method: 'GET', path: '/version' }));
        await applyYaml(cluster, file);
      } finally {
        await cluster.close();
      }
    },
  };
}
