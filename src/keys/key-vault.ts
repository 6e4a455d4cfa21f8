/**
 * A place where the service keeps key material: a folder of files, or a Secret. A key, once there, is never overwritten or
 * removed by the service: what it signed or hashed must stay checkable.
 */
export interface KeyVault {
  /** Where it is, for messages to people. */
  readonly place: string;
  /** The bytes under this name; undefined when there are none. @throws when the vault cannot be read */
  read(name: string): Promise<Uint8Array | undefined>;
  /**
   * Keeps the bytes; when it resolves, they survive power loss. Safe to repeat with the same bytes.
   * @throws KeyExistsError when others are there under this name; any other error when the vault cannot be written
   */
  create(name: string, bytes: Uint8Array): Promise<void>;
}

/** Other bytes are there under this name. */
export class KeyExistsError extends Error {
  override readonly name = 'KeyExistsError';
  constructor(name: string, place: string) {
    super(`${place} holds another key named ${name} already; keys are never overwritten`);
  }
}

/** Names that are good in a file system and in a Secret. */
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/;
/** Bytes of one key. */
export const KEY_BYTES_LIMIT = 4096;

/** @throws RangeError for a name or length no vault takes: a bug */
export function checkKey(name: string, bytes?: Uint8Array): void {
  if (!NAME.test(name)) throw new RangeError('name of a key: expected 1 to 100 lower-case letters, digits and dashes');
  if (bytes === undefined) return;
  if (bytes.length === 0 || bytes.length > KEY_BYTES_LIMIT)
    throw new RangeError(`key ${name}: expected 1 to ${KEY_BYTES_LIMIT} bytes, found ${bytes.length}`);
}

/** The key of this name; made and kept when there is none. Of two who make one at once, both get the one that was kept. */
export async function keyOf(vault: KeyVault, name: string, generate: () => Uint8Array): Promise<Uint8Array> {
  const found = await vault.read(name);
  if (found !== undefined) return found;
  const made = generate();
  try {
    await vault.create(name, made);
    return made;
  } catch (error) {
    const kept = error instanceof KeyExistsError ? await vault.read(name) : undefined;
    if (kept === undefined) throw error;
    return kept;
  }
}
