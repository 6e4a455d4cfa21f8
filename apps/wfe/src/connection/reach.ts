import { EnvHttpProxyAgent, fetch as send } from 'undici';
import type { ServiceAddress } from '#kubernetes';
import { Failure } from '../exit-codes.ts';
import type { Shell } from '../shell.ts';
import type { ConnectionOptions } from './options.ts';
import { tokenOf } from './token.ts';

/** The way to the service. */
export interface Reach {
  /** What paths are appended to; no credentials in it. */
  readonly url: string;
  /** The Service behind the API server; absent when the service is spoken to directly. */
  readonly service?: string;
  /** Namespace of the kubeconfig's context. */
  readonly namespace?: string;
  /** The request's signal is the only limit in time. */
  readonly fetch: (request: Request) => Promise<Response>;
  close(): Promise<void>;
}

export const DEFAULT_SERVICE = 'kubernaut-system/workflow-execution';
const DEFAULT_PORT = 8080;
const CONNECT_TIMEOUT_MS = 10_000;

/** Directly when a server is named, by option or WFE_SERVER; otherwise through the API server of the kubeconfig. @throws Failure */
export async function reach(options: ConnectionOptions, env: Shell['env']): Promise<Reach> {
  const isKubeconfigNamed = [options.kubeconfig, options.context, options.service].some((one) => one !== undefined);
  if (options.server !== undefined && isKubeconfigNamed)
    throw new Failure('usage', 'expected --server or a kubeconfig (--kubeconfig, --context, --service), found both');
  const server = options.server ?? (isKubeconfigNamed ? undefined : env['WFE_SERVER'] || undefined);
  if (server !== undefined) return direct(server, await tokenOf(options, env));
  if (options.token !== undefined || options.tokenFile !== undefined)
    throw new Failure(
      'usage',
      'expected --server with --token: through the API server the kubeconfig’s credentials are used',
      {
        advice: 'Name the service with --server or WFE_SERVER, or leave the token out.',
      },
    );
  return throughApiServer(options, env);
}

function direct(server: string, token: string | undefined): Reach {
  const url = addressOf(server);
  if (token !== undefined && url.protocol !== 'https:' && !isLoopback(url))
    throw new Failure(
      'usage',
      `expected https for a token; found ${url.origin}, where everybody on the way could read it`,
    );
  const dispatcher = new EnvHttpProxyAgent({ connect: { timeout: CONNECT_TIMEOUT_MS } });
  return {
    url: url.href.replace(/\/$/, ''),
    async fetch(request) {
      if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
      const { method, headers, signal } = request;
      const body = request.body === null ? {} : { body: await request.text() };
      const sent = { method, headers: [...headers] as [string, string][], ...body, signal, dispatcher };
      // A redirect could carry the token elsewhere.
      return send(request.url, { ...sent, redirect: 'manual' });
    },
    close: () => dispatcher.destroy(),
  };
}

function addressOf(server: string): URL {
  const url = URL.parse(server.includes('://') ? server : `http://${server}`);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
  // Not repeated in the message: it may hold a password.
  if (!isPlain || url.username !== '' || url.password !== '')
    throw new Failure(
      'usage',
      'expected --server (or WFE_SERVER) to be an http or https address without user, password, query',
      {
        advice: 'For example --server http://localhost:8080. Credentials go into --token-file or WFE_TOKEN.',
      },
    );
  return url;
}

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);

async function throughApiServer(options: ConnectionOptions, env: Shell['env']): Promise<Reach> {
  const { kubeconfig, context } = options;
  const service = serviceOf(options.service ?? (env['WFE_SERVICE'] || DEFAULT_SERVICE));
  // Loaded when it is needed: the Kubernetes client takes longer to load than everything else together.
  const { connectServiceProxy } = await import('#kubernetes');
  try {
    const proxy = connectServiceProxy({
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(context !== undefined && { context }),
      service,
    });
    return { ...proxy, service: `${service.namespace}/${service.name}:${service.port}` };
  } catch (error) {
    throw new Failure(
      'unreachable',
      `no way to the service: ${error instanceof Error ? error.message : String(error)}`,
      {
        advice: 'Name it with --server or WFE_SERVER, or a kubeconfig with --kubeconfig or KUBECONFIG.',
        cause: error,
      },
    );
  }
}

const SERVICE = /^([a-z0-9-]{1,63})\/([a-z0-9-]{1,63})(?::(\d{1,5}))?$/;

function serviceOf(text: string): ServiceAddress {
  const [, namespace, name, port] = SERVICE.exec(text) ?? [];
  if (namespace === undefined || name === undefined)
    throw new Failure(
      'usage',
      `expected --service as namespace/name or namespace/name:port; found ${JSON.stringify(text.slice(0, 80))}`,
    );
  return { namespace, name, port: port === undefined ? DEFAULT_PORT : Number(port) };
}
