import { createHash, randomUUID } from 'node:crypto';

/** Where identities come from, so that tests own them. */
export interface Ids {
  /** A time-ordered UUID (version 7) for an execution. */
  execution(nowMs: number): string;
  /** Any unique id for a command. */
  command(): string;
}

export const systemIds: Ids = { execution: uuidV7, command: () => randomUUID() };

/** UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits. */
function uuidV7(nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, '0');
  const random = randomUUID().replaceAll('-', '');
  const hex = `${time}7${random.slice(13, 16)}${random.slice(16)}`;
  return dashed(hex);
}

const NAMESPACE = Buffer.from('7d5c1f3a9b2e5d4f8a6c0e1b3f5a7c9d', 'hex');

/**
 * Id of the `index`-th event a command records in a stream: UUIDv5, so that repeating an append with the same command
 * id finds its first attempt.
 */
export function eventId(stream: string, commandId: string, index: number): string {
  const hash = createHash('sha1').update(NAMESPACE).update(`${stream}/${commandId}/${index}`).digest();
  hash[6] = ((hash[6] as number) & 0x0f) | 0x50;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  return dashed(hash.subarray(0, 16).toString('hex'));
}

const dashed = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
