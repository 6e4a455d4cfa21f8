import type { RecordedEvent } from '../port.ts';
import {
  checkFields,
  checkKeyId,
  exactly,
  hexHash,
  publicKeyText,
  SealFormatError,
  signatureText,
  wholeNumber,
  words,
} from './fields.ts';
import type { FieldRules } from './fields.ts';

/** The stream of the seals; docs/reference/seals.md is its format. */
export const SEAL_STREAM = 'seal-log';
export const SEAL_KEY_INTRODUCED = 'SealKeyIntroduced';
export const SEAL_KEY_ROTATED = 'SealKeyRotated';
export const LOG_SEALED = 'LogSealed';
export const ROLLBACK_ACCEPTED = 'RollbackAccepted';

/** Current schema version of each type of `seal-log`. */
export const SEAL_SCHEMA_VERSIONS = {
  [SEAL_KEY_INTRODUCED]: 1,
  [SEAL_KEY_ROTATED]: 1,
  [LOG_SEALED]: 1,
  [ROLLBACK_ACCEPTED]: 1,
} as const;

export type SealEventType = keyof typeof SEAL_SCHEMA_VERSIONS;

/** Algorithms are exact names: another one is refused, so that nothing weaker can be slipped in. */
export const KEY_ALGORITHM = 'ed25519';
export const SEAL_ALGORITHM = 'sha256-rfc6962/ed25519';
export const SEAL_FORMAT = 1;
/** Events one seal covers at most. */
export const SEALED_EVENTS_LIMIT = 10_000;
/** Stands for "the seal before" in the first one. */
export const NO_SEAL = '0'.repeat(64);

/** Hashes and key ids are 64 lower-case hex digits, keys and signatures base64. */
export interface SealKeyIntroduced {
  readonly format: 1;
  readonly algorithm: typeof KEY_ALGORITHM;
  readonly keyId: string;
  readonly publicKey: string;
  readonly reason: string;
  readonly signature: string;
}

export interface SealKeyRotated extends SealKeyIntroduced {
  readonly previousKeyId: string;
  readonly previousSignature: string;
}

export interface LogSealed {
  readonly format: 1;
  readonly algorithm: typeof SEAL_ALGORITHM;
  readonly number: number;
  readonly storeId: string;
  /** Ordinal of the first event covered. */
  readonly from: number;
  readonly events: number;
  /** Position of the last event covered. */
  readonly position: string;
  readonly root: string;
  readonly previousSeal: string;
  readonly keyId: string;
  readonly signature: string;
}

/** Somebody accepted that the log says less than a published head, or something else. */
export interface RollbackAccepted {
  readonly format: 1;
  readonly algorithm: typeof KEY_ALGORITHM;
  readonly storeId: string;
  /** What the head said that the log does not bear out. */
  readonly publishedStoreId: string;
  readonly publishedNumber: number;
  readonly publishedTotal: number;
  readonly publishedSeal: string;
  /** Event hash of the newest seal the log had instead; 64 zeros when it had none. */
  readonly newestSeal: string;
  readonly reason: string;
  readonly keyId: string;
  readonly signature: string;
}

/** An event of `seal-log` whose data are as the format says. Its signatures are not checked by that. */
export type SealEvent =
  | { readonly type: typeof SEAL_KEY_INTRODUCED; readonly data: SealKeyIntroduced }
  | { readonly type: typeof SEAL_KEY_ROTATED; readonly data: SealKeyRotated }
  | { readonly type: typeof LOG_SEALED; readonly data: LogSealed }
  | { readonly type: typeof ROLLBACK_ACCEPTED; readonly data: RollbackAccepted };

const KEY_RULES = {
  format: exactly(SEAL_FORMAT),
  algorithm: exactly(KEY_ALGORITHM),
  keyId: hexHash,
  publicKey: publicKeyText,
  reason: words(0),
  signature: signatureText,
} satisfies FieldRules;

const RULES: Readonly<Record<SealEventType, FieldRules>> = {
  [SEAL_KEY_INTRODUCED]: KEY_RULES,
  [SEAL_KEY_ROTATED]: { ...KEY_RULES, previousKeyId: hexHash, previousSignature: signatureText },
  [LOG_SEALED]: {
    format: exactly(SEAL_FORMAT),
    algorithm: exactly(SEAL_ALGORITHM),
    number: wholeNumber(0),
    storeId: words(),
    from: wholeNumber(0),
    events: wholeNumber(1, SEALED_EVENTS_LIMIT),
    position: words(),
    root: hexHash,
    previousSeal: hexHash,
    keyId: hexHash,
    signature: signatureText,
  },
  [ROLLBACK_ACCEPTED]: {
    format: exactly(SEAL_FORMAT),
    algorithm: exactly(KEY_ALGORITHM),
    storeId: words(),
    publishedStoreId: words(),
    publishedNumber: wholeNumber(0),
    publishedTotal: wholeNumber(1),
    publishedSeal: hexHash,
    newestSeal: hexHash,
    reason: words(0),
    keyId: hexHash,
    signature: signatureText,
  },
};

/** What makes an event of `seal-log` one; enough of a recorded event, and of a line of a bundle. */
export type UncheckedSealEvent = Pick<RecordedEvent, 'type' | 'schemaVersion'> & { readonly data: unknown };

/**
 * The event as the format says it must be: known type and version, exact algorithm names, every field and no other.
 * @throws SealFormatError
 */
export function parseSealEvent(event: UncheckedSealEvent): SealEvent {
  const { type, schemaVersion, data } = event;
  if (!Object.hasOwn(RULES, type))
    throw new SealFormatError(SEAL_STREAM, 'type', `one of ${Object.keys(RULES).join(', ')}`, type);
  const known = type as SealEventType;
  if (schemaVersion !== SEAL_SCHEMA_VERSIONS[known])
    throw new SealFormatError(type, 'schemaVersion', String(SEAL_SCHEMA_VERSIONS[known]), schemaVersion);
  checkFields(type, data, RULES[known]);
  const parsed = { type, data } as SealEvent;
  if (parsed.type === SEAL_KEY_INTRODUCED || parsed.type === SEAL_KEY_ROTATED) checkKeyId(type, parsed.data);
  return parsed;
}
