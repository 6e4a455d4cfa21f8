import { performance } from 'node:perf_hooks';
import { Agent, ProxyAgent, request as send, type Dispatcher } from 'undici';
import { ClusterError, type ResourceType } from '../cluster.ts';
import type { Access, AccessSource } from './access.ts';
import type { Method, RawAnswer, Verb } from './connection.ts';
import { answerError, transportError, type Attempt } from './errors.ts';

/** One HTTP request to the API server. */
export interface ApiRequest extends Attempt {
  readonly verb: Verb;
  readonly type?: ResourceType;
  readonly method: Method;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface TransportOptions {
  readonly requestTimeoutMs: number;
  readonly maxConnections: number;
  readonly maxAnswerBytes: number;
  readonly userAgent: string;
  /** Called once per request with the HTTP status, or none when no answer came. */
  readonly onAnswer: (request: ApiRequest, answer: { readonly status?: number; readonly ms: number }) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Below the 90 s after which an API server drops idle connections, so that we never write into a closing one. */
const IDLE_CONNECTION_MS = 30_000;
/** An ERROR answer is short; of anything longer the beginning says enough. */
const MAX_ERROR_BYTES = 256 * 1024;

/**
 * All requests and watches of one cluster over one pool of keep-alive connections. client-node would open a connection
 * for each request (300 requests: 301 sockets open at once), and has no timeout; so it serves for the kubeconfig and
 * the credentials, and undici is used directly. HTTP/1.1 on purpose: with HTTP/2 every watch and request would share
 * one connection, and one reset would break all of them at once.
 */
export class Transport {
  private pool: { readonly dispatcher: Dispatcher; readonly tlsFingerprint: string } | undefined;
  /** Pools of replaced TLS credentials that still finish what they began. */
  private readonly retired = new Set<Dispatcher>();
  private readonly closed = new AbortController();

  constructor(
    private readonly access: AccessSource,
    private readonly options: TransportOptions,
  ) {}

  /** The whole answer of a success. @throws ClusterError */
  async fetch(request: ApiRequest): Promise<RawAnswer> {
    const timeout = AbortSignal.timeout(this.options.requestTimeoutMs);
    const response = await this.open(request, timeout);
    try {
      const body = await readAll(request, response.body, this.options.maxAnswerBytes);
      return { status: response.statusCode, headers: plainHeaders(response.headers), body };
    } catch (error) {
      throw this.faultOf(request, error);
    }
  }

  /** The body of a success as it arrives; the caller ends it by its signal or by leaving the loop. @throws ClusterError */
  async stream(request: ApiRequest, limitMs: number): Promise<AsyncIterable<Uint8Array>> {
    const response = await this.open(request, AbortSignal.timeout(limitMs));
    return this.chunks(request, response.body);
  }

  /** Ends everything that runs and closes every socket. */
  async close(): Promise<void> {
    this.closed.abort();
    const pools = [...this.retired, ...(this.pool ? [this.pool.dispatcher] : [])];
    this.retired.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  private async open(request: ApiRequest, timeout: AbortSignal): Promise<Dispatcher.ResponseData> {
    const startedMs = performance.now();
    let status: number | undefined;
    try {
      const response = await this.dispatch(request, timeout);
      status = response.statusCode;
      if (status >= 200 && status < 300) return response;
      if (status === 401) this.access.refused();
      throw await refusal(request, response);
    } catch (error) {
      throw this.faultOf(request, error);
    } finally {
      const ms = performance.now() - startedMs;
      this.options.onAnswer(request, status === undefined ? { ms } : { status, ms });
    }
  }

  private async dispatch(request: ApiRequest, timeout: AbortSignal): Promise<Dispatcher.ResponseData> {
    if (this.closed.signal.aborted)
      throw new ClusterError('unavailable', `${request.what}: the connection to the cluster was closed`);
    const access = await this.access.current();
    const url = new URL(this.access.server.href.replace(/\/$/, '') + request.path);
    url.search = new URLSearchParams(request.query).toString();
    const response = await send(url, {
      dispatcher: this.poolFor(access),
      method: request.method,
      headers: {
        accept: 'application/json',
        'user-agent': this.options.userAgent,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
        ...access.headers,
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      headersTimeout: this.options.requestTimeoutMs,
      bodyTimeout: 0, // the signals below bound the whole of it
      signal: AbortSignal.any([timeout, this.closed.signal, ...(request.signal ? [request.signal] : [])]),
    });
    // A body that is cut off while nobody reads it must not end the process.
    response.body.on('error', () => undefined);
    return response;
  }

  private poolFor(access: Access): Dispatcher {
    if (this.pool?.tlsFingerprint === access.tlsFingerprint) return this.pool.dispatcher;
    if (this.pool) this.retire(this.pool.dispatcher);
    const dispatcher = newPool(access, this.access.proxyUrl, this.options.maxConnections);
    this.pool = { dispatcher, tlsFingerprint: access.tlsFingerprint };
    return dispatcher;
  }

  private retire(dispatcher: Dispatcher): void {
    this.retired.add(dispatcher);
    void dispatcher.close().finally(() => this.retired.delete(dispatcher));
  }

  private async *chunks(request: ApiRequest, body: Dispatcher.ResponseData['body']): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body) yield chunk as Uint8Array;
    } catch (error) {
      throw this.faultOf(request, error);
    } finally {
      body.destroy();
    }
  }

  private faultOf(request: ApiRequest, error: unknown): ClusterError {
    return transportError(request, error, this.options.requestTimeoutMs);
  }
}

/** Keep-alive connections with these credentials. */
export function newPool(access: Pick<Access, 'tls'>, proxyUrl: string | undefined, maxConnections: number): Dispatcher {
  const options = {
    connections: maxConnections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: IDLE_CONNECTION_MS,
  };
  const connect = { timeout: CONNECT_TIMEOUT_MS, keepAlive: true, keepAliveInitialDelay: IDLE_CONNECTION_MS };
  return proxyUrl === undefined
    ? new Agent({ ...options, connect: { ...connect, ...access.tls } })
    : new ProxyAgent({ ...options, uri: proxyUrl, requestTls: { ...connect, ...access.tls } });
}

async function refusal(request: ApiRequest, response: Dispatcher.ResponseData): Promise<ClusterError> {
  const body = await readAll(request, response.body, MAX_ERROR_BYTES).catch(() => '');
  const retryAfter = plainHeaders(response.headers)['retry-after'];
  return answerError(request, { status: response.statusCode, body, retryAfter });
}

async function readAll(attempt: Attempt, body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes)
      throw new ClusterError('too-large', `${attempt.what}: the answer is longer than ${maxBytes} bytes`, {
        ...(attempt.isWrite ? { outcomeUnknown: true } : {}),
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
