import { readConfig } from '../../src/config/read-config.ts';
import type { KeyVault } from '../../src/keys/key-vault.ts';
import { sensitivityFor } from '../../src/wiring/sensitivity.ts';

const PLACED = { executionId: '0195a1b2-0000-7000-8000-000000000001', name: 'DB_PASSWORD', value: 'hunter2' };
const configured = (environment: Record<string, string> = {}) => readConfig(undefined, environment);
const REDACT = configured({ WFE_EXECUTION_SENSITIVE_PARAMETERS: 'redact' });

class MemoryVault implements KeyVault {
  readonly place = 'memory';
  readonly keys = new Map<string, Uint8Array>();

  async read(name: string): Promise<Uint8Array | undefined> {
    return this.keys.get(name);
  }

  async create(name: string, bytes: Uint8Array): Promise<void> {
    this.keys.set(name, bytes);
  }
}

test('the key is made once and found again', async () => {
  const vault = new MemoryVault();
  const first = (await sensitivityFor(REDACT, vault)).hashes.hash(PLACED);
  expect([...vault.keys]).toEqual([['redaction-1', expect.objectContaining({ length: 32 })]]);
  expect((await sensitivityFor(REDACT, vault)).hashes.hash(PLACED)).toBe(first);
});

test('a key with the next name takes over, and hashes of the one before are known', async () => {
  const vault = new MemoryVault();
  const before = (await sensitivityFor(REDACT, vault)).hashes.hash(PLACED);
  await vault.create('redaction-2', new Uint8Array(32).fill(9));
  const { hashes } = await sensitivityFor(REDACT, vault);
  expect(hashes.hash(PLACED)).not.toBe(before);
  expect(hashes.compare(PLACED, before)).toBe('same');
});

test('who refuses needs no key that is kept, but knows the hashes from before', async () => {
  const vault = new MemoryVault();
  await sensitivityFor(configured(), vault);
  expect(vault.keys.size).toBe(0);
  const recorded = (await sensitivityFor(REDACT, vault)).hashes.hash(PLACED);
  expect((await sensitivityFor(configured(), vault)).hashes.compare(PLACED, recorded)).toBe('same');
});

test('a key that was cut is told by its name, and not used', async () => {
  const vault = new MemoryVault();
  await vault.create('redaction-1', new Uint8Array(16));
  await expect(sensitivityFor(REDACT, vault)).rejects.toThrow(
    /redaction-1 in memory: expected at least 32 bytes, found 16/,
  );
});

test('the names are those of the configuration', async () => {
  const { isSensitive } = await sensitivityFor(
    configured({ WFE_EXECUTION_SENSITIVE_NAMES: 'pin, card number' }),
    new MemoryVault(),
  );
  expect(['userPin', 'CARD_NUMBER', 'password'].map(isSensitive)).toEqual([true, true, false]);
});
