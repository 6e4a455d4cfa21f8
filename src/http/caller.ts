import type { IncomingHttpHeaders } from 'node:http';
import type { CommandContext } from '#runtime';
import { idempotencyKey } from './schemas/requests.ts';
import { refused } from './validation.ts';

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Nobody is authenticated yet, so nobody has a name: headers that claim one are not believed. */
export function callerOf(headers: IncomingHttpHeaders): CommandContext {
  const { traceparent } = headers;
  const isTraced = typeof traceparent === 'string' && TRACEPARENT.test(traceparent);
  return { actor: { user: 'anonymous' }, source: 'rest', ...(isTraced && { traceparent }) };
}

/** @throws ProblemError when the header is there and is no key */
export function idempotencyKeyOf(headers: IncomingHttpHeaders): string | undefined {
  const given = headers['idempotency-key'];
  if (given === undefined) return undefined;
  const parsed = idempotencyKey.safeParse(given);
  if (parsed.success) return parsed.data;
  throw refused(parsed.error.issues.map((issue) => ({ ...issue, path: ['Idempotency-Key'] })));
}
