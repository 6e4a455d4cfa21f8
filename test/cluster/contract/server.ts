import { Informer, systemClock, type KubeObject } from '#kubernetes';
import { until } from '../../support/until.ts';
import { nameOf, refusalOf, WIDGETS, type Case, type Cases, type Scene } from './scene.ts';

export const SERVER_CASES: Cases = {
  'after a restart the objects are as before': async (scene) => {
    const created = await scene.create({ size: 1 });
    await scene.restart();
    const page = await scene.cluster.list(WIDGETS, { labelSelector: scene.label });
    expect(page.items).toEqual([created]);
  },

  'after compaction an old watch and an old continue token are gone': async (scene) => {
    const resourceVersion = await scene.position();
    for (let i = 0; i < 4; i += 1) await scene.create({ size: i });
    const first = await scene.cluster.list(WIDGETS, { labelSelector: scene.label, limit: 2 });
    await scene.create();
    await scene.compact();
    expect((await refusalOf(scene.watched({ resourceVersion }, () => true))).code).toBe('gone');
    const rest = { labelSelector: scene.label, limit: 2, continue: first.continue! };
    expect((await refusalOf(scene.cluster.list(WIDGETS, rest))).code).toBe('gone');
  },

  'an informer follows the cluster through a restart': async (scene) => {
    await followed(scene, async (objects) => {
      await scene.restart();
      await changeAll(scene, objects);
    });
  },

  'an informer follows the cluster through compaction': async (scene) => {
    await followed(scene, async (objects) => {
      await scene.compact();
      await changeAll(scene, objects);
    });
  },

  'deleting in the foreground removes the dependents before the owner': async (scene) => {
    const [owner, dependent] = await family(scene);
    await scene.cluster.delete(WIDGETS, nameOf(owner), { propagation: 'Foreground' });
    await until('the dependent is gone', async () => (await refusalOf(scene.get(dependent))).code === 'not-found');
    await until('the owner is gone', async () => (await refusalOf(scene.get(owner))).code === 'not-found');
  },

  'an owner deleted in the foreground stays while a dependent with a finalizer does': async (scene) => {
    const [owner, dependent] = await family(scene, ['contract.test/hold']);
    await scene.cluster.delete(WIDGETS, nameOf(owner), { propagation: 'Foreground' });
    await until('the dependent is being deleted', async () => {
      return (await scene.get(dependent)).metadata.deletionTimestamp !== undefined;
    });
    expect((await scene.get(owner)).metadata.finalizers).toContain('foregroundDeletion');
    await scene.merge(dependent, { metadata: { finalizers: null } });
    await until('the owner is gone', async () => (await refusalOf(scene.get(owner))).code === 'not-found');
  },

  'deleting in the background removes the dependents afterwards': async (scene) => {
    const [owner, dependent] = await family(scene);
    await scene.cluster.delete(WIDGETS, nameOf(owner), { propagation: 'Background' });
    expect((await refusalOf(scene.get(owner))).code).toBe('not-found');
    await until('the dependent is gone', async () => (await refusalOf(scene.get(dependent))).code === 'not-found');
  },
} satisfies Record<string, Case>;

async function family(scene: Scene, finalizers?: string[]): Promise<[owner: KubeObject, dependent: KubeObject]> {
  const owner = await scene.create();
  const { apiVersion, kind, metadata } = owner;
  const reference = { apiVersion, kind, name: metadata.name, uid: metadata.uid!, blockOwnerDeletion: true };
  const dependent = await scene.create({}, { ownerReferences: [reference], ...(finalizers ? { finalizers } : {}) });
  return [owner, dependent];
}

/** One of each: deleted, recreated under its name, modified, new. */
async function changeAll(scene: Scene, [gone, reborn, modified]: readonly KubeObject[]): Promise<void> {
  await scene.delete(gone!);
  await scene.delete(reborn!);
  await scene.cluster.create(WIDGETS, scene.widget(reborn!.metadata.name, { size: 100 }));
  await scene.merge(modified!, { spec: { size: 200 } });
  await scene.create({ size: 300 });
}

/** An informer that runs while `weather` happens has in the end what a list shows. */
async function followed(scene: Scene, weather: (objects: readonly KubeObject[]) => Promise<void>): Promise<void> {
  const objects = [await scene.create({ size: 1 }), await scene.create({ size: 2 }), await scene.create({ size: 3 })];
  const stop = new AbortController();
  const told: string[] = [];
  const informer = new Informer(scene.cluster, systemClock, {
    type: WIDGETS,
    namespace: 'default',
    labelSelector: scene.label,
    onChange: ({ type, object }) => told.push(`${type} ${object.metadata.uid}`),
    limits: { watchSeconds: 10, idleMs: 15_000, backoffCapMs: 1_000 },
  });
  const running = informer.run(stop.signal);
  try {
    await informer.synced();
    await weather(objects);
    const { items } = await scene.cluster.list(WIDGETS, { labelSelector: scene.label });
    await until('the informer has what the cluster has', () => {
      return fingerprint(informer.list()) === fingerprint(items);
    });
  } finally {
    stop.abort();
    await running;
  }
  expect(told).toContain(`deleted ${objects[0]!.metadata.uid}`);
  expect(told).toContain(`deleted ${objects[1]!.metadata.uid}`);
}

function fingerprint(objects: readonly KubeObject[]): string {
  const lines = objects.map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`);
  return lines.sort().join('\n');
}
