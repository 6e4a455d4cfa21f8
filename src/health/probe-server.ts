import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';

/** An answer of a probe or of the metrics page. */
export interface PlainAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export type PlainRoutes = Readonly<Record<string, () => Promise<PlainAnswer>>>;

export const json = (status: number, content: object): PlainAnswer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: `${JSON.stringify(content)}\n`,
});

/** A server for a few fixed paths, apart from the REST API so that its load and its troubles are not theirs. */
export function createPlainServer(routes: PlainRoutes): Server {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    const path = (request.url ?? '/').split('?')[0] as string;
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined)
      return send(response, json(404, { message: `expected ${Object.keys(routes).join(' or ')}` }));
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(response.setHeader('Allow', 'GET, HEAD'), json(405, { message: 'expected GET' }));
    route().then(
      (answer) => send(response, answer),
      () => send(response, json(500, { message: 'this could not be answered' })),
    );
  });
  server.keepAliveTimeout = 5_000;
  return server;
}

function send(response: ServerResponse, { status, type, body }: PlainAnswer): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  response.end(body);
}
