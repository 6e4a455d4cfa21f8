import type { ClusterConnection } from '#kubernetes';
import { connectCluster } from '#kubernetes';
import type { Config } from '../config/schema.ts';
import type { Telemetry } from '../metrics/telemetry.ts';
import { asStartupError } from './startup-step.ts';

/** The cluster the configuration names; every request is counted. @throws StartupError */
export function connect({ cluster }: Config, telemetry: Telemetry): ClusterConnection {
  const { server, kubeconfig, context } = cluster;
  try {
    return connectCluster({
      ...(server !== undefined && { server }),
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(context !== undefined && { context }),
      onRequest: ({ verb, type, status, ms }) =>
        telemetry.clusterRequest(verb, type?.plural ?? 'other', String(status ?? 'none'), ms / 1000),
    });
  } catch (error) {
    throw asStartupError(error);
  }
}
