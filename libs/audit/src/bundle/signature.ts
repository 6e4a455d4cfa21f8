import { createPublicKey, verify } from 'node:crypto';

/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410), all but the key itself. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** True when this is the Ed25519 signature (base64) of the bytes by the key with these 32 raw bytes. */
export function isSignature(publicKey: Uint8Array, bytes: Uint8Array, signature: string): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  return verify(null, bytes, key, Buffer.from(signature, 'base64'));
}
