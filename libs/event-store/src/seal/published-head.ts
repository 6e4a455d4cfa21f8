import type { RecordedEvent } from '../port.ts';
import {
  checkFields,
  checkKeyId,
  exactly,
  hexHash,
  instantText,
  publicKeyText,
  SealFormatError,
  signatureText,
  wholeNumber,
  words,
} from './fields.ts';
import type { FieldRules } from './fields.ts';
import type { LogSealed } from './seal-events.ts';
import { LOG_SEALED, SEAL_ALGORITHM, SEAL_FORMAT, SEALED_EVENTS_LIMIT } from './seal-events.ts';
import { isSignedBy } from './signing.ts';

/** The newest seal, as it is kept outside the store. It holds all that its signature covers, so that it proves itself. */
export interface PublishedHead {
  readonly format: 1;
  readonly storeId: string;
  /** Of the seal. */
  readonly number: number;
  /** Events of the log up to and with the last one covered. */
  readonly total: number;
  /** How many of them this seal covers. */
  readonly events: number;
  /** Position of the last event covered. */
  readonly position: string;
  readonly root: string;
  readonly previousSeal: string;
  /** Event hash of the `LogSealed` event. */
  readonly sealHash: string;
  readonly keyId: string;
  readonly publicKey: string;
  readonly signature: string;
  /** Time of the `LogSealed` event. */
  readonly sealedAt: string;
}

const RULES: FieldRules = {
  format: exactly(SEAL_FORMAT),
  storeId: words(),
  number: wholeNumber(0),
  total: wholeNumber(1),
  events: wholeNumber(1, SEALED_EVENTS_LIMIT),
  position: words(),
  root: hexHash,
  previousSeal: hexHash,
  sealHash: hexHash,
  keyId: hexHash,
  publicKey: publicKeyText,
  signature: signatureText,
  sealedAt: instantText,
};

/** Characters of a published head; a text longer than this is none. */
export const HEAD_TEXT_LIMIT = 16 * 1024;

/** @param publicKey the 32 raw bytes of the key that signed the seal */
export function publishedHead(
  event: Pick<RecordedEvent, 'hash' | 'metadata'>,
  seal: LogSealed,
  publicKey: Uint8Array,
): PublishedHead {
  const { storeId, number, from, events, position, root, previousSeal, keyId, signature } = seal;
  return {
    format: SEAL_FORMAT,
    ...{ storeId, number, total: from + events, events, position, root, previousSeal },
    sealHash: event.hash,
    keyId,
    publicKey: Buffer.from(publicKey).toString('base64'),
    signature,
    sealedAt: event.metadata.time,
  };
}

/**
 * A head as somebody gave it: every field as the format says, and the signature by the key it names. Whose key that is,
 * it cannot prove.
 * @throws SealFormatError
 */
export function parsePublishedHead(text: string): PublishedHead {
  const where = 'published head';
  if (text.length > HEAD_TEXT_LIMIT)
    throw new SealFormatError(where, 'the whole', `at most ${HEAD_TEXT_LIMIT} characters`, text.length);
  const value = parsed(text, where);
  checkFields(where, value, RULES);
  const head = value as PublishedHead;
  checkKeyId(where, head);
  if (head.total < head.events)
    throw new SealFormatError(where, 'total', `at least ${head.events}, its events`, head.total);
  if (!isSignedBy(Buffer.from(head.publicKey, 'base64'), LOG_SEALED, sealOf(head), head.signature))
    throw new SealFormatError(where, 'signature', 'the signature of this head by the key it names', head.signature);
  return head;
}

/** The data of the seal a head was made from. */
export function sealOf({
  storeId,
  number,
  total,
  events,
  position,
  root,
  previousSeal,
  keyId,
  signature,
}: PublishedHead): LogSealed {
  return {
    format: SEAL_FORMAT,
    algorithm: SEAL_ALGORITHM,
    ...{ number, storeId, from: total - events, events, position, root, previousSeal, keyId, signature },
  };
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SealFormatError(where, 'the whole', 'JSON', text);
  }
}
