import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Log } from '../logging/log.ts';
import type { Telemetry } from '../metrics/telemetry.ts';
import { shapeProblem } from './json-shape.ts';
import { ProblemError } from './problem.ts';
import { sendProblem } from './problem-filter.ts';
import type { Trail } from './problem-filter.ts';
import { routeOf } from './routes.ts';
import { isStreamed } from './streaming.ts';
import { DOCS_POLICY } from './openapi.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** An id for every request (the client's own when it is one), told in the answer, and one line in the log at its end. */
export function accessLog(log: Log): RequestHandler {
  return (request, response, next) => {
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    const trail: Trail = { requestId, log: log.child({ requestId }) };
    Object.assign(response.locals, trail);
    response.setHeader('X-Request-Id', requestId);
    const began = performance.now();
    response.once('close', () => {
      const ms = Math.round((performance.now() - began) * 10) / 10;
      const { method, path } = request;
      const line = { method, path, status: response.statusCode, ms };
      if (response.writableFinished || isStreamed(response)) trail.log.debug(line, 'request');
      else trail.log.info(line, 'the client left before the answer');
    });
    next();
  };
}

/** Duration by route template and status class. A long answer takes as long as its client likes, which says nothing. */
export function requestMetrics(telemetry: Telemetry, seconds: () => number): RequestHandler {
  return (request, response, next) => {
    const began = seconds();
    const route = routeOf(request.path) ?? 'other';
    response.once('close', () => {
      if (!isStreamed(response)) telemetry.httpRequest(request.method, route, response.statusCode, seconds() - began);
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

/** Where bytes are no text a decoder puts another character, and that would be recorded. */
export function onlyUtf8(request: Request & { rawBody?: Buffer }, _: Response, next: NextFunction): void {
  const { rawBody } = request;
  delete request.rawBody;
  if (rawBody === undefined || isUtf8(rawBody)) return next();
  next(new ProblemError('malformed-json', 'Expected a JSON object in UTF-8; found bytes that are none.'));
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
