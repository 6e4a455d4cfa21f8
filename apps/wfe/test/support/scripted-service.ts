import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Handler = (asked: Asked, response: ServerResponse) => void | Promise<void>;

/** A service that answers what a test tells it to: for what the real one cannot be made to say. */
export class ScriptedService {
  readonly asked: Asked[] = [];
  private readonly handlers = new Map<string, Handler>();
  private fallback: Handler | undefined;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  static async open(): Promise<ScriptedService> {
    const service = new ScriptedService();
    await new Promise<void>((resolve) => service.server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** `route` is `GET /v1/executions`; the last answer told for a route holds. */
  on(route: string, handler: Handler): this {
    this.handlers.set(route, handler);
    return this;
  }

  /** A route that answers JSON. */
  json(route: string, body: unknown, status = 200): this {
    return this.on(route, (_, response) => {
      const type = status < 400 ? 'application/json' : 'application/problem+json';
      response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
    });
  }

  problem(route: string, status: number, code: string, more: object = {}): this {
    const detail = 'Expected one thing, found another.';
    const problem = {
      type: 'urn:x',
      title: 'It cannot be done',
      status,
      detail,
      instance: '/x',
      code,
      requestId: 'r-1',
    };
    return this.json(route, { ...problem, ...more }, status);
  }

  /** Everything that no route was told for. */
  otherwise(handler: Handler): this {
    this.fallback = handler;
    return this;
  }

  forget(): void {
    this.asked.length = 0;
    this.fallback = undefined;
    this.handlers.clear();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = '', headers } = request;
    const url = new URL(request.url ?? '/', 'http://service');
    const asked = { method, url, headers, body };
    this.asked.push(asked);
    const handler = this.handlers.get(`${method} ${url.pathname}`) ?? this.fallback;
    if (handler !== undefined) return handler(asked, response);
    response.writeHead(599).end(`nothing was told for ${method} ${url.pathname}`);
  }
}
