import type {
  LogSealed,
  PublishedHead,
  RecordedEvent,
  RollbackAccepted,
  SealEvent,
  SealKeyIntroduced,
  SealKeyRotated,
} from '#event-store';
import {
  isSealSignedBy,
  isVouchedFor,
  LOG_SEALED,
  NO_SEAL,
  parseSealEvent,
  ROLLBACK_ACCEPTED,
  SEAL_KEY_INTRODUCED,
  SEAL_KEY_ROTATED,
  SealFormatError,
} from '#event-store';
import type { JsonObject } from '#execution';
import type { Damage, DamageKind } from './damage.ts';
import { damage } from './damage.ts';
import type { SealedHead } from './report.ts';
import type { Trust } from './trust.ts';

/** A seal that is good in itself. What it covers is for the log to show. */
export interface GoodSeal {
  readonly event: RecordedEvent;
  readonly seal: LogSealed;
}

export interface SealVerdict {
  /** Of a seal that is good in itself, damaged or not in what else is known of it. */
  readonly seal?: GoodSeal;
  readonly damage?: Damage;
  /** The events after this one cannot be judged. */
  readonly isFatal?: boolean;
}

/** Judges the events of `seal-log` in their order, by docs/reference/seals.md. Reads nothing but what it is given. */
export class SealCheck {
  #keyInForce: { readonly keyId: string; readonly publicKey: Uint8Array } | undefined;
  #newest: SealedHead | undefined;
  #acceptedRollbacks = 0;
  readonly #borneOut = new Set<PublishedHead>();

  constructor(
    private readonly storeId: string,
    private readonly trust: Trust,
    private readonly heads: readonly PublishedHead[],
  ) {}

  get newest(): SealedHead | undefined {
    return this.#newest;
  }

  get acceptedRollbacks(): number {
    return this.#acceptedRollbacks;
  }

  /** Published heads that were found in the log as they were published. */
  get borneOut(): number {
    return this.#borneOut.size;
  }

  judge(event: RecordedEvent): SealVerdict {
    const broken = this.#broken(event);
    if (broken !== undefined) return { damage: broken, isFatal: true };
    if (event.type !== LOG_SEALED) return {};
    const seal = event.data as unknown as LogSealed;
    const other = this.#otherThanPublished(event, seal);
    return { seal: { event, seal }, ...(other !== undefined && { damage: other }) };
  }

  #broken(event: RecordedEvent): Damage | undefined {
    let parsed: SealEvent;
    try {
      parsed = parseSealEvent(event);
    } catch (error) {
      if (error instanceof SealFormatError) return malformed(event, error);
      throw error;
    }
    switch (parsed.type) {
      case SEAL_KEY_INTRODUCED:
        return this.#introduced(event, parsed.data);
      case SEAL_KEY_ROTATED:
        return this.#rotated(event, parsed.data);
      case LOG_SEALED:
        return this.#sealed(event, parsed.data);
      case ROLLBACK_ACCEPTED:
        return this.#accepted(event, parsed.data);
    }
  }

  #introduced(event: RecordedEvent, data: SealKeyIntroduced): Damage | undefined {
    const publicKey = Buffer.from(data.publicKey, 'base64');
    if (!isSealSignedBy(publicKey, { type: SEAL_KEY_INTRODUCED, data })) return unsigned(event, data.keyId);
    this.#keyInForce = { keyId: data.keyId, publicKey };
    this.trust.introduced(data.keyId, unproven(event, data.keyId));
    return undefined;
  }

  #rotated(event: RecordedEvent, data: SealKeyRotated): Damage | undefined {
    const previous = this.#keyInForce;
    if (previous?.keyId !== data.previousKeyId) return notInForce(event, previous?.keyId, data.previousKeyId);
    const publicKey = Buffer.from(data.publicKey, 'base64');
    if (!isSealSignedBy(publicKey, { type: SEAL_KEY_ROTATED, data })) return unsigned(event, data.keyId);
    if (!isVouchedFor(previous.publicKey, data)) return unproven(event, data.keyId);
    this.#keyInForce = { keyId: data.keyId, publicKey };
    this.trust.rotated(data.keyId);
    return undefined;
  }

  #sealed(event: RecordedEvent, data: LogSealed): Damage | undefined {
    const key = this.#keyInForce;
    if (key?.keyId !== data.keyId) return notInForce(event, key?.keyId, data.keyId);
    if (!isSealSignedBy(key.publicKey, { type: LOG_SEALED, data })) return unsigned(event, data.keyId);
    const wrong = this.#ofThisLog(event, data.storeId) ?? this.#inOrder(event, data);
    if (wrong !== undefined) return wrong;
    const { number, from, events, keyId } = data;
    this.#newest = { number, total: from + events, sealHash: event.hash, keyId };
    this.trust.sealed();
    return undefined;
  }

  /** Number, range and the seal before: each goes on where the last one ended. */
  #inOrder(event: RecordedEvent, { number, from, previousSeal }: LogSealed): Damage | undefined {
    const { number: last = -1, total = 0, sealHash = NO_SEAL } = this.#newest ?? {};
    if (number > last + 1) return outOfOrder('SealMissing', event, `seal number ${last + 1}`, `number ${number}`);
    if (number <= last) return outOfOrder('SealBroken', event, `seal number ${last + 1}`, `number ${number} again`);
    if (from !== total)
      return outOfOrder('SealBroken', event, `to cover the log from ordinal ${total} on`, `ordinal ${from}`);
    if (previousSeal !== sealHash)
      return outOfOrder('SealBroken', event, `the seal before it to be ${sealHash}`, previousSeal);
    return undefined;
  }

  #otherThanPublished(event: RecordedEvent, data: LogSealed): Damage | undefined {
    for (const head of this.heads.filter(({ number }) => number === data.number)) {
      if (head.sealHash !== event.hash)
        return damage('Rewritten', event, {
          expected: `seal ${data.number} to be the published one, ${head.sealHash}`,
          found: event.hash,
          explanation:
            'The seal of this number is another one than was published: the log was rolled back and went on, or was written anew.',
        });
      this.#borneOut.add(head);
    }
    return undefined;
  }

  #accepted(event: RecordedEvent, data: RollbackAccepted): Damage | undefined {
    const key = this.#keyInForce;
    if (key?.keyId !== data.keyId) return notInForce(event, key?.keyId, data.keyId);
    if (!isSealSignedBy(key.publicKey, { type: ROLLBACK_ACCEPTED, data })) return unsigned(event, data.keyId);
    this.#acceptedRollbacks += 1;
    return this.#ofThisLog(event, data.storeId);
  }

  #ofThisLog(event: RecordedEvent, storeId: string): Damage | undefined {
    if (storeId === this.storeId) return undefined;
    return damage('StoreReplaced', event, {
      expected: `a seal of this log, ${this.storeId}`,
      found: `one of ${storeId}`,
      explanation: 'This seal was made for another log, or the identity of this one was changed.',
    });
  }
}

function malformed(event: RecordedEvent, error: SealFormatError): Damage {
  const isNamed = error.field === 'algorithm' || error.field === 'format';
  const isDowngrade = isNamed && (event.data as Partial<JsonObject> | null)?.[error.field] !== undefined;
  return damage(isDowngrade ? 'AlgorithmDowngraded' : 'SealBroken', event, {
    expected: `${error.field} to be ${error.expected}`,
    found: error.message,
    explanation: isDowngrade
      ? 'This event of the seal log does not use the algorithm of the format, so it proves nothing.'
      : 'This event of the seal log is not as the format says it must be.',
  });
}

const unsigned = (event: RecordedEvent, keyId: string): Damage =>
  damage('SealBroken', event, {
    expected: `a signature by key ${keyId}`,
    found: 'one that is not',
    explanation:
      'The signature does not belong to what it should sign: the seal was changed, or signed by somebody else.',
  });

const notInForce = (event: RecordedEvent, expected: string | undefined, found: string): Damage =>
  damage('KeyUnproven', event, {
    expected: expected === undefined ? 'a key to be introduced first' : `the key in force, ${expected}`,
    found,
    explanation: 'A key was used that nothing in the log introduces at this place.',
  });

const unproven = (event: RecordedEvent, keyId: string): Damage =>
  damage('KeyUnproven', event, {
    expected: 'a key that one that is believed vouches for',
    found: keyId,
    explanation:
      'Nobody vouches for this key. If the key before it was lost, give this one to the verifier; if not, somebody else seals.',
  });

const outOfOrder = (
  kind: DamageKind & `Seal${string}`,
  event: RecordedEvent,
  expected: string,
  found: string,
): Damage =>
  damage(kind, event, {
    expected,
    found,
    explanation:
      kind === 'SealMissing'
        ? 'Seals before this one are gone.'
        : 'This seal does not go on where the one before it ended.',
  });
