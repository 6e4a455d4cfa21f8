import { fetch as send, type Dispatcher, type RequestInit as SentInit } from 'undici';
import { systemClock } from '../clock.ts';
import { KubeconfigAccess, type Access } from './access.ts';
import { newPool } from './transport.ts';

/** A Service and the port of it that speaks plain http. */
export interface ServiceAddress {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

export interface ServiceProxyOptions {
  /** Path of a kubeconfig. Absent: as kubectl finds it (KUBECONFIG, ~/.kube/config, the pod's service account). */
  readonly kubeconfig?: string;
  /** Context of the kubeconfig; absent: its current one. */
  readonly context?: string;
  readonly service: ServiceAddress;
}

/** A Service of the cluster, reached through the API server with the credentials of a kubeconfig. */
export interface ServiceProxy {
  /** What the Service's own paths are appended to. Without credentials, and without a slash at the end. */
  readonly url: string;
  /** Namespace of the kubeconfig's context, if it names one. */
  readonly namespace?: string;
  /**
   * Sends a request below `url` with the kubeconfig's credentials; an `authorization` of the request is replaced, since
   * the API server keeps that header to itself. Answers whatever came, a refusal of the API server (a `Status`) too.
   * The request's signal is the only limit in time. @throws what fetch throws, and ClusterError `unauthorized` when the
   * credentials cannot be read
   */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Closes every socket. */
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 4;

/** Nothing is sent before the first fetch. @throws Error when the kubeconfig names no usable cluster; it says what to do */
export function connectServiceProxy({ service, ...source }: ServiceProxyOptions): ServiceProxy {
  const access = new KubeconfigAccess(source, systemClock);
  const pools = new Map<string, Dispatcher>();
  const poolFor = (current: Access): Dispatcher => {
    const pool = pools.get(current.tlsFingerprint) ?? newPool(current, access.proxyUrl, MAX_CONNECTIONS);
    pools.set(current.tlsFingerprint, pool);
    return pool;
  };
  return {
    url: access.server.href.replace(/\/$/, '') + proxyPath(service),
    ...(access.namespace !== undefined && { namespace: access.namespace }),
    fetch: async (request) => {
      const current = await access.current();
      const response = await send(request.url, await sent(request, current, poolFor(current)));
      if (response.status === 401) access.refused();
      return response;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

function proxyPath({ namespace, name, port }: ServiceAddress): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/http:${encodeURIComponent(name)}:${port}/proxy`;
}

async function sent(request: Request, access: Access, dispatcher: Dispatcher): Promise<SentInit> {
  const headers: Record<string, string> = { ...Object.fromEntries(request.headers) };
  delete headers['authorization'];
  return {
    method: request.method,
    headers: { ...headers, ...access.headers },
    ...(request.body !== null && { body: await request.text() }),
    redirect: 'manual',
    signal: request.signal,
    dispatcher,
  };
}
