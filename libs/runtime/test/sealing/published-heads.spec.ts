import type { PublishedHead } from '#event-store';
import {
  MemoryEventStore,
  MemoryLog,
  parsePublishedHead,
  SEAL_STREAM,
  SealFormatError,
  UnavailableError,
} from '#event-store';
import { ClusterError } from '#kubernetes';
import { MemoryPublisher } from '../support/sealed-log.ts';
import { INTERVAL_MS, Scene, SOMEBODY, troubled } from './scene.ts';

/** Seals `count` times, with an event before each, and answers the head shown after each. */
async function sealed(scene: Scene, count: number): Promise<readonly PublishedHead[]> {
  const sealer = scene.sealer();
  const leading = scene.leading(sealer);
  for (let round = 0; round < count; round += 1) {
    await scene.record(1);
    await sealer.sealNow(SOMEBODY);
    await scene.clock.advance(1);
  }
  await leading.stop();
  return scene.file.shown;
}

/** Another scene over a log that ends earlier, with the same keys and the same published head: a rolled back file. */
async function rolledBack(scene: Scene, events: number): Promise<Scene> {
  const back = new Scene();
  for (const { stream, id, type, schemaVersion, data, metadata } of scene.log.events.slice(0, events))
    await back.store.append(stream, 'any', [{ id, type, schemaVersion, data, metadata }]);
  for (const [id, key] of scene.keys.kept) back.keys.kept.set(id, key);
  back.file.head = scene.file.head;
  return back;
}

describe('the newest seal is shown outside the store', () => {
  test('each time, as the head of that seal, which proves itself', async () => {
    const scene = new Scene();
    const heads = await sealed(scene, 3);
    expect(heads.map(({ number, total }) => [number, total])).toEqual([
      [0, 2],
      [1, 4],
      [2, 6],
    ]);
    for (const head of heads) expect(parsePublishedHead(JSON.stringify(head))).toEqual(head);
    expect(heads.map(({ sealHash }) => sealHash)).toEqual(
      scene.sealEvents.filter(({ type }) => type === 'LogSealed').map(({ hash }) => hash),
    );
  });

  test('after trouble, with the newest then; sealing goes on meanwhile, and the trouble is told', async () => {
    const scene = new Scene();
    const sealer = scene.sealer();
    scene.leading(sealer);
    scene.file.troubles.push(...Array.from({ length: 5 }, () => new Error('the disk is full')));
    for (let round = 0; round < 3; round += 1) {
      await scene.record(1);
      await sealer.sealNow(SOMEBODY);
      await scene.clock.advance(500);
    }
    expect(sealer.trouble).toContain('not published in the file in memory: the disk is full');
    expect([scene.seals.length, scene.file.shown.length]).toEqual([3, 0]);
    await scene.clock.advance(INTERVAL_MS);
    expect(scene.file.shown.map(({ number }) => number)).toEqual([2]);
    expect(scene.counted.publishErrors).toEqual(['file', 'file', 'file', 'file', 'file']);
    expect(sealer.trouble).toBeUndefined();
  });

  test('less and less often while the trouble lasts, and never not at all', async () => {
    const scene = new Scene();
    scene.leading(scene.sealer({ intervalMs: 1 }));
    scene.file.troubles.push(...Array.from({ length: 1_000 }, () => new Error('no')));
    await scene.clock.advance(60 * INTERVAL_MS);
    expect(scene.counted.publishErrors.length).toBeGreaterThan(60);
    expect(scene.counted.publishErrors.length).toBeLessThan(75);
    expect(scene.told.length).toBeLessThan(12);
  });

  test('in one place when another is in trouble', async () => {
    const scene = new Scene();
    const configMap = new MemoryPublisher('configmap');
    scene.file.troubles.push(...Array.from({ length: 100 }, () => new ClusterError('unavailable', 'no core API')));
    scene.leading(scene.sealer({ publishers: [scene.file, configMap] }));
    await scene.clock.advance(2 * INTERVAL_MS);
    expect([scene.file.shown.length, configMap.shown.length]).toEqual([0, 1]);
  });

  test('and never replaced by an older one', async () => {
    const scene = new Scene();
    const late = scene.sealer();
    await late.sealNow(SOMEBODY); // knows of seal 0 only, and shows it later
    const other = scene.sealer();
    await scene.record(1);
    await other.sealNow(SOMEBODY);
    const leading = scene.leading(other);
    await scene.clock.advance(1);
    await leading.stop();
    expect(scene.file.head?.number).toBe(1);
    scene.leading(late);
    await scene.clock.advance(1);
    expect(scene.file.shown.map(({ number }) => number)).toEqual([1]);
  });
});

describe('a published head that somebody took away, with nothing new to seal', () => {
  const LOOK_MS = 600_000;

  async function shownTwice() {
    const scene = new Scene();
    const sealer = scene.sealer();
    scene.leading(sealer);
    for (let round = 0; round < 2; round += 1) {
      await scene.record(1);
      await sealer.sealNow(SOMEBODY);
      await scene.clock.advance(1);
    }
    return { scene, sealer, heads: [...scene.file.shown] as [PublishedHead, PublishedHead] };
  }

  test('is shown again, and that it was gone is told', async () => {
    const { scene, heads } = await shownTwice();
    scene.file.head = undefined;
    await scene.clock.advance(LOOK_MS);
    expect(scene.file.head).toEqual(heads[1]);
    expect(scene.told).toEqual([expect.stringContaining('somebody removed or replaced it')]);
  });

  test('for an older one is put back, and told', async () => {
    const { scene, heads } = await shownTwice();
    scene.file.head = heads[0];
    await scene.clock.advance(LOOK_MS);
    expect([scene.file.head, scene.told.length]).toEqual([heads[1], 1]);
  });

  test('for something else is trouble, and is left there as evidence', async () => {
    const { scene, sealer } = await shownTwice();
    scene.file.troubles.push(new SealFormatError('published head', 'the whole', 'JSON', 'x'));
    await scene.clock.advance(LOOK_MS);
    expect(sealer.trouble).toContain('not published in the file in memory');
  });

  test('is not looked for when the service stops: that would wait for a cluster that is away', async () => {
    const scene = new Scene();
    const sealer = scene.sealer();
    const leading = scene.leading(sealer);
    await scene.record(1);
    await sealer.sealNow(SOMEBODY);
    await scene.clock.advance(1);
    await leading.stop();
    scene.file.troubles.push(new ClusterError('unavailable', 'away'));
    const finished = sealer.finish();
    await scene.clock.advance(INTERVAL_MS);
    await finished;
    expect([scene.file.troubles.length, sealer.trouble]).toEqual([1, undefined]);
  });

  test('is not shown once more while it is there', async () => {
    const { scene } = await shownTwice();
    await scene.clock.advance(3 * LOOK_MS);
    expect([scene.file.shown.length, scene.told]).toEqual([2, []]);
  });

  test('is shown again and told also when there is a newer one to show', async () => {
    const { scene, sealer } = await shownTwice();
    scene.file.head = undefined;
    await scene.record(1);
    await sealer.sealNow(SOMEBODY);
    await scene.clock.advance(1);
    expect([scene.file.shown.at(-1)?.number, scene.told.length]).toEqual([2, 1]);
  });

  test('for a newer one was another replica, and is nothing to tell', async () => {
    const { scene, sealer } = await shownTwice();
    const other = scene.sealer();
    await scene.record(1);
    await other.sealNow(SOMEBODY);
    const leading = scene.leading(other);
    await scene.clock.advance(1);
    await leading.stop();
    expect(scene.file.shown.at(-1)?.number).toBe(2);
    await scene.record(1);
    await sealer.sealNow(SOMEBODY);
    await scene.clock.advance(1);
    expect([scene.file.shown.at(-1)?.number, scene.told]).toEqual([3, []]);
  });

  test('in a log of the service is a line of the past: it is written once', async () => {
    const scene = new Scene();
    const line = new MemoryPublisher('log');
    line.read = async () => undefined; // nothing can be read back from there
    const sealer = scene.sealer({ publishers: [line] });
    scene.leading(sealer);
    await scene.record(1);
    await sealer.sealNow(SOMEBODY);
    await scene.clock.advance(3 * LOOK_MS);
    expect(line.shown.length).toBe(1);
  });
});

describe('a start is refused, and nothing is overwritten, when a published head', () => {
  const refusal = (scene: Scene): Promise<string> =>
    scene
      .sealer()
      .check()
      .then(() => 'nothing', String);

  test('is of a later seal than the log has: it was cut or rolled back', async () => {
    const scene = new Scene();
    await sealed(scene, 3);
    const back = await rolledBack(scene, 5);
    const head = back.file.head!;
    const sentence = await refusal(back);
    expect(sentence).toContain('the file in memory holds seal 2');
    expect(sentence).toContain('this log ends with seal 1: it was cut, or an older copy was put in its place');
    expect(sentence).toContain(`set audit.acceptHeads (WFE_AUDIT_ACCEPT_HEADS) to ${head.sealHash}`);
    back.leading(back.sealer());
    await back.record(1);
    await back.clock.advance(10 * INTERVAL_MS);
    expect([back.file.head, back.file.shown]).toEqual([head, []]);
  });

  test('is of a seal that the log has otherwise: it was rewritten', async () => {
    const scene = new Scene();
    await sealed(scene, 2);
    const other = new Scene();
    await sealed(other, 1);
    await other.record(1);
    await sealed(other, 3);
    other.file.head = scene.file.head;
    expect(await refusal(other)).toContain('this log has another event there');
  });

  test('is of a log that was emptied, of another log, or of one whose file is not there any more', async () => {
    const scene = new Scene();
    await sealed(scene, 2);
    const empty = new Scene();
    empty.file.head = scene.file.head;
    expect(await refusal(empty)).toContain('this log has no seal: it was emptied');
    const store = new MemoryEventStore(new MemoryLog('0f0f0f0f-0000-4000-8000-000000000000'));
    await expect(scene.sealer({ store }).check()).rejects.toThrow('this log is new and empty: the other one is not');
    await scene.record(1, store);
    await expect(scene.sealer({ store }).check()).rejects.toThrow('this is another log, 0f0f0f0f');
  });

  test('was changed, or cannot be read', async () => {
    const scene = new Scene();
    scene.file.troubles.push(new SealFormatError('published head', 'root', 'x', 'y'), new Error('EACCES'));
    expect(await refusal(scene)).toContain('was changed or is damaged');
    expect(await refusal(scene)).toContain('cannot be read: EACCES. Nothing was started');
  });

  test('in one of several places contradicts', async () => {
    const scene = new Scene();
    await sealed(scene, 2);
    const publishers = [new MemoryPublisher('file'), scene.file];
    const store = new MemoryEventStore(new MemoryLog(scene.log.storeId));
    await expect(scene.sealer({ publishers, store }).check()).rejects.toThrow('no seal');
  });
});

describe('a start is not refused', () => {
  test('when the head is of an older seal of this log, wherever in it', async () => {
    const scene = new Scene();
    const heads = [...(await sealed(scene, 3))];
    await scene.sealer().rotateKey('why', SOMEBODY);
    heads.push(...(await sealed(scene, 25)).slice(3));
    for (const head of heads) {
      scene.file.head = head;
      await scene.sealer().check();
    }
    expect(heads).toHaveLength(28);
  });

  test('when nothing is published; that is told once the log has seals, since somebody may have removed it', async () => {
    const scene = new Scene();
    const publishers = [scene.file, new MemoryPublisher('log')];
    await scene.sealer({ publishers }).check();
    expect(scene.told).toEqual([]);
    await scene.sealer().sealNow(SOMEBODY);
    await scene.sealer({ publishers }).check();
    expect(scene.told).toEqual([expect.stringContaining('this log has seals and none is published there')]);
  });

  test('when the cluster cannot be asked; then nothing is published before it was', async () => {
    const scene = new Scene();
    await sealed(scene, 3);
    const back = await rolledBack(scene, 5);
    const head = back.file.head;
    back.file.troubles.push(new ClusterError('unavailable', 'no'), new ClusterError('unavailable', 'no'));
    const sealer = back.sealer();
    await sealer.check();
    back.leading(sealer);
    await back.record(1);
    await back.clock.advance(10 * INTERVAL_MS);
    expect([back.file.head, back.file.shown]).toEqual([head, []]);
    expect(sealer.trouble).toContain('It is left there as evidence');
  });

  test('when somebody accepts that head; that is recorded before it is overwritten, once', async () => {
    const scene = new Scene();
    await sealed(scene, 4);
    const back = await rolledBack(scene, 5);
    const { sealHash, number, total } = back.file.head!;
    const acceptedHeads = [sealHash];
    const configMap = new MemoryPublisher('configmap');
    configMap.head = back.file.head;
    const options = { acceptedHeads, publishers: [back.file, configMap] };
    for (let round = 0; round < 3; round += 1) {
      const sealer = back.sealer(options);
      await sealer.check();
      const leading = back.leading(sealer);
      await back.clock.advance(2 * INTERVAL_MS);
      await leading.stop();
    }
    const acceptances = back.sealEvents.filter(({ type }) => type === 'RollbackAccepted');
    expect(acceptances.map(({ data }) => data)).toEqual([
      expect.objectContaining({ publishedSeal: sealHash, publishedNumber: number, publishedTotal: total }),
    ]);
    expect(back.faults).toEqual([]);
    expect([back.file.head, configMap.head]).toEqual([back.file.shown.at(-1), back.file.shown.at(-1)]);
    expect(back.log.stream(SEAL_STREAM).at(-1)!.hash).toBe(back.file.head!.sealHash);
    await back.sealer().check(); // and nobody has to accept it any more
  });

  test('when somebody accepts that head; it stays where it is until the log has the acceptance', async () => {
    const scene = new Scene();
    await sealed(scene, 4);
    const back = await rolledBack(scene, 5);
    const head = back.file.head!;
    const store = troubled(back.store, [() => Promise.reject(new UnavailableError('away'))]);
    back.leading(back.sealer({ acceptedHeads: [head.sealHash], store }));
    await back.clock.advance(1);
    expect(back.file.head).toEqual(head);
    await back.clock.advance(2 * INTERVAL_MS);
    expect(back.sealEvents.filter(({ type }) => type === 'RollbackAccepted')).toHaveLength(1);
    expect(back.file.head?.sealHash).not.toBe(head.sealHash);
  });

  test('when the acceptance is in the log and showing the new head failed', async () => {
    const scene = new Scene();
    await sealed(scene, 4);
    const back = await rolledBack(scene, 5);
    const head = back.file.head!;
    const accepting = back.leading(back.sealer({ acceptedHeads: [head.sealHash] }));
    await back.clock.advance(2 * INTERVAL_MS);
    await accepting.stop();
    back.file.head = head;
    await back.sealer().check();
    back.leading(back.sealer());
    await back.clock.advance(1);
    expect(back.file.head.sealHash).not.toBe(head.sealHash);
  });

  test('while another head than the accepted one contradicts, it is refused still', async () => {
    const scene = new Scene();
    await sealed(scene, 4);
    const back = await rolledBack(scene, 5);
    await expect(back.sealer({ acceptedHeads: ['ab'.repeat(32)] }).check()).rejects.toThrow('it was cut');
  });

  test('and the acceptance of one head that is in the log is that of no other', async () => {
    const scene = new Scene();
    await sealed(scene, 4);
    const back = await rolledBack(scene, 5);
    const accepting = back.leading(back.sealer({ acceptedHeads: [back.file.head!.sealHash] }));
    await back.clock.advance(2 * INTERVAL_MS);
    await accepting.stop();
    const another = scene.file.shown[2]!;
    back.file.head = another;
    await expect(back.sealer().check()).rejects.toThrow('it was rewritten');
    back.leading(back.sealer());
    await back.clock.advance(2 * INTERVAL_MS);
    expect(back.file.head).toEqual(another);
  });
});

test('a newest seal that was changed in the log keeps the service from starting', async () => {
  const scene = new Scene();
  await sealed(scene, 1);
  const forged = new Scene();
  for (const { stream, id, type, schemaVersion, data, metadata } of scene.log.events) {
    const changed = type === 'LogSealed' ? { ...data, root: 'ab'.repeat(32) } : data;
    await forged.store.append(stream, 'any', [{ id, type, schemaVersion, data: changed, metadata }]);
  }
  for (const [id, key] of scene.keys.kept) forged.keys.kept.set(id, key);
  await expect(forged.sealer().check()).rejects.toThrow('is not signed by the key it names');
  await expect(forged.sealer().sealNow(SOMEBODY)).rejects.toThrow('is not signed by the key it names');
  expect(forged.seals).toHaveLength(1); // nothing is built on it either
  await forged.store.append(SEAL_STREAM, 'any', [
    { ...scene.log.events[0]!, type: 'LogSealed', id: '00000000-0000-4000-8000-00000000ffff', data: { format: 1 } },
  ]);
  await expect(forged.sealer().check()).rejects.toThrow(/cannot be read at revision 2: .*algorithm.* "wfe verify"/);
});
