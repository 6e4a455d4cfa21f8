import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import { KubeConfig, type Cluster as KubeconfigCluster } from '@kubernetes/client-node';
import type { Clock } from '../clock.ts';
import { ClusterError } from '../cluster.ts';

/** What a request needs besides itself: where to send it and how to prove who asks. */
export interface Access {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
  /** Changes when `tls` changes: connections made before then belong to the old credentials. */
  readonly tlsFingerprint: string;
}

export interface TlsMaterial {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly passphrase?: string;
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
}

export interface AccessSource {
  readonly server: URL;
  readonly proxyUrl?: string;
  current(): Promise<Access>;
  /** The server answered 401: read everything anew before the next request. */
  refused(): void;
}

/** A server that asks for no credentials: the sandbox. Only loopback, since nothing is encrypted. */
export function openAccess(server: string): AccessSource {
  const url = urlOf(server, 'the server address');
  if (url.protocol !== 'http:' || !isLoopback(url))
    throw configurationError(
      `expected a plain http address on loopback (the sandbox), found ${url.origin}. For any other cluster give a kubeconfig`,
    );
  const access: Access = { headers: {}, tls: {}, tlsFingerprint: '' };
  return { server: url, current: async () => access, refused: () => undefined };
}

/** Credential files and exec plugins are asked again after this time; client-node caches tokens for a minute by itself. */
const FRESH_MS = 10_000;
/** After a 401 the kubeconfig is loaded anew, at most this often. */
const RELOAD_INTERVAL_MS = 5_000;

/**
 * Access by kubeconfig, as kubectl finds it. client-node reads the files, re-reads token files, runs exec plugins and
 * decodes certificates; only its way of opening connections is not used.
 */
export class KubeconfigAccess implements AccessSource {
  readonly server: URL;
  readonly proxyUrl?: string;
  private config: KubeConfig;
  private cached: { readonly access: Access; readonly untilMs: number } | undefined;
  private reloadedMs: number;

  constructor(
    private readonly source: { readonly kubeconfig?: string; readonly context?: string },
    private readonly clock: Clock,
  ) {
    this.config = loadKubeconfig(source);
    this.reloadedMs = clock.now();
    const cluster = currentCluster(this.config);
    this.server = urlOf(cluster.server, 'the server of the kubeconfig');
    if (this.server.protocol === 'http:' && !isLoopback(this.server))
      throw configurationError(
        `the kubeconfig names ${this.server.origin}: plain http outside loopback would show the credentials; use https`,
      );
    if (cluster.proxyUrl !== undefined) this.proxyUrl = httpProxy(cluster.proxyUrl);
  }

  /** Namespace of the context in use; absent when the kubeconfig names none. */
  get namespace(): string | undefined {
    return this.config.getContextObject(this.config.getCurrentContext())?.namespace;
  }

  async current(): Promise<Access> {
    if (this.cached && this.clock.now() < this.cached.untilMs) return this.cached.access;
    const access = await this.read();
    this.cached = { access, untilMs: this.clock.now() + FRESH_MS };
    return access;
  }

  refused(): void {
    this.cached = undefined;
    if (this.clock.now() - this.reloadedMs < RELOAD_INTERVAL_MS) return;
    // A new KubeConfig forgets client-node's cached tokens, also those of exec plugins that named no expiry.
    this.config = loadKubeconfig(this.source);
    this.reloadedMs = this.clock.now();
  }

  private async read(): Promise<Access> {
    const options: RequestOptions = { headers: {} };
    try {
      await this.config.applyToHTTPSOptions(options);
    } catch (error) {
      throw new ClusterError(
        'unauthorized',
        `the kubeconfig's credentials could not be read: ${credentialFault(error)}`,
      );
    }
    const headers = { ...(options.headers as Record<string, string>) };
    if (options.auth) headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    const tls = tlsOf(options);
    return { headers, tls, tlsFingerprint: fingerprint(tls) };
  }
}

function loadKubeconfig({ kubeconfig, context }: { kubeconfig?: string; context?: string }): KubeConfig {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (error) {
    const where = kubeconfig ?? process.env['KUBECONFIG'] ?? '~/.kube/config';
    throw configurationError(
      `the kubeconfig ${where} could not be read (${errorCode(error) ?? 'it is not valid YAML'}); name one that can, in KUBECONFIG or in the configuration`,
    );
  }
  // client-node falls back to http://localhost:8080 under this name, which nobody meant.
  if (config.getCurrentContext() === 'loaded-context')
    throw configurationError(
      'no cluster found: KUBECONFIG is not set, there is no ~/.kube/config, and this is no pod with a service account',
    );
  if (context !== undefined) config.setCurrentContext(context);
  allowLoopbackHttp(config);
  return config;
}

/** client-node refuses plain http unless TLS verification is off; for http there is nothing to verify. */
function allowLoopbackHttp(config: KubeConfig): void {
  config.clusters = config.clusters.map((cluster) =>
    cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
  );
}

function currentCluster(config: KubeConfig): KubeconfigCluster {
  const cluster = config.getCurrentCluster();
  if (cluster) return cluster;
  const names = config.getContexts().map(({ name }) => name);
  throw configurationError(
    `the kubeconfig has no cluster for context "${config.getCurrentContext() ?? ''}"; its contexts: ${names.join(', ') || 'none'}`,
  );
}

function tlsOf(options: RequestOptions): TlsMaterial {
  const bytes = (value: unknown): Buffer | undefined =>
    typeof value === 'string' ? Buffer.from(value) : Buffer.isBuffer(value) ? value : undefined;
  const [ca, cert, key] = [bytes(options.ca), bytes(options.cert), bytes(options.key)];
  return {
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
    ...(options.rejectUnauthorized === undefined ? {} : { rejectUnauthorized: options.rejectUnauthorized }),
    ...(options.servername === undefined ? {} : { servername: options.servername }),
  };
}

function fingerprint(tls: TlsMaterial): string {
  const hash = createHash('sha256');
  for (const [name, value] of Object.entries(tls)) hash.update(`${name}=`).update(String(value)).update('\0');
  return hash.digest('hex');
}

function urlOf(text: string, what: string): URL {
  const url = URL.parse(text);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw configurationError(`expected ${what} to be an http or https URL`);
}

function httpProxy(proxyUrl: string): string {
  if (/^https?:/.test(proxyUrl)) return proxyUrl;
  throw configurationError('the kubeconfig names a proxy-url that is not http or https; only those are supported');
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Never the plugin's output: it may hold the credential. */
function credentialFault(error: unknown): string {
  return errorCode(error) ?? 'a credential plugin failed; run it by hand to see why';
}

function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

function configurationError(message: string): Error {
  return new Error(`Kubernetes access: ${message}.`);
}
