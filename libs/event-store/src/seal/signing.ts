import { createPublicKey, verify } from 'node:crypto';
import type { JsonObject } from '#execution';
import { canonicalJson } from '../canonical-json.ts';
import { keyIdOf } from './fields.ts';
import {
  KEY_ALGORITHM,
  LOG_SEALED,
  ROLLBACK_ACCEPTED,
  SEAL_ALGORITHM,
  SEAL_FORMAT,
  SEAL_KEY_INTRODUCED,
  SEAL_KEY_ROTATED,
} from './seal-events.ts';
import type {
  LogSealed,
  RollbackAccepted,
  SealEvent,
  SealEventType,
  SealKeyIntroduced,
  SealKeyRotated,
} from './seal-events.ts';

/** Set before what is signed, so that a signature of a seal can never pass for one of something else. */
const PURPOSE = 'workflow-execution/seal/1';
/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410), all but the key itself. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** A key that signs seals. Where the private half is kept is its own affair. */
export interface SealKey {
  /** Lower-case hex of sha256 over `publicKey`. */
  readonly keyId: string;
  /** The 32 raw bytes. */
  readonly publicKey: Uint8Array;
  /** The 64 bytes of an Ed25519 signature (RFC 8032). Signing the same bytes again gives the same signature. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** The bytes a signature of an event of `seal-log` is over: purpose, type, and its data without the signatures. */
export function signedBytes(type: SealEventType, data: object): Uint8Array {
  const signed: JsonObject = { ...(data as JsonObject), signature: undefined, previousSignature: undefined };
  return Buffer.from(`${PURPOSE}\n${type}\n${canonicalJson(signed, 'data')}`, 'utf8');
}

export async function signedSeal(
  key: SealKey,
  seal: Omit<LogSealed, 'format' | 'algorithm' | 'keyId' | 'signature'>,
): Promise<LogSealed> {
  const data = { ...seal, format: SEAL_FORMAT, algorithm: SEAL_ALGORITHM, keyId: key.keyId } as const;
  return { ...data, signature: await signature(key, LOG_SEALED, data) };
}

export async function signedIntroduction(key: SealKey, reason: string): Promise<SealKeyIntroduced> {
  const data = keyFields(key, reason);
  return { ...data, signature: await signature(key, SEAL_KEY_INTRODUCED, data) };
}

/** Signed by both: the old key vouches for the new one, and the new one shows that somebody holds it. */
export async function signedRotation(previous: SealKey, next: SealKey, reason: string): Promise<SealKeyRotated> {
  const data = { ...keyFields(next, reason), previousKeyId: previous.keyId };
  return {
    ...data,
    signature: await signature(next, SEAL_KEY_ROTATED, data),
    previousSignature: await signature(previous, SEAL_KEY_ROTATED, data),
  };
}

export async function signedAcceptance(
  key: SealKey,
  acceptance: Omit<RollbackAccepted, 'format' | 'algorithm' | 'keyId' | 'signature'>,
): Promise<RollbackAccepted> {
  const data = { ...acceptance, format: SEAL_FORMAT, algorithm: KEY_ALGORITHM, keyId: key.keyId } as const;
  return { ...data, signature: await signature(key, ROLLBACK_ACCEPTED, data) };
}

/** True when `signature` (base64) is by the key with these 32 raw bytes, over the data as the format says. */
export function isSignedBy(publicKey: Uint8Array, type: SealEventType, data: object, signature: string): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  return verify(null, signedBytes(type, data), key, Buffer.from(signature, 'base64'));
}

/** True when the event's own signature is by this key; for a rotation that is the new one, and `isVouchedFor` asks the old. */
export function isSealSignedBy(publicKey: Uint8Array, event: SealEvent): boolean {
  return isSignedBy(publicKey, event.type, event.data, event.data.signature);
}

/** True when the key in force before vouches for the new one. */
export function isVouchedFor(previousPublicKey: Uint8Array, rotation: SealKeyRotated): boolean {
  if (keyIdOf(previousPublicKey) !== rotation.previousKeyId) return false;
  return isSignedBy(previousPublicKey, SEAL_KEY_ROTATED, rotation, rotation.previousSignature);
}

const keyFields = (key: SealKey, reason: string) =>
  ({
    format: SEAL_FORMAT,
    algorithm: KEY_ALGORITHM,
    keyId: key.keyId,
    publicKey: Buffer.from(key.publicKey).toString('base64'),
    reason,
  }) as const;

const signature = async (key: SealKey, type: SealEventType, data: object): Promise<string> =>
  Buffer.from(await key.sign(signedBytes(type, data))).toString('base64');
