import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { SealKey } from '#event-store';
import { keyIdOf } from '#event-store';

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A key whose 32 bytes of seed are all the same: the same in every run. Never to be used for anything real. */
export function sampleKey(fill: number): SealKey {
  const seed = Buffer.alloc(32, fill);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { keyId: keyIdOf(publicKey), publicKey, sign: async (bytes) => sign(null, bytes, key) };
}
