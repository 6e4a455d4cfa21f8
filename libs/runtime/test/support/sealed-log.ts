import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { PublishedHead, RecordedEvent, SealKey } from '#event-store';
import {
  isSealSignedBy,
  isVouchedFor,
  keyIdOf,
  LOG_SEALED,
  merkleRoot,
  NO_SEAL,
  parseSealEvent,
  ROLLBACK_ACCEPTED,
  SEAL_KEY_INTRODUCED,
  SEAL_KEY_ROTATED,
  SEAL_STREAM,
} from '#event-store';
import type { HeadPublisher, SealKeys } from '#runtime';

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A key made from a number: the same in every run. */
export function numberedKey(number: number): SealKey {
  const seed = Buffer.alloc(32);
  seed.writeUInt32BE(number);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { keyId: keyIdOf(publicKey), publicKey, sign: async (bytes) => sign(null, bytes, key) };
}

/** Keys in memory, which outlive whoever asks for them. */
export class MemoryKeys implements SealKeys {
  readonly place = 'memory';
  readonly kept = new Map<string, SealKey>();

  /** @param made keys made before: from another number on, other keys come */
  constructor(private made = 0) {}

  async find(keyId: string): Promise<SealKey | undefined> {
    return this.kept.get(keyId);
  }

  async create(): Promise<SealKey> {
    this.made += 1;
    const key = numberedKey(this.made);
    this.kept.set(key.keyId, key);
    return key;
  }
}

/** A place outside the store, in memory. */
export class MemoryPublisher implements HeadPublisher {
  readonly place: string;
  head: PublishedHead | undefined;
  /** Every head that was ever there. */
  readonly shown: PublishedHead[] = [];
  /** What goes wrong with the next calls. */
  readonly troubles: Error[] = [];

  constructor(readonly where: HeadPublisher['where'] = 'file') {
    this.place = `the ${where} in memory`;
  }

  async read(): Promise<PublishedHead | undefined> {
    this.stumble();
    return this.head;
  }

  async publish(head: PublishedHead): Promise<void> {
    this.stumble();
    this.head = head;
    this.shown.push(head);
  }

  private stumble(): void {
    const trouble = this.troubles.shift();
    if (trouble !== undefined) throw trouble;
  }
}

/**
 * What is wrong with the seals of a whole log, checked from docs/reference/seals.md with nothing of the sealer's own code:
 * numbers, counts, positions, roots, the chain, and the signatures along the chain of keys.
 */
export function faultsOfSeals(log: readonly RecordedEvent[], storeId: string): readonly string[] {
  const faults: string[] = [];
  const keys = new Map<string, Uint8Array>();
  let inForce: string | undefined;
  let previous = { number: -1, total: 0, hash: NO_SEAL };
  const expect = (where: RecordedEvent, what: string, expected: unknown, found: unknown): void => {
    if (expected !== found)
      faults.push(`${where.type} ${where.revision}: ${what}: expected ${String(expected)}, found ${String(found)}`);
  };
  log.forEach((recorded, ordinal) => {
    if (recorded.stream !== SEAL_STREAM) return;
    const event = parseSealEvent(recorded);
    if (event.type === SEAL_KEY_INTRODUCED || event.type === SEAL_KEY_ROTATED) {
      if (event.type === SEAL_KEY_ROTATED) {
        expect(recorded, 'previousKeyId', inForce, event.data.previousKeyId);
        expect(recorded, 'vouched for', true, isVouchedFor(keys.get(inForce ?? '') ?? Buffer.alloc(32), event.data));
      }
      inForce = event.data.keyId;
      keys.set(inForce, Buffer.from(event.data.publicKey, 'base64'));
    }
    expect(recorded, 'keyId', inForce, event.data.keyId);
    const key = keys.get(event.data.keyId);
    expect(recorded, 'signature', true, key !== undefined && isSealSignedBy(key, event));
    if (event.type === ROLLBACK_ACCEPTED) expect(recorded, 'newestSeal', previous.hash, event.data.newestSeal);
    if (event.type !== LOG_SEALED) return;
    const { from, events, number, position, root, previousSeal } = event.data;
    const total = from + events;
    expect(recorded, 'storeId', storeId, event.data.storeId);
    expect(recorded, 'number', previous.number + 1, number);
    expect(recorded, 'from', previous.total, from);
    expect(recorded, 'covers only what is before it', true, total <= ordinal);
    expect(recorded, 'position', log[total - 1]?.position, position);
    expect(recorded, 'root', merkleRoot(log.slice(from, total).map(({ hash }) => hash)), root);
    expect(recorded, 'previousSeal', previous.hash, previousSeal);
    const isWorthIt = log.slice(from, total).some(({ stream, type }) => stream !== SEAL_STREAM || type !== LOG_SEALED);
    expect(recorded, 'covers more than seals', true, isWorthIt);
    previous = { number, total, hash: recorded.hash };
  });
  return faults;
}
