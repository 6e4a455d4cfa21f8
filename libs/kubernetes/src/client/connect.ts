import { systemClock } from '../clock.ts';
import { KubeconfigAccess, openAccess, type AccessSource } from './access.ts';
import { ClusterClient } from './cluster-client.ts';
import type { ClusterConnection, RequestRecord } from './connection.ts';
import { Transport, type ApiRequest } from './transport.ts';

export interface ConnectOptions {
  /** Path of a kubeconfig. Absent: as kubectl finds it (KUBECONFIG, ~/.kube/config, the pod's service account). */
  readonly kubeconfig?: string;
  /** Context of the kubeconfig; absent: its current one. */
  readonly context?: string;
  /** Instead of a kubeconfig: a plain http address on loopback that asks for no credentials (the sandbox). */
  readonly server?: string;
  /** For one request, all of it; a watch has its own time. Default 30 s. */
  readonly requestTimeoutMs?: number;
  /** Sockets to the API server, one per running request or watch. Default 64; more wait for their turn. */
  readonly maxConnections?: number;
  /** An answer longer than this is `too-large`. Default 64 MiB. */
  readonly maxAnswerBytes?: number;
  readonly userAgent?: string;
  /** Called once per request when its answer's head (or its failure) is there; for metrics. Must not throw. */
  readonly onRequest?: (request: RequestRecord) => void;
}

/**
 * A connection to one cluster. Nothing is sent before the first call.
 * @throws Error when the configuration names no usable cluster; the message says what to do
 */
export function connectCluster(options: ConnectOptions = {}): ClusterConnection {
  const access = accessOf(options);
  const transport = new Transport(access, {
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    maxConnections: options.maxConnections ?? 64,
    maxAnswerBytes: options.maxAnswerBytes ?? 64 * 1024 * 1024,
    userAgent: options.userAgent ?? 'workflow-execution-service',
    onAnswer: (request, answer) => options.onRequest?.(recordOf(request, answer)),
  });
  return new ClusterClient(transport, access.server.origin);
}

function accessOf({ server, kubeconfig, context }: ConnectOptions): AccessSource {
  if (server !== undefined) return openAccess(server);
  return new KubeconfigAccess({ ...(kubeconfig ? { kubeconfig } : {}), ...(context ? { context } : {}) }, systemClock);
}

function recordOf(
  { verb, type, isWrite }: ApiRequest,
  { status, ms }: { readonly status?: number; readonly ms: number },
): RequestRecord {
  return { verb, ...(type ? { type } : {}), isWrite, ...(status === undefined ? {} : { status }), ms };
}
