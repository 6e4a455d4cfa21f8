import { createPublicKey } from 'node:crypto';
import { parsePublishedHead, SealFormatError, type PublishedHead } from '#event-store';
import { Failure } from '../exit-codes.ts';
import { readText } from './read-text.ts';

/** A key or a head is short; of anything longer the beginning says enough. */
const MAX_BYTES = 64 * 1024;
const KEY_BYTES = 32;
const HEX = /^[0-9a-fA-F]{64}$/;
const BASE64 = /^[A-Za-z0-9+/]{43}=$/;

/** An Ed25519 public key as its 32 raw bytes, from a file with PEM, base64 or hex. @throws Failure */
export async function readKey(path: string): Promise<Uint8Array> {
  const text = (await readText(path, MAX_BYTES)).trim();
  if (HEX.test(text)) return Buffer.from(text, 'hex');
  if (BASE64.test(text)) return Buffer.from(text, 'base64');
  const key = /^-----BEGIN PUBLIC KEY-----/.test(text) ? rawOf(text) : undefined;
  if (key !== undefined) return key;
  throw new Failure(
    'usage',
    `expected an Ed25519 public key in ${path}: PEM, or base64 or hex of its 32 bytes; found something else`,
  );
}

function rawOf(pem: string): Uint8Array | undefined {
  try {
    const key = createPublicKey(pem);
    // SPKI of Ed25519 ends with the 32 bytes themselves.
    return key.asymmetricKeyType === 'ed25519'
      ? key.export({ type: 'spki', format: 'der' }).subarray(-KEY_BYTES)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A head that was published outside of the store. @throws Failure */
export async function readHead(path: string): Promise<PublishedHead> {
  const text = await readText(path, MAX_BYTES);
  try {
    return parsePublishedHead(text);
  } catch (error) {
    if (!(error instanceof SealFormatError)) throw error;
    throw new Failure('usage', `expected a published head in ${path}: ${error.message}`, { cause: error });
  }
}
