import type { VerificationReport, VerifyOptions } from '#audit';
import { verifyLog } from '#audit';
import type { EventStore, PublishedHead } from '#event-store';
import { GENESIS_HASH, LOG_SEALED, MemoryEventStore, SEAL_KEY_ROTATED, SEAL_STREAM, signedSeal } from '#event-store';
import type { NewEvent } from '#execution';
import { newEvents } from '../../libs/event-store/test/events.ts';
import { everything } from '../../libs/event-store/test/log.ts';
import { KEYS, Sealing } from './sealed-log.ts';

const { first, second, stranger } = KEYS;

let store: EventStore;
let sealing: Sealing;
let head: PublishedHead;
let written = 0;
beforeEach(async () => {
  store = new MemoryEventStore();
  sealing = new Sealing();
  written = 0;
  await seals(await sealing.introduction());
  await sealed();
});

const seals = (event: NewEvent): Promise<unknown> => store.append(SEAL_STREAM, 'any', [event]);
/** Something happens, and is sealed. */
async function sealed(): Promise<void> {
  await store.append(`workflowexecution-${written++}`, 'none', newEvents(3));
  head = await sealing.seal(store);
}

const verified = (options: VerifyOptions = {}): Promise<VerificationReport> => verifyLog(store, options);
const kindOf = async (options: VerifyOptions = {}): Promise<unknown> => {
  const { firstDamage } = await verified(options);
  return firstDamage && [firstDamage.kind, firstDamage.revision];
};

describe('who vouches', () => {
  test('nobody, when nothing is believed: the log is good in itself', async () => {
    expect(await verified()).toMatchObject({ ok: true, seals: 1, anchor: { kind: 'nobody', keyId: first.keyId } });
  });

  test('a given key before a published head before the key of the service', async () => {
    const given: VerifyOptions = { trustedKeys: [first.publicKey] };
    const own: VerifyOptions = { ownKeys: [first.publicKey] };
    expect((await verified({ ...given, ...own, heads: [head] })).anchor.kind).toBe('given-key');
    expect((await verified({ ...own, heads: [head] })).anchor.kind).toBe('published-head');
    expect((await verified(own)).anchor.kind).toBe('own-key');
  });

  test('a rotation leads from a believed key to the next, and back', async () => {
    await seals(await sealing.rotation(second));
    await sealed();
    for (const key of [first, second])
      expect(await verified({ trustedKeys: [key.publicKey] })).toMatchObject({
        ok: true,
        anchor: { keyId: second.keyId },
      });
  });

  test('each of those that are there has to: one of them alone may be in other hands', async () => {
    expect(await kindOf({ trustedKeys: [stranger.publicKey], ownKeys: [first.publicKey] })).toEqual(['KeyUnproven', 0]);
    expect(await kindOf({ heads: [head], ownKeys: [] })).toEqual(['KeyUnproven', 0]);
  });
});

describe('a key introduced after the first', () => {
  beforeEach(async () => {
    await seals(await sealing.introduction(second));
    await sealed();
  });

  test('is damage when nobody vouches for it', async () => {
    expect(await kindOf()).toEqual(['KeyUnproven', 2]);
    expect(await kindOf({ trustedKeys: [first.publicKey] })).toEqual(['KeyUnproven', 2]);
  });

  test('is none when somebody does; its seals then speak for all before them', async () => {
    for (const options of [{ trustedKeys: [second.publicKey] }, { ownKeys: [second.publicKey] }, { heads: [head] }])
      expect(await verified(options)).toMatchObject({ ok: true, seals: 2 });
  });

  test('is one again when another follows for which nobody does', async () => {
    await seals(await sealing.introduction(stranger));
    await sealed();
    expect(await kindOf({ trustedKeys: [first.publicKey, second.publicKey] })).toEqual(['KeyUnproven', 4]);
  });
});

describe('without the key', () => {
  const forged = async (how: (seal: Awaited<ReturnType<typeof signedSeal>>) => object): Promise<void> => {
    await store.append('workflowexecution-x', 'none', newEvents(2));
    const events = await everything(store);
    const seal = await sealing.sealOf(store.storeId, events.slice(4));
    await seals({ ...(await sealing.introduction(first)), type: LOG_SEALED, data: { ...how(seal) } });
  };

  test('a seal with the right data and no signature of the key in force is broken', async () => {
    const { signature } = await signedSeal(stranger, await sealing.sealOf(store.storeId, await everything(store)));
    sealing = new Sealing();
    await forged((seal) => ({ ...seal, number: 1, from: 4, previousSeal: head.sealHash, signature }));
    expect(await kindOf()).toEqual(['SealBroken', 2]);
  });

  test('a seal by another key is by a key that nothing introduces', async () => {
    const seal = await signedSeal(stranger, await sealing.sealOf(store.storeId, (await everything(store)).slice(4)));
    await forged(() => seal);
    expect(await kindOf()).toEqual(['KeyUnproven', 2]);
  });

  test('a rotation that the key in force did not sign proves nothing', async () => {
    const rotation = await sealing.rotation(second, first);
    const unsigned = await new Sealing().rotation(second, stranger);
    const data = { ...rotation.data, previousSignature: unsigned.data['previousSignature']! };
    await seals({ ...rotation, type: SEAL_KEY_ROTATED, data });
    expect(await kindOf()).toEqual(['KeyUnproven', 2]);
  });

  test('a log written and sealed anew contradicts whatever was kept elsewhere', async () => {
    const before = head;
    const storeId = store.storeId;
    store = Object.defineProperty(new MemoryEventStore(), 'storeId', { value: storeId });
    sealing = new Sealing();
    await seals(await sealing.introduction(stranger));
    await sealed();
    expect(await kindOf({ ownKeys: [first.publicKey] })).toEqual(['KeyUnproven', 0]);
    expect(await kindOf({ heads: [before] })).toEqual(['KeyUnproven', 0]);
    expect(await kindOf({ heads: [{ ...before, number: 7 }] })).toEqual(['RolledBack', undefined]);
  });
});

describe('a seal has its place', () => {
  const wrong = async (more: object): Promise<unknown> => {
    await store.append('workflowexecution-x', 'none', newEvents(2));
    const { number, from, events, position, root, previousSeal } = {
      ...(await sealing.sealOf(store.storeId, (await everything(store)).slice(4))),
      ...more,
    };
    const seal = { number, storeId: store.storeId, from, events, position, root, previousSeal, ...more };
    await seals({
      ...(await sealing.introduction(first)),
      type: LOG_SEALED,
      data: { ...(await signedSeal(first, seal)) },
    });
    return kindOf();
  };

  test('made right, it is good', async () => expect(await wrong({})).toBeUndefined());
  test('a number too high: seals are missing', async () =>
    expect(await wrong({ number: 2 })).toEqual(['SealMissing', 2]));
  test('a number a second time', async () => expect(await wrong({ number: 0 })).toEqual(['SealBroken', 2]));
  test('a range that leaves events out', async () => expect(await wrong({ from: 5 })).toEqual(['SealBroken', 2]));
  test('another seal before it', async () =>
    expect(await wrong({ previousSeal: GENESIS_HASH })).toEqual(['SealBroken', 2]));
  test('a seal of another log', async () => expect(await wrong({ storeId: 'x' })).toEqual(['StoreReplaced', 2]));
  test('events that it covers and that are not there', async () =>
    expect(await wrong({ events: 9 })).toEqual(['Missing', 2]));
  test('another position', async () => expect(await wrong({ position: 'm1:0' })).toEqual(['SealBroken', 2]));
  test('other events', async () => expect(await wrong({ root: 'a'.repeat(64) })).toEqual(['Rewritten', undefined]));
});

test('a published head of another log says that this one is not it', async () => {
  expect(await kindOf({ heads: [{ ...head, storeId: 'x' }] })).toEqual(['StoreReplaced', undefined]);
});

test('events that come while it runs are not looked at, and wrong nobody', async () => {
  const begun = (await everything(store)).length;
  let added = 0;
  const report = await verifyLog(store, {
    onProgress: () => void (added++ === 0 && store.append('workflowexecution-late', 'any', newEvents(1))),
  });
  expect(report).toMatchObject({ ok: true, events: begun });
});

test('it stops where it is when told to', async () => {
  const stop = new AbortController();
  const verifying = verifyLog(store, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) });
  await expect(verifying).rejects.toThrow('enough');
});
