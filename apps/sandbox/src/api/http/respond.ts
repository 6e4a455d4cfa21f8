import type { ServerResponse } from 'node:http';
import { ApiError } from '../status.ts';

/** On every answer: nobody shall take this for a cluster. */
export const SANDBOX_HEADER = { 'X-Sandbox': 'simulates a cluster' } as const;

export function sendJson(
  response: ServerResponse,
  code: number,
  body: unknown,
  options: { warnings?: readonly string[]; contentType?: string; retryAfterSeconds?: number } = {},
): void {
  const text = JSON.stringify(body);
  const warnings = (options.warnings ?? []).map((warning) => `299 - ${quoted(warning)}`);
  response.writeHead(code, {
    ...SANDBOX_HEADER,
    'Cache-Control': 'no-cache, private',
    'Content-Type': options.contentType ?? 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...(options.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(options.retryAfterSeconds) }),
    ...(warnings.length > 0 ? { Warning: warnings } : {}),
  });
  response.end(text);
}

export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, {
    ...SANDBOX_HEADER,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(text);
}

export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = error instanceof ApiError ? error : internalError(error);
  const retry = known.details?.retryAfterSeconds;
  sendJson(response, known.code, known.status(), retry === undefined ? {} : { retryAfterSeconds: retry });
}

/** A mistake of the sandbox itself, said so that it can be found. */
function internalError(error: unknown): ApiError {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ApiError(500, 'InternalError', `Internal error occurred: ${text}`);
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
