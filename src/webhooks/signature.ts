import { createHmac } from 'node:crypto';
import type { SigningKeys } from './secret.ts';

/**
 * The three headers of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`, one
 * signature for each key. The timestamp is that of the attempt, so that old messages cannot be sent again by others.
 */
export function signatureHeaders(
  id: string,
  nowMs: number,
  body: string,
  keys: SigningKeys,
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signed = `${id}.${timestamp}.${body}`;
  const signatures = keys.map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
