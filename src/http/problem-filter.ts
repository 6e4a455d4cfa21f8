import { Catch, NotFoundException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Log } from '../logging/log.ts';
import { faultToProblem } from './fault.ts';
import { problemOf, ProblemError } from './problem.ts';
import type { ProblemCode } from './problem-table.ts';
import { methodsOf, routeOf } from './routes.ts';

/** What follows a request through its life, kept in `response.locals`. */
export interface Trail {
  readonly requestId: string;
  readonly log: Log;
}

/** The service is as it should be when it answers so: nothing failed, and metrics count them. */
const REFUSALS: ReadonlySet<ProblemCode> = new Set(['shutting-down', 'too-many-streams']);

/** Everything that is thrown becomes problem details; what is our fault is logged with its cause. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const isRouteUnknown = exception instanceof NotFoundException;
    sendProblem(request, response, isRouteUnknown ? unrouted(request) : faultToProblem(exception));
  }
}

/** Writes a problem, unless an answer has begun: then the connection is cut, so that nobody takes half an answer for a whole. */
export function sendProblem(request: Request, response: Response, error: ProblemError): void {
  const { requestId, log } = response.locals as Trail;
  if (error.status >= 500 && !REFUSALS.has(error.code))
    log.error({ err: error.more.cause ?? error, code: error.code }, 'the request failed');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { path } = request;
  for (const [name, value] of Object.entries(error.more.headers ?? {})) response.setHeader(name, value);
  response.status(error.status).type('application/problem+json');
  response.send(JSON.stringify(problemOf(error, path, requestId)));
}

function unrouted({ path, method }: Request): ProblemError {
  const template = routeOf(path);
  if (template === undefined)
    return new ProblemError('route-unknown', 'Expected one of the routes listed at /openapi.json.');
  const allowed = methodsOf(template).join(', ');
  return new ProblemError('method-not-allowed', `Expected ${allowed}; found ${method}.`, {
    headers: { Allow: allowed },
  });
}
