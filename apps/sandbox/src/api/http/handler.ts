import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fields } from '../../store/object.ts';
import type { ApiContext, ResourceRequest } from '../context.ts';
import { documentFor, pathsOf } from '../documents/documents.ts';
import { meets } from '../faults.ts';
import type { FaultAction, FaultMatcher, Faults } from '../faults.ts';
import { ApiError, badRequest, methodNotAllowed } from '../status.ts';
import { readBody } from './body.ts';
import { awaitRevision, dispatch } from './dispatch.ts';
import { isLoopbackHost } from './loopback.ts';
import { represent } from './representation.ts';
import { sendError, sendJson, sendText } from './respond.ts';
import { routeOf, verbOf } from './route.ts';
import type { Route } from './route.ts';
import { WatchConnection } from './watches.ts';

export interface HandlerOptions {
  readonly bookmarkIntervalMs: number;
  /** How long a list waits for a resourceVersion that is not there yet. */
  readonly revisionWaitMs: number;
}

/** Answers HTTP requests, and knows the watches that are open. */
export class RequestHandler {
  readonly #api: ApiContext;
  readonly #faults: Faults;
  readonly #options: HandlerOptions;
  readonly #watches = new Set<WatchConnection>();

  constructor(api: ApiContext, faults: Faults, options: HandlerOptions) {
    this.#api = api;
    this.#faults = faults;
    this.#options = options;
  }

  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(incoming, response);
    } catch (error) {
      sendError(response, error);
    }
  }

  watches(matcher: FaultMatcher = {}): readonly WatchConnection[] {
    return [...this.#watches].filter(({ request }) => meets(matcher, request));
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLoopbackHost(incoming.headers.host)) {
      throw new ApiError(403, 'Forbidden', 'the sandbox answers only requests that name this machine as their host');
    }
    const url = new URL(incoming.url ?? '/', 'http://sandbox');
    const route = routeOf(url.pathname, this.#api.types);
    if (route?.kind === 'resource') await this.#resource(incoming, response, route, url.searchParams);
    else this.#document(incoming, response, route);
  }

  #document(incoming: IncomingMessage, response: ServerResponse, route: Route | undefined): void {
    const found =
      route?.kind === 'document' && incoming.method === 'GET'
        ? documentFor(route.segments, incoming.headers.accept ?? '', this.#api.types)
        : undefined;
    if (!found && isRooted(route)) sendJson(response, 404, { paths: pathsOf(this.#api.types) });
    else if (!found) sendText(response, 404, '404 page not found\n');
    else if (typeof found.body === 'string') sendText(response, 200, found.body);
    else
      sendJson(
        response,
        found.code ?? 200,
        found.body,
        found.contentType === undefined ? {} : { contentType: found.contentType },
      );
  }

  async #resource(
    incoming: IncomingMessage,
    response: ServerResponse,
    route: Extract<Route, { kind: 'resource' }>,
    query: URLSearchParams,
  ): Promise<void> {
    const body = await readBody(incoming);
    const request = requestOf(incoming, route, query, body);
    if (request === undefined) {
      sendText(response, 404, '404 page not found\n');
      return;
    }
    const fault = this.#faults.take(request);
    if (fault && (await this.#faulted(fault, request, response))) return;
    if (request.verb === 'watch') this.#watch(request, response);
    else await this.#reply(request, response);
  }

  async #reply(request: ResourceRequest, response: ServerResponse): Promise<void> {
    await awaitRevision(this.#api, request, this.#options.revisionWaitMs);
    const { code, body, warnings = [] } = dispatch(this.#api, request);
    sendJson(response, code, represent(body as Fields, request, this.#api.clock()), { warnings });
  }

  #watch(request: ResourceRequest, response: ServerResponse): void {
    const watch = new WatchConnection(this.#api, request, response, this.#options.bookmarkIntervalMs, (ended) =>
      this.#watches.delete(ended),
    );
    this.#watches.add(watch);
  }

  /** Plays a fault; true when the request is answered by it. */
  async #faulted(fault: FaultAction, request: ResourceRequest, response: ServerResponse): Promise<boolean> {
    if (fault.kind === 'delay') {
      await wait(fault.ms);
      return false;
    }
    const applied = fault.kind === 'drop' ? fault.when === 'after' : fault.applied === true;
    if (applied && request.verb !== 'watch') dispatch(this.#api, request);
    if (fault.kind === 'drop') response.destroy();
    else sendError(response, faultStatus(fault.code, fault.retryAfterSeconds));
    return true;
  }
}

/** Outside the API the server answers with what there is instead. */
function isRooted(route: Route | undefined): boolean {
  return route?.kind === 'document' && route.segments[0] !== 'api' && route.segments[0] !== 'apis';
}

function faultStatus(code: number, retryAfterSeconds: number | undefined): ApiError {
  const reasons: Readonly<Record<number, string>> = {
    429: 'TooManyRequests',
    500: 'InternalError',
    503: 'ServiceUnavailable',
    504: 'Timeout',
  };
  const details = retryAfterSeconds === undefined ? undefined : { retryAfterSeconds };
  return new ApiError(code, reasons[code], `the sandbox was told to answer ${code}`, details);
}

/** Undefined where nothing is served; @throws ApiError for a method that makes no sense there. */
function requestOf(
  incoming: IncomingMessage,
  route: Extract<Route, { kind: 'resource' }>,
  query: URLSearchParams,
  body: Buffer,
): ResourceRequest | undefined {
  const { type, namespace, name, subresource } = route;
  const watch = query.get('watch') === 'true' || query.get('watch') === '1';
  const verb = verbOf(incoming.method ?? 'GET', name !== undefined, watch);
  if (verb === undefined) throw name === undefined ? badRequest('name must be provided') : methodNotAllowed();
  if (type.namespaced && namespace === undefined && verb !== 'list' && verb !== 'watch') return undefined;
  return {
    verb,
    type,
    query,
    body,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
    accept: incoming.headers.accept ?? '',
    contentType: incoming.headers['content-type'] ?? '',
    userAgent: incoming.headers['user-agent'] ?? '',
  };
}
