import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { KubeObject, ResourceType } from '../../src/cluster.ts';

export const WIDGETS: ResourceType = { group: 'contract.test', version: 'v1', plural: 'widgets', kind: 'Widget' };

interface Entry {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly object: KubeObject;
}

/** An answer given instead of the real one. */
export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** An answer, or none: the connection is reset, stays silent, or falls silent in the middle of the body. */
export type Fault = Answer | 'reset' | 'silence' | 'half';

interface Watcher {
  readonly response: ServerResponse;
  isStalled: boolean;
}

/**
 * The list and watch half of an API server for one type, over plain HTTP, with every fault a network and a server can
 * show. Objects are changed directly, not by requests.
 */
export class FakeApiServer {
  private server: Server | undefined;
  private port = 0;
  private version = 100;
  private compactedTo = 0;
  private uids = 0;
  private history: Entry[] = [];
  private readonly objects = new Map<string, KubeObject>();
  private readonly watchers = new Set<Watcher>();
  private readonly sockets = new Set<Socket>();
  private readonly planned: {
    readonly when: (request: IncomingMessage) => boolean;
    readonly answer: Fault;
  }[] = [];
  /** Every request so far: method and URL. */
  readonly requests: string[] = [];
  /** Headers of every request so far. */
  readonly headers: IncomingMessage['headers'][] = [];
  /** Connections accepted since the start. */
  connections = 0;

  async start(): Promise<string> {
    const server = createServer((request, response) => this.serve(request, response));
    server.keepAliveTimeout = 60_000; // longer than any test: idle connections are the client's to close
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Connections open now. */
  get openSockets(): number {
    return this.sockets.size;
  }

  get openWatches(): number {
    return this.watchers.size;
  }

  /** Stops listening and cuts every connection; the objects stay for the next start, on the same port. */
  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    this.watchers.clear();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  /** What the server holds, as `name uid version`, sorted. */
  get state(): string[] {
    return [...this.objects.values()].map(fingerprint).sort();
  }

  put(name: string, spec: unknown = {}, labels: Record<string, string> = {}): KubeObject {
    const known = this.objects.get(name);
    this.version += 1;
    const uid = known?.metadata.uid ?? this.newUid();
    const object = this.object(name, { uid, labels, managedFields: [{ manager: 'somebody' }] }, spec);
    this.objects.set(name, object);
    this.tell({ type: known ? 'MODIFIED' : 'ADDED', version: this.version, object });
    return object;
  }

  remove(name: string): void {
    const known = this.objects.get(name);
    if (!known) return;
    this.version += 1;
    this.objects.delete(name);
    const object = { ...known, metadata: { ...known.metadata, resourceVersion: String(this.version) } };
    this.tell({ type: 'DELETED', version: this.version, object });
  }

  /** Another object under the same name. */
  recreate(name: string): void {
    this.remove(name);
    this.put(name);
  }

  /** Watches from before now are answered with 410. */
  compact(): void {
    this.history = [];
    this.compactedTo = this.version;
  }

  /** The whole history starts anew at a low version, as after a restore from an old backup. */
  rewind(version: number): void {
    this.version = version;
    this.history = [];
    this.compactedTo = 0;
    for (const name of this.objects.keys()) this.objects.set(name, this.object(name, { uid: this.newUid() }, {}));
  }

  bookmark(): void {
    this.version += 1;
    const object = {
      apiVersion: 'contract.test/v1',
      kind: 'Widget',
      metadata: { resourceVersion: String(this.version) },
    };
    this.send({ type: 'BOOKMARK', object });
  }

  /** What the next requests of this kind get instead of the real answer. */
  plan(kind: 'list' | 'watch' | 'any', answer: Fault, times = 1): void {
    const when = (request: IncomingMessage): boolean =>
      kind === 'any' || (kind === 'watch') === isWatch(request.url ?? '');
    for (let i = 0; i < times; i += 1) this.planned.push({ when, answer });
  }

  endWatches(): void {
    this.cut(({ response }) => response.end());
  }

  resetWatches(): void {
    this.cut(({ response }) => response.socket?.resetAndDestroy());
  }

  finishWatchesInMidMessage(): void {
    this.cut(({ response }) => {
      response.write('{"type":"MODIFIED","object":{"apiVersion":"contract.test/v1","ki');
      response.socket?.end();
    });
  }

  failWatches(code: number): void {
    this.send({ type: 'ERROR', object: statusObject(code, 'Expired', 'told so by a test') });
    this.endWatches();
  }

  /** The open watches stay open and tell nothing more. */
  stallWatches(): void {
    for (const watcher of this.watchers) watcher.isStalled = true;
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    this.headers.push(request.headers);
    const url = new URL(request.url ?? '/', this.url);
    const at = this.planned.findIndex(({ when }) => when(request));
    if (at !== -1) return this.play(this.planned.splice(at, 1)[0]!.answer, request, response);
    if (isWatch(request.url ?? '')) return this.watch(url, response);
    return this.list(url, response);
  }

  private play(answer: Fault, request: IncomingMessage, response: ServerResponse): void {
    if (answer === 'silence') return;
    if (answer === 'half') return void response.writeHead(200, { 'content-length': '100' }).write('{"kind":');
    if (answer === 'reset') return void request.socket.resetAndDestroy();
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(body);
  }

  private list(url: URL, response: ServerResponse): void {
    const limit = Number(url.searchParams.get('limit') ?? 0);
    const from = Number(url.searchParams.get('continue') ?? 0);
    const all = [...this.objects.values()];
    const items = limit > 0 ? all.slice(from, from + limit) : all;
    const next = limit > 0 && from + limit < all.length ? { continue: String(from + limit) } : {};
    const metadata = { resourceVersion: String(this.version), ...next };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'WidgetList', apiVersion: 'contract.test/v1', metadata, items }));
  }

  private watch(url: URL, response: ServerResponse): void {
    const from = Number(url.searchParams.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const watcher: Watcher = { response, isStalled: false };
    this.watchers.add(watcher);
    response.on('close', () => this.watchers.delete(watcher));
    if (from < this.compactedTo) {
      response.end(
        `${JSON.stringify({ type: 'ERROR', object: statusObject(410, 'Expired', 'too old resource version') })}\n`,
      );
      return;
    }
    for (const { version, type, object } of this.history) if (version > from) write(watcher, { type, object });
  }

  private tell(entry: Entry): void {
    this.history.push(entry);
    this.send({ type: entry.type, object: entry.object });
  }

  private send(message: object): void {
    for (const watcher of this.watchers) if (!watcher.isStalled) write(watcher, message);
  }

  private cut(how: (watcher: Watcher) => void): void {
    for (const watcher of this.watchers) how(watcher);
    this.watchers.clear();
  }

  private newUid(): string {
    this.uids += 1;
    return `uid-${this.uids}`;
  }

  private object(name: string, metadata: object, spec: unknown): KubeObject {
    const resourceVersion = String(this.version);
    return {
      apiVersion: 'contract.test/v1',
      kind: 'Widget',
      metadata: { name, namespace: 'default', resourceVersion, ...metadata },
      spec,
    };
  }
}

export function fingerprint({ metadata }: KubeObject): string {
  return `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`;
}

export function statusObject(code: number, reason: string, message: string, details?: object): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    code,
    ...(details ? { details } : {}),
  };
}

function isWatch(url: string): boolean {
  return url.includes('watch=true');
}

function write({ response }: Watcher, message: object): void {
  response.write(`${JSON.stringify(message)}\n`);
}
