import { createHash } from 'node:crypto';

/** What came from outside is not what seals.md says it must be. The message names the field, and what was found in short. */
export class SealFormatError extends Error {
  override readonly name = 'SealFormatError';
  constructor(
    readonly where: string,
    readonly field: string,
    readonly expected: string,
    found: unknown,
  ) {
    super(`${where}: ${field}: expected ${expected}, found ${shown(found)}`);
  }
}

/** How much of a wrong value a message shows. */
const SHOWN = 80;
const TEXT_LIMIT = 1024;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** What one field must be. */
export interface FieldRule {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

export type FieldRules = Readonly<Record<string, FieldRule>>;

export const exactly = (wanted: string | number): FieldRule => ({
  expected: JSON.stringify(wanted),
  holds: (value) => value === wanted,
});

export const wholeNumber = (min: number, max: number = Number.MAX_SAFE_INTEGER): FieldRule => ({
  expected: max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`,
  holds: (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
});

/** Not empty unless `min` is 0. */
export const words = (min = 1): FieldRule => ({
  expected: `a text of ${min} to ${TEXT_LIMIT} characters`,
  holds: (value) => typeof value === 'string' && value.length >= min && value.length <= TEXT_LIMIT,
});

export const hexHash: FieldRule = {
  expected: '64 lower-case hex digits',
  holds: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
};

export const publicKeyText: FieldRule = bytesText(KEY_BYTES);
export const signatureText: FieldRule = bytesText(SIGNATURE_BYTES);

export const instantText: FieldRule = {
  expected: 'a time as in 2026-01-02T03:04:05.678Z',
  holds: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
};

/**
 * Every field there and as the rules say, and no other one: what is not named here would be signed without being
 * understood, or be understood without being signed.
 * @throws SealFormatError naming the first field that is not
 */
export function checkFields(where: string, value: unknown, rules: FieldRules): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SealFormatError(where, 'the whole', 'an object', value);
  const fields = value as Readonly<Record<string, unknown>>;
  for (const [field, { expected, holds }] of Object.entries(rules))
    if (!Object.hasOwn(fields, field) || !holds(fields[field]))
      throw new SealFormatError(where, field, expected, Object.hasOwn(fields, field) ? fields[field] : undefined);
  const unknown = Object.keys(fields).find((field) => !Object.hasOwn(rules, field));
  if (unknown !== undefined)
    throw new SealFormatError(where, unknown.slice(0, SHOWN), 'no such field', fields[unknown]);
}

/** Key and key id belong together. @throws SealFormatError */
export function checkKeyId(
  where: string,
  { keyId, publicKey }: { readonly keyId: string; readonly publicKey: string },
): void {
  const expected = keyIdOf(Buffer.from(publicKey, 'base64'));
  if (keyId !== expected) throw new SealFormatError(where, 'keyId', `${expected}, the sha256 of publicKey`, keyId);
}

/** Lower-case hex of sha256 over the 32 raw bytes of an Ed25519 public key. */
export const keyIdOf = (publicKey: Uint8Array): string => createHash('sha256').update(publicKey).digest('hex');

/** Padded base64 that decodes to so many bytes and is written in the one way there is for them. */
function bytesText(length: number): FieldRule {
  return {
    expected: `base64 of ${length} bytes`,
    holds: (value) => {
      if (typeof value !== 'string' || value.length > TEXT_LIMIT) return false;
      const bytes = Buffer.from(value, 'base64');
      return bytes.length === length && bytes.toString('base64') === value;
    },
  };
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'object' && value !== null ? 'an object' : (JSON.stringify(value) ?? typeof value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
