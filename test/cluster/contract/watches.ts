import type { WatchMessage } from '#kubernetes';
import { told, WIDGETS, type Cases } from './scene.ts';

const changes = (seen: readonly WatchMessage[]) => seen.filter(({ type }) => type !== 'BOOKMARK');
const enough = (count: number) => (seen: readonly WatchMessage[]) => changes(seen).length >= count;

export const WATCH_CASES: Cases = {
  'a watch shows what happened after its resourceVersion, in order': async (scene) => {
    const before = await scene.create({ size: 0 });
    const resourceVersion = await scene.position();
    const created = await scene.create({ size: 1 });
    await scene.merge(created, { spec: { size: 2 } });
    await scene.mergeStatus(created, { phase: 'Up' });
    await scene.delete(before);
    const seen = changes(await scene.watched({ resourceVersion }, enough(4)));
    const name = created.metadata.name;
    expect(seen.map(told)).toEqual([
      `ADDED ${name}`,
      `MODIFIED ${name}`,
      `MODIFIED ${name}`,
      `DELETED ${before.metadata.name}`,
    ]);
    const versions = seen.map((message) =>
      message.type === 'BOOKMARK' ? 0n : BigInt(message.object.metadata.resourceVersion!),
    );
    expect(versions).toEqual([...versions].sort((a, b) => (a < b ? -1 : 1)));
  },

  'a watch shows what happens while it is open': async (scene) => {
    const resourceVersion = await scene.position();
    const watching = scene.watched({ resourceVersion }, enough(2));
    const created = await scene.create();
    await scene.delete(created);
    const name = created.metadata.name;
    expect(changes(await watching).map(told)).toEqual([`ADDED ${name}`, `DELETED ${name}`]);
  },

  'a deletion shows the last state under a resourceVersion of its own': async (scene) => {
    const created = await scene.create({ size: 1 });
    const last = await scene.mergeStatus(created, { phase: 'Done' });
    await scene.delete(created);
    const [message] = await scene.watched({ resourceVersion: last.metadata.resourceVersion! }, enough(1));
    if (message?.type !== 'DELETED') throw new Error(`expected DELETED, found ${message?.type}`);
    expect(message.object).toMatchObject({ spec: { size: 1 }, status: { phase: 'Done' } });
    expect(message.object.metadata.uid).toBe(created.metadata.uid);
    expect(BigInt(message.object.metadata.resourceVersion!)).toBeGreaterThan(BigInt(last.metadata.resourceVersion!));
  },

  'a finalized object is first modified, then deleted': async (scene) => {
    const created = await scene.create({}, { finalizers: ['contract.test/hold'] });
    await scene.delete(created);
    await scene.merge(created, { metadata: { finalizers: null } });
    const seen = await scene.watched({ resourceVersion: created.metadata.resourceVersion! }, (all) =>
      all.some(({ type }) => type === 'DELETED'),
    );
    const [first] = seen;
    if (first?.type !== 'MODIFIED') throw new Error(`expected MODIFIED, found ${first?.type}`);
    expect(first.object.metadata.deletionTimestamp).toMatch(/Z$/);
  },

  'an object that leaves the label selection is shown as deleted, and as added when it comes back': async (scene) => {
    const created = await scene.create({}, { labels: { tier: 'front' } });
    const resourceVersion = created.metadata.resourceVersion!;
    await scene.merge(created, { metadata: { labels: { tier: 'back' } } });
    await scene.merge(created, { metadata: { labels: { tier: 'front' } } });
    const seen = await scene.watched({ resourceVersion, labelSelector: `${scene.label},tier=front` }, enough(2));
    const name = created.metadata.name;
    expect(changes(seen).map(told)).toEqual([`DELETED ${name}`, `ADDED ${name}`]);
  },

  'an object that leaves the field selection is shown as deleted': async (scene) => {
    const created = await scene.create();
    const up = await scene.mergeStatus(created, { phase: 'Up' });
    await scene.mergeStatus(created, { phase: 'Down' });
    const selection = { resourceVersion: up.metadata.resourceVersion!, fieldSelector: 'status.phase=Up' };
    expect(changes(await scene.watched(selection, enough(1))).map(told)).toEqual([`DELETED ${created.metadata.name}`]);
  },

  'a bookmark moves a watch past changes outside its selection, before it ends by itself': async (scene) => {
    const resourceVersion = await scene.position();
    await scene.create({}, { labels: { tier: 'front' } });
    let elsewhere: string | undefined;
    const bookmarks: string[] = [];
    const labelSelector = `${scene.label},tier=front`;
    const signal = AbortSignal.timeout(30_000);
    const options = { namespace: 'default', labelSelector, resourceVersion, timeoutSeconds: 5, signal };
    for await (const message of scene.cluster.watch(WIDGETS, options)) {
      if (message.type === 'BOOKMARK') bookmarks.push(message.resourceVersion);
      else elsewhere = (await scene.create()).metadata.resourceVersion; // now that the watch is open
    }
    expect(signal.aborted).toBe(false);
    expect(BigInt(bookmarks.at(-1)!)).toBeGreaterThanOrEqual(BigInt(elsewhere!));
  },

  'leaving the loop, or the signal, ends a watch': async (scene) => {
    const resourceVersion = await scene.position();
    await scene.create();
    await scene.watched({ resourceVersion }, enough(1)); // leaves the loop
    const stop = new AbortController();
    const watching = (async () => {
      const seen: WatchMessage[] = [];
      const options = { resourceVersion, timeoutSeconds: 60, labelSelector: scene.label, signal: stop.signal };
      for await (const message of scene.cluster.watch(WIDGETS, options)) {
        seen.push(message);
        stop.abort();
      }
      return seen;
    })();
    expect(await watching).toHaveLength(1);
  },
};
