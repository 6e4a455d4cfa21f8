import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { SealKey } from '#event-store';
import { keyIdOf } from '#event-store';
import type { SealKeys } from '#runtime';
import type { KeyVault } from '../keys/key-vault.ts';

const SEED_BYTES = 32;
/** PKCS #8 of an Ed25519 key (RFC 8410), all but its 32 bytes of seed. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Keys that sign seals, in a vault: the seed of the key with id ABC under the name `seal-ABC`. */
export class VaultSealKeys implements SealKeys {
  readonly place: string;

  constructor(private readonly vault: KeyVault) {
    this.place = vault.place;
  }

  /** @throws Error also when what is kept under that name is another key */
  async find(keyId: string): Promise<SealKey | undefined> {
    const seed = await this.vault.read(nameOf(keyId));
    if (seed === undefined) return undefined;
    const key = seed.length === SEED_BYTES ? keyFrom(seed) : undefined;
    if (key?.keyId === keyId) return key;
    throw new Error(`expected the key ${keyId} under the name ${nameOf(keyId)}, found another or a damaged one`);
  }

  async create(): Promise<SealKey> {
    const { privateKey } = generateKeyPairSync('ed25519');
    const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-SEED_BYTES);
    const key = keyFrom(seed);
    await this.vault.create(nameOf(key.keyId), seed);
    return key;
  }
}

const nameOf = (keyId: string): string => `seal-${keyId}`;

function keyFrom(seed: Uint8Array): SealKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-SEED_BYTES);
  return { keyId: keyIdOf(publicKey), publicKey, sign: async (bytes) => sign(null, bytes, privateKey) };
}
