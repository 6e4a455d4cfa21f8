import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { pinoHttp } from 'pino-http';
import type { Log } from '../logging/log.ts';
import type { Telemetry } from '../metrics/telemetry.ts';
import { shapeProblem } from './json-shape.ts';
import { ProblemError } from './problem.ts';
import { sendProblem } from './problem-filter.ts';
import { routeOf } from './routes.ts';
import { DOCS_POLICY } from './openapi.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** One line a request: method, path, status, time. No headers, no query, no body. */
export function accessLog(logger: Log): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: (request, response) => {
      const given = request.headers['x-request-id'];
      const id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { reqId: 'requestId' },
    customProps: (request, response) => ({
      method: request.method,
      path: (request as Request).path,
      status: response.statusCode,
    }),
    customLogLevel: (_, response, error) =>
      error !== undefined || response.statusCode >= 500 ? 'error' : response.statusCode >= 400 ? 'info' : 'debug',
    wrapSerializers: false,
  });
}

/** Duration by route template and status class. */
export function requestMetrics(telemetry: Telemetry, seconds: () => number): RequestHandler {
  return (request, response, next) => {
    const began = seconds();
    const route = routeOf(request.path) ?? 'other';
    response.once('close', () => {
      telemetry.httpRequest(request.method, route, response.statusCode, seconds() - began);
    });
    next();
  };
}

/** Nothing is kept by caches, nothing is guessed by browsers; the document page loads nothing from elsewhere. */
export function safeHeaders(request: Request, response: Response, next: NextFunction): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (request.path.startsWith('/v1/')) response.setHeader('Cache-Control', 'no-store');
  if (request.path.startsWith('/docs')) response.setHeader('Content-Security-Policy', DOCS_POLICY);
  next();
}

/** Once the service stops, connections that are still open get a clear answer and are closed. */
export function refuseWhileStopping(isStopping: () => boolean): RequestHandler {
  return (request, response, next) => {
    if (!isStopping()) return next();
    response.setHeader('Connection', 'close');
    const headers = { 'Retry-After': '5' };
    sendProblem(
      request,
      response,
      new ProblemError('shutting-down', 'The service is stopping. Try again.', { headers }),
    );
  };
}

/** A body that is not JSON would be taken for no body at all. */
export function onlyJson(request: Request, _: Response, next: NextFunction): void {
  const isEmpty = request.headers['content-length'] === '0';
  if (isEmpty || request.is('application/json') !== false) return next();
  const found = request.headers['content-type']?.slice(0, 80) ?? 'no Content-Type';
  next(new ProblemError('unsupported-media-type', `Expected Content-Type: application/json; found ${found}.`));
}

const TIMERS = new WeakMap<Request, NodeJS.Timeout>();

/** A client that sends its body too slowly is told so and let go. */
export function bodyDeadline(patienceMs: number): RequestHandler {
  return (request, response, next) => {
    const timer = setTimeout(() => {
      const detail = `Expected the whole body within ${patienceMs} ms.`;
      response.setHeader('Connection', 'close');
      response.once('finish', () => request.socket.destroy());
      sendProblem(request, response, new ProblemError('request-timeout', detail));
    }, patienceMs);
    TIMERS.set(request, timer);
    response.once('close', () => clearTimeout(timer));
    next();
  };
}

/** The body is here: the deadline is off, and its shape is checked. */
export function bodyArrived(request: Request, _: Response, next: NextFunction): void {
  clearTimeout(TIMERS.get(request));
  const problem = request.body === undefined ? undefined : shapeProblem(request.body);
  if (problem === undefined) return next();
  next(new ProblemError('validation-failed', 'One field is not as expected.', { errors: [problem] }));
}
