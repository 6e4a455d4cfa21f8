import { randomBytes } from 'node:crypto';
import { sensitiveNames } from '#execution';
import type { Sensitivity } from '#runtime';
import { KeyedHashes } from '#runtime';
import type { Config } from '../config/schema.ts';
import type { KeyVault } from '../keys/key-vault.ts';
import { keyOf } from '../keys/key-vault.ts';

/** Keys are named `redaction-1`, `redaction-2`, …: the last one makes new hashes, the others are kept for old ones. */
const KEY_NAME = 'redaction';
const MAX_KEYS = 100;
const KEY_BYTES = 32;

/** What the configuration says of sensitive parameters, with the keys of their hashes. @throws Error that says what to do */
export async function sensitivityFor({ execution }: Pick<Config, 'execution'>, vault: KeyVault): Promise<Sensitivity> {
  const policy = execution.sensitiveParameters;
  const hashes = await hashesFor(policy, vault).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the keys in ${vault.place} cannot be used: ${reason}. Let the service read and write there, or say where keys are kept ` +
        '(audit.keys, audit.keyFolder, audit.keySecret, audit.namespace)',
      { cause: error },
    );
  });
  return { policy, isSensitive: sensitiveNames(execution.sensitiveNames), hashes };
}

async function hashesFor(policy: Sensitivity['policy'], vault: KeyVault): Promise<KeyedHashes> {
  const keys = await keysIn(vault);
  const current = keys.pop() ?? (policy === 'redact' ? await keyOf(vault, named(1), newKey) : newKey());
  return new KeyedHashes(current, keys);
}

/** In the order of their names, up to the first that is not there. */
async function keysIn(vault: KeyVault): Promise<Uint8Array[]> {
  const keys: Uint8Array[] = [];
  while (keys.length < MAX_KEYS) {
    const key = await vault.read(named(keys.length + 1));
    if (key === undefined) break;
    if (key.length < KEY_BYTES)
      throw new Error(
        `the key ${named(keys.length + 1)} in ${vault.place}: expected at least ${KEY_BYTES} bytes, found ${key.length}`,
      );
    keys.push(key);
  }
  return keys;
}

const named = (index: number): string => `${KEY_NAME}-${index}`;
const newKey = (): Uint8Array => randomBytes(KEY_BYTES);
