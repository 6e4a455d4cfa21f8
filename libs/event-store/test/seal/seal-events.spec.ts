import { join } from 'node:path';
import fc from 'fast-check';
import type { JsonObject } from '#execution';
import type { SealEvent, SealEventType, SealKeyIntroduced, SealKeyRotated, UncheckedSealEvent } from '#event-store';
import {
  isSealSignedBy,
  isVouchedFor,
  keyIdOf,
  MemoryEventStore,
  parsePublishedHead,
  parseSealEvent,
  publishedHead,
  SEAL_SCHEMA_VERSIONS,
  sealOf,
  signedBytes,
  Upcasters,
} from '#event-store';
import { goldenEvents, replayGolden } from '../golden.ts';
import { sourceFolder } from '../folders.ts';
import { sampleKey } from './keys.ts';

const GOLDEN = join(sourceFolder, 'golden', 'seal');
const golden = new Map(goldenEvents(GOLDEN).map(([, { written }]) => [written.type, written]));
const TYPES = Object.keys(SEAL_SCHEMA_VERSIONS) as SealEventType[];

const written = (type: SealEventType) => golden.get(type)!;
const parsed = (type: SealEventType): SealEvent => parseSealEvent(written(type));
const first = sampleKey(1);
const second = sampleKey(2);
/** Who signed each golden event: the key is rotated before the first seal. */
const signers = { SealKeyIntroduced: first, SealKeyRotated: second, LogSealed: second, RollbackAccepted: second };
const changed = (type: SealEventType, fields: object): UncheckedSealEvent => ({
  ...written(type),
  data: { ...written(type).data, ...fields },
});
const without = (type: SealEventType, field: string): UncheckedSealEvent => {
  const data = Object.fromEntries(Object.entries(written(type).data).filter(([name]) => name !== field));
  return { ...written(type), data };
};

test('every version of every event of the seal log ever written is read as it was', () => {
  expect(replayGolden(GOLDEN, new Upcasters(SEAL_SCHEMA_VERSIONS))).toEqual([]);
  for (const type of TYPES) expect(parsed(type)).toEqual({ type, data: written(type).data });
});

describe('a signature', () => {
  test.each(TYPES)('of a golden %s is good', (type) => {
    expect(isSealSignedBy(signers[type].publicKey, parsed(type))).toBe(true);
    expect(isSealSignedBy(sampleKey(3).publicKey, parsed(type))).toBe(false);
  });

  test('of the key before vouches for the new one', () => {
    const rotation = parsed('SealKeyRotated').data as SealKeyRotated;
    expect(isVouchedFor(first.publicKey, rotation)).toBe(true);
    expect(isVouchedFor(second.publicKey, rotation)).toBe(false);
    expect(isVouchedFor(first.publicKey, { ...rotation, reason: 'another' })).toBe(false);
    expect(isVouchedFor(first.publicKey, { ...rotation, previousSignature: rotation.signature })).toBe(false);
  });

  test('of the key before vouches for nothing where another one is named as the key before', async () => {
    const data = { ...(parsed('SealKeyRotated').data as SealKeyRotated), previousKeyId: second.keyId };
    const signature = Buffer.from(await first.sign(signedBytes('SealKeyRotated', { ...data })));
    expect(isVouchedFor(first.publicKey, { ...data, previousSignature: signature.toString('base64') })).toBe(false);
  });

  test('is over purpose, type, and the canonical data without the signatures', () => {
    const { data } = written('SealKeyIntroduced');
    const text = Buffer.from(signedBytes('SealKeyIntroduced', data)).toString();
    expect(text).toBe(
      'workflow-execution/seal/1\nSealKeyIntroduced\n' +
        `{"algorithm":"ed25519","format":1,"keyId":"${first.keyId}","publicKey":"${data['publicKey'] as string}","reason":"first start"}`,
    );
    expect(signedBytes('SealKeyIntroduced', { ...data, previousSignature: 'x', signature: 'y' })).toEqual(
      signedBytes('SealKeyIntroduced', data),
    );
  });

  test('holds for no other value of any signed field, and for no other type', () => {
    const fields = TYPES.flatMap((type) =>
      Object.keys(written(type).data)
        .filter((field) => !field.endsWith('ignature'))
        .map((field) => [type, field] as const),
    );
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.oneof(fc.string(), fc.nat()), ([type, field], value) => {
        fc.pre(value !== written(type).data[field]);
        const data = { ...written(type).data, [field]: value } as never;
        expect(isSealSignedBy(signers[type].publicKey, { type, data })).toBe(false);
      }),
    );
    const introduced = parsed('SealKeyIntroduced').data as SealKeyIntroduced;
    expect(isSealSignedBy(first.publicKey, { type: 'SealKeyRotated', data: introduced as SealKeyRotated })).toBe(false);
  });

  test('with any bit flipped is none', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), fc.integer({ min: 0, max: 511 }), (type, bit) => {
        const event = parsed(type);
        const bytes = Buffer.from(event.data.signature, 'base64');
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        const data = { ...event.data, signature: bytes.toString('base64') } as never;
        expect(isSealSignedBy(signers[type].publicKey, { type, data })).toBe(false);
      }),
    );
  });
});

describe('data that are not as the format says are refused:', () => {
  test.each([
    ['another algorithm', changed('LogSealed', { algorithm: 'sha1/ed25519' }), /algorithm: expected "sha256-rfc6962/],
    ['no algorithm', without('LogSealed', 'algorithm'), /algorithm: .* found nothing/],
    ['an algorithm in capitals', changed('SealKeyIntroduced', { algorithm: 'Ed25519' }), /algorithm/],
    ['no signature', without('LogSealed', 'signature'), /signature: expected base64 of 64 bytes, found nothing/],
    ['an empty signature', changed('SealKeyRotated', { signature: '' }), /signature/],
    ['a signature with white space', changed('LogSealed', { signature: ` ${'A'.repeat(86)}==` }), /signature/],
    ['a signature cut short', changed('LogSealed', { signature: `${'A'.repeat(84)}` }), /signature/],
    ['no signature of the key before', without('SealKeyRotated', 'previousSignature'), /previousSignature/],
    ['another format', changed('LogSealed', { format: 2 }), /format: expected 1, found 2/],
    ['a key id in capitals', changed('LogSealed', { keyId: 'A'.repeat(64) }), /keyId/],
    ['a key id of another key', changed('SealKeyIntroduced', { keyId: second.keyId }), /keyId: .*sha256 of publicKey/],
    ['a new key id of another key', changed('SealKeyRotated', { keyId: first.keyId }), /keyId: .*sha256 of publicKey/],
    ['a number below 0', changed('LogSealed', { number: -1 }), /number/],
    ['a number as text', changed('LogSealed', { number: '0' }), /number/],
    ['no event covered', changed('LogSealed', { events: 0 }), /events: expected a whole number from 1 to 10000/],
    ['too many events covered', changed('LogSealed', { events: 10_001 }), /events/],
    ['a root of another length', changed('LogSealed', { root: 'ab' }), /root/],
    ['an unknown field', changed('LogSealed', { previousSignature: 'x' }), /previousSignature: expected no such field/],
    ['a field of the prototype', changed('LogSealed', { toString: 'x' }), /toString: expected no such field/],
    ['an empty store id', changed('RollbackAccepted', { publishedStoreId: '' }), /publishedStoreId/],
    ['a store id of a length that is none', changed('LogSealed', { storeId: 'x'.repeat(2_000) }), /storeId/],
    ['another version', { ...written('LogSealed'), schemaVersion: 2 }, /schemaVersion: expected 1, found 2/],
    ['another type', { ...written('LogSealed'), type: 'LogUnsealed' }, /type: expected one of SealKeyIntroduced/],
    ['a type of the prototype', { ...written('LogSealed'), type: 'constructor' }, /type/],
    ['no data', { ...written('LogSealed'), data: null }, /the whole: expected an object/],
    ['a list', { ...written('LogSealed'), data: [] }, /the whole: expected an object/],
  ])('%s', (_, event, message) => {
    expect(() => parseSealEvent(event)).toThrow(message);
  });
});

describe('a published head', () => {
  const sealed = written('LogSealed');
  const seal = parsed('LogSealed').data as never;
  const head = publishedHead(sealed, seal, second.publicKey);

  test('says what the seal says, with its hash, its time and the whole key', () => {
    expect(parsePublishedHead(JSON.stringify(head))).toEqual(head);
    expect(head).toMatchObject({ total: 14, events: 12, sealHash: sealed.hash, sealedAt: sealed.metadata.time });
    expect(sealOf(head)).toEqual(sealed.data);
    expect(keyIdOf(Buffer.from(head.publicKey, 'base64'))).toBe(head.keyId);
  });

  const text = (fields: JsonObject): string => JSON.stringify({ ...head, ...fields });
  test.each([
    ['no JSON', '{', /expected JSON/],
    ['too long', ' '.repeat(20_000), /at most 16384/],
    ['of another number', text({ number: 9 }), /signature/],
    ['of another total', text({ total: 15 }), /signature/],
    ['of a total that cannot be', text({ total: 2 }), /total: expected at least 12/],
    ['with another key', text({ publicKey: Buffer.from(first.publicKey).toString('base64') }), /keyId/],
    ['with one field more', text({ note: 'x' }), /note: expected no such field/],
    ['with a date that is none', text({ sealedAt: 'yesterday' }), /sealedAt/],
  ])('that is %s is refused', (_, given, message) => {
    expect(() => parsePublishedHead(given)).toThrow(message);
  });
});

test('every event of the seal log can be stored', async () => {
  const store = new MemoryEventStore();
  const events = TYPES.map((type) => written(type));
  const news = events.map(({ id, type, schemaVersion, data, metadata }) => ({
    id,
    type,
    schemaVersion,
    data,
    metadata,
  }));
  const { events: recorded } = await store.append('seal-log', 'none', news);
  expect(recorded.map(({ data }) => data)).toEqual(events.map(({ data }) => data));
});
