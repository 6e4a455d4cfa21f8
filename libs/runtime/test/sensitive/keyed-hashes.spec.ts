import { createHmac } from 'node:crypto';
import { KeyedHashes } from '#runtime';

const KEY = new Uint8Array(32).fill(7);
const OTHER_KEY = new Uint8Array(32).fill(8);
const PLACED = { executionId: '0195a1b2-0000-7000-8000-000000000001', name: 'DB_PASSWORD', value: 'hunter2 ünï' };

/** As docs/reference/redacted-values.md says it, written a second time. */
function asDocumented(key: Uint8Array, parts: readonly string[]): string {
  const bytes = parts.flatMap((part) => {
    const utf8 = [...new TextEncoder().encode(part)];
    return [0, 0, 0, 0, 0, 0, utf8.length >> 8, utf8.length & 255, ...utf8];
  });
  return createHmac('sha256', key).update(Uint8Array.from(bytes)).digest('hex');
}

test('the hash is what the format says', () => {
  const { executionId, name, value } = PLACED;
  const hex = asDocumented(KEY, ['workflow-execution parameter 1', executionId, name, value]);
  expect(new KeyedHashes(KEY).hash(PLACED)).toMatch(new RegExp(`^hmac-sha256:[0-9a-f]{16}:${hex}$`));
});

test.each(['executionId', 'name', 'value'] as const)('another %s has another hash', (field) => {
  const hashes = new KeyedHashes(KEY);
  const other = { ...PLACED, [field]: `${PLACED[field]}x` };
  expect(hashes.hash(other)).not.toBe(hashes.hash(PLACED));
  expect(hashes.compare(other, hashes.hash(PLACED))).toBe('other');
});

test('name and value are not run together', () => {
  const hashes = new KeyedHashes(KEY);
  expect(hashes.hash({ ...PLACED, name: 'AB', value: 'C' })).not.toBe(
    hashes.hash({ ...PLACED, name: 'A', value: 'BC' }),
  );
});

test('another key makes another hash, and says by its id that it is another one', () => {
  const [one, other] = [new KeyedHashes(KEY).hash(PLACED), new KeyedHashes(OTHER_KEY).hash(PLACED)];
  expect(one.split(':')[1]).not.toBe(other.split(':')[1]);
  expect(new KeyedHashes(KEY).compare(PLACED, other)).toBe('unknown');
});

test('hashes of an earlier key are known, new ones are made with the current one', () => {
  const hashes = new KeyedHashes(OTHER_KEY, [KEY]);
  expect(hashes.compare(PLACED, new KeyedHashes(KEY).hash(PLACED))).toBe('same');
  expect(hashes.hash(PLACED)).toBe(new KeyedHashes(OTHER_KEY).hash(PLACED));
});

test.each(['', 'hunter2 ünï', 'hmac-sha256:', 'sha256:x:y'])('%j is no hash of ours', (recorded) => {
  expect(new KeyedHashes(KEY).compare(PLACED, recorded)).toBe('unknown');
});

test('a key that could be guessed is refused', () => {
  expect(() => new KeyedHashes(new Uint8Array(31))).toThrow(/at least 32 bytes; found 31/);
});
