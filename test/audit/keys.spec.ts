import { DatabaseSync } from 'node:sqlite';
import type { VerificationReport, VerifyOptions } from '#audit';
import { verifyLog } from '#audit';
import type { EventStore, PublishedHead } from '#event-store';
import {
  CorruptionError,
  GENESIS_HASH,
  LOG_SEALED,
  MemoryEventStore,
  MemoryLog,
  openSqliteEventStore,
  ROLLBACK_ACCEPTED,
  SEAL_KEY_ROTATED,
  SEAL_STREAM,
  signedAcceptance,
  signedSeal,
  StreamNotFoundError,
} from '#event-store';
import type { JsonObject, NewEvent } from '#execution';
import { TemporaryFolder } from '../../libs/event-store/test/folders.ts';
import { sampleKey } from '../../libs/event-store/test/seal/keys.ts';
import { edited } from '../../libs/audit/test/verify/edited-log.ts';
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

  test('a rotation to a key that nobody believes makes nothing believed', async () => {
    await seals(await sealing.rotation(second));
    await sealed();
    expect(await kindOf({ trustedKeys: [stranger.publicKey] })).toEqual(['KeyUnproven', 0]);
  });

  test('whoever vouches at the end of a long seal log is heard, though the log is damaged at its beginning', async () => {
    for (let n = 0; n < 60; n += 1) await sealed();
    await seals(await sealing.rotation(second));
    await sealed();
    const damaged = await edited(store, { entries: (all) => all.with(1, { ...all[1]!, type: 'OtherHappened' }) });
    const { firstDamage } = await verifyLog(damaged, { trustedKeys: [second.publicKey] });
    expect(firstDamage?.kind).toBe('Changed');
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

  test('is damage again though the next one is believed, when it sealed nothing', async () => {
    await seals(await sealing.introduction(stranger));
    expect(await kindOf({ trustedKeys: [first.publicKey, stranger.publicKey] })).toEqual(['KeyUnproven', 2]);
    await sealed();
    expect(await kindOf({ trustedKeys: [first.publicKey, stranger.publicKey] })).toBeUndefined();
  });

  test('stays damage until a believed key has sealed what is before it, however it came to be in force', async () => {
    const third = sampleKey(3);
    const trustedKeys = [first.publicKey, third.publicKey];
    await seals(await sealing.introduction(stranger));
    await seals(await sealing.rotation(third));
    expect(await kindOf({ trustedKeys })).toEqual(['KeyUnproven', 2]);
    await sealed();
    expect(await kindOf({ trustedKeys })).toBeUndefined();
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

  test('a first key that was introduced by somebody who does not hold it is none', async () => {
    const [real, other] = [await sealing.introduction(first), await sealing.introduction(stranger)];
    store = new MemoryEventStore();
    await seals({ ...real, data: { ...real.data, signature: other.data['signature']! } });
    expect(await kindOf()).toEqual(['SealBroken', 0]);
  });

  test('a rotation to a key that nobody shows to hold proves nothing', async () => {
    const rotation = await sealing.rotation(second, first);
    const data = { ...rotation.data, signature: rotation.data['previousSignature']! };
    await seals({ ...rotation, data });
    expect(await kindOf()).toEqual(['SealBroken', 2]);
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
  test('a range that covers events a second time', async () =>
    expect(await wrong({ from: 3 })).toEqual(['SealBroken', 2]));
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
  test('another position, where the events it covers are judged all at once', async () => {
    using folder = new TemporaryFolder();
    const log = await openSqliteEventStore({ file: folder.file() });
    [store, sealing] = [log, new Sealing()];
    await seals(await sealing.introduction());
    await sealed();
    expect(await kindOf()).toBeUndefined();
    expect(await wrong({ position: (await everything(log))[1]!.position })).toEqual(['SealBroken', 2]);
    await log.close();
  });
  test('other events', async () => expect(await wrong({ root: 'a'.repeat(64) })).toEqual(['Rewritten', undefined]));
  test('other events are somewhere from where the range begins on', async () => {
    await wrong({ root: 'a'.repeat(64) });
    expect((await verified()).firstDamage?.position).toBe((await everything(store))[4]!.position);
  });
});

describe('a published seal', () => {
  /** The log as it was, and another one of the same name by the same keys. */
  async function anew(events: number): Promise<void> {
    store = new MemoryEventStore(new MemoryLog(store.storeId));
    sealing = new Sealing();
    await seals(await sealing.introduction());
    await store.append('workflowexecution-anew', 'none', newEvents(events));
    await sealing.seal(store);
  }

  test('that is in the log counts as borne out', async () => {
    expect((await verified({ heads: [head, { ...head }] })).head.published).toBe(2);
  });

  test('that is another one in the log says that this was written anew, though the key of the service signed it', async () => {
    await anew(3);
    expect(await kindOf({ heads: [head] })).toEqual(['Rewritten', 1]);
  });

  test('is held against the log wherever it was published: one place may be in other hands', async () => {
    const other = { ...head, sealHash: 'a'.repeat(64) };
    expect(await kindOf({ heads: [head, other] })).toEqual(['Rewritten', 1]);
    expect(await kindOf({ heads: [other, head] })).toEqual(['Rewritten', 1]);
  });

  test('that differs is told where the first one does', async () => {
    const before = head;
    await sealed();
    const others = [head, before].map((each) => ({ ...each, sealHash: 'a'.repeat(64) }));
    expect(await kindOf({ heads: others })).toEqual(['Rewritten', 1]);
  });

  test('that is one ahead of the log says that it was rolled back', async () => {
    const storeId = store.storeId;
    await sealed();
    store = new MemoryEventStore(new MemoryLog(storeId));
    const before = head;
    sealing = new Sealing();
    await seals(await sealing.introduction());
    await sealed();
    expect(await kindOf({ heads: [{ ...before }] })).toEqual(['RolledBack', undefined]);
  });

  test('of which the log has none at all says so too, and the newest of several is named', async () => {
    const second = { ...head, number: 1 };
    store = new MemoryEventStore(new MemoryLog(store.storeId));
    await store.append('workflowexecution-anew', 'none', newEvents(3));
    expect(await kindOf({ heads: [head] })).toEqual(['RolledBack', undefined]);
    for (const heads of [
      [head, second],
      [second, head],
    ])
      expect((await verified({ heads })).firstDamage?.expected).toMatch(/^seal 1,/);
  });
});

describe('a rollback that somebody accepted', () => {
  const accepted = async (key = first, more: JsonObject = {}): Promise<void> => {
    const { storeId, number, total, sealHash } = head;
    const published = { publishedStoreId: storeId, publishedNumber: number, publishedTotal: total };
    const data = await signedAcceptance(key, {
      ...{ storeId, ...published, publishedSeal: sealHash, newestSeal: sealHash, reason: 'the disk was lost' },
      ...more,
    });
    await seals({ ...(await sealing.introduction(first)), type: ROLLBACK_ACCEPTED, data: { ...data, ...more } });
  };

  test('is no damage, and is counted', async () => {
    await accepted();
    expect(await verified()).toMatchObject({ ok: true, acceptedRollbacks: 1 });
  });

  test('is damage when the key in force did not sign it', async () => {
    await accepted(stranger);
    expect(await kindOf()).toEqual(['KeyUnproven', 2]);
  });

  test('is damage when it is signed by another key than it names', async () => {
    await accepted(stranger, { keyId: first.keyId });
    expect(await kindOf()).toEqual(['SealBroken', 2]);
  });

  test('is damage when it is of another log', async () => {
    await accepted(first, { storeId: 'x' });
    expect(await kindOf()).toEqual(['StoreReplaced', 2]);
  });
});

describe('a seal log that cannot be read to its end', () => {
  const brokenSeal = async (): Promise<void> =>
    void (await seals({ ...(await sealing.introduction(first)), type: LOG_SEALED, data: {} }));

  test('says nothing of its keys: what would vouch for them may come after', async () => {
    await brokenSeal();
    expect(await kindOf({ trustedKeys: [second.publicKey] })).toEqual(['SealBroken', 2]);
  });

  test('is damaged where its first damage is, whatever else is wrong after it', async () => {
    await brokenSeal();
    await brokenSeal();
    await seals(await sealing.introduction(stranger));
    expect(await kindOf({ trustedKeys: [first.publicKey] })).toEqual(['SealBroken', 2]);
  });

  /** The log as it is, but for who reads the seal log by itself. */
  const withSeals = (readStream: EventStore['readStream']): EventStore =>
    new Proxy(store, {
      get: (target, name) => {
        const answer: unknown = name === 'readStream' ? readStream : Reflect.get(target, name);
        return typeof answer === 'function' ? (answer.bind(target) as unknown) : answer;
      },
    });

  test('is damage where the whole log has it and its own stream has not', async () => {
    const without = withSeals((stream) => Promise.reject(new StreamNotFoundError(stream)));
    expect((await verifyLog(without)).firstDamage).toMatchObject({ kind: 'StoreDamaged', stream: SEAL_STREAM });
  });

  test('says nothing of its keys either where an event is missing in it', async () => {
    await sealed();
    const gapped = withSeals(async (stream, options) => {
      const slice = await store.readStream(stream, options);
      return { ...slice, events: slice.events.filter(({ revision }) => revision !== 1) };
    });
    const { firstDamage } = await verifyLog(gapped, { trustedKeys: [second.publicKey] });
    expect([firstDamage?.kind, firstDamage?.revision]).toEqual(['StoreDamaged', 1]);
  });

  test('is judged as far as it can be, event by event', async () => {
    await sealed();
    const damaged = withSeals(async (stream, { from, limit = 100 } = {}) => {
      if (Number(from) + limit > 2) throw new CorruptionError('revision 2 is no event');
      return store.readStream(stream, { from: Number(from), limit });
    });
    const { firstDamage, seals: good } = await verifyLog(damaged, { trustedKeys: [second.publicKey] });
    expect([firstDamage?.kind, firstDamage?.revision, good]).toEqual(['StoreDamaged', 2, 1]);
  });
});

test('a whole stream that was taken out leaves a gap, though every other one holds and nothing is sealed', async () => {
  using folder = new TemporaryFolder();
  const log = await openSqliteEventStore({ file: folder.file() });
  for (const id of ['a', 'b', 'c']) await log.append(`workflowexecution-${id}`, 'none', newEvents(4));
  expect(await verifyLog(log)).toMatchObject({ ok: true, events: 12, streams: 3 });
  const { position } = (await log.readStream('workflowexecution-c')).events[0]!;
  const db = new DatabaseSync(folder.file());
  db.exec(`DELETE FROM events WHERE stream = 'workflowexecution-b'`);
  db.close();
  expect((await verifyLog(log)).firstDamage).toMatchObject({ kind: 'Missing', position });
  await log.close();
});

test('a published head of another log says that this one is not it', async () => {
  expect(await kindOf({ heads: [{ ...head, storeId: 'x' }] })).toEqual(['StoreReplaced', undefined]);
});

test('seals that come while it runs are not looked at: what they cover came with them', async () => {
  let added = 0;
  const late = async (): Promise<void> => {
    if (added++ > 0) return;
    await store.append('workflowexecution-late', 'none', newEvents(1));
    await sealing.seal(store);
  };
  const begun = store.head.bind(store);
  store.head = async () => {
    const end = await begun();
    await late();
    return end;
  };
  expect(await verified()).toMatchObject({ ok: true, seals: 1, head: { seal: { number: 0 } } });
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
