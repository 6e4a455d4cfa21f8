import { MemoryEventStore } from '#event-store';
import type { EventStore } from '#event-store';
import { streamOf } from '#execution';
import type { Cluster, WatchMessage } from '#kubernetes';
import type { ReadModel } from '#runtime';
import { until } from '../support/until.ts';
import { readModelOf, Scene } from './scene.ts';

/** What `wrapped` gives goes before the part's own. */
function wrapping<Part extends object>(part: Part, wrapped: Partial<Part>): Part {
  return new Proxy(part, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in wrapped ? wrapped : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** A cluster that tells what is watched, and which objects a watch has handed over and whoever watches has dealt with. */
function digesting(cluster: Cluster) {
  const watched = new Set<string>();
  const digested = new Set<string>();
  async function* watch(...args: Parameters<Cluster['watch']>): AsyncGenerator<WatchMessage> {
    watched.add(args[0].plural);
    for await (const message of cluster.watch(...args)) {
      yield message;
      if (message.type !== 'BOOKMARK') digested.add(message.object.metadata.uid ?? '');
    }
  }
  return { cluster: Object.assign(Object.create(cluster) as Cluster, { watch }), watched, digested };
}

const listed = async (scene: Scene, id: string): Promise<boolean> =>
  (await scene.runtime.service.list({}, { limit: 100 })).items.some((row) => row.id === id);

describe('trouble with one execution is its own', () => {
  it('one whose lock cannot be given back keeps no other lock from being given back', async () => {
    const log = new MemoryEventStore();
    let unreadable = '';
    const store: EventStore = wrapping<EventStore>(log, {
      readStream: (stream, options) =>
        stream === unreadable ? Promise.reject(new Error('cannot be read')) : log.readStream(stream, options),
    });
    const scene = await Scene.open({ store, defaults: { cooldownMs: 1_500 } });
    try {
      const first = await scene.create(scene.spec('quick'));
      await scene.endsWith(first, 'ExecutionCompleted');
      await until('it to be listed', async () =>
        (await scene.runtime.service.list({ phase: 'Completed' }, { limit: 10 })).items.some(({ id }) => id === first),
      );
      unreadable = streamOf(first);
      const second = await scene.create(scene.spec('quick'));
      await scene.endsWith(second, 'LockReleased');
    } finally {
      await scene.close();
    }
  });

  it('one that a newer version wrote is missing in lists, the others are there, and it is read again later', async () => {
    const store = new MemoryEventStore();
    const future = '0198c0de-0000-7000-8000-00000000f00d';
    const metadata = {
      time: '2026-01-01T00:00:00.000Z',
      actor: { user: 'u' },
      source: 'rest',
      commandId: 'c',
    } as const;
    const event = { type: 'FromTheFuture', schemaVersion: 1, data: {}, id: future };
    const readModel = await readModelOf(store);
    const scene = await Scene.open({ store, parts: { readModel } });
    try {
      const { position } = await store.append(streamOf(future), 'none', [
        { ...event, metadata: { ...metadata, correlationId: 'rr', causationId: 'c' } },
      ]);
      const id = await scene.create(scene.spec('quick'));
      await until('the other to be listed', () => listed(scene, id));
      expect((await scene.runtime.health()).readModel.ok).toBe(true);
      expect(store.compare(await readModel.checkpoint(), position)).toBeLessThan(0);
    } finally {
      await scene.close();
    }
  });
});

describe('a read model that could not be written', () => {
  it('is well again once it can be', async () => {
    const store = new MemoryEventStore();
    const readModel = await readModelOf(store);
    let failures = 0;
    const failing: ReadModel = wrapping<ReadModel>(readModel, {
      apply: (changes, events, checkpoint) =>
        failures-- > 0 ? Promise.reject(new Error('the disk is full')) : readModel.apply(changes, events, checkpoint),
    });
    const scene = await Scene.open({ store, parts: { readModel: failing } });
    try {
      failures = 1;
      const id = await scene.create(scene.spec('quick'));
      await until('the fault to be seen', async () => !(await scene.runtime.health()).readModel.ok);
      await until('it to be listed', () => listed(scene, id));
      await until('it to be well', async () => (await scene.runtime.health()).readModel.ok);
    } finally {
      await scene.close();
    }
  });

  it('keeps everything from acting at the start, since it says whose turn it is', async () => {
    const log = new MemoryEventStore();
    const asked: string[] = [];
    const readStream: EventStore['readStream'] = (stream, options) => {
      asked.push(stream);
      return log.readStream(stream, options);
    };
    const scene = await Scene.open({ store: wrapping<EventStore>(log, { readStream }) });
    const behind = Promise.withResolvers<void>();
    try {
      await scene.runtime.stop();
      const id = (await scene.apply('early', scene.spec('quick'))).metadata.uid ?? '';
      const readModel = await readModelOf(log);
      const late: ReadModel = wrapping<ReadModel>(readModel, {
        apply: async (changes, events, checkpoint) => {
          await behind.promise;
          await readModel.apply(changes, events, checkpoint);
        },
      });
      const { cluster, watched, digested } = digesting(scene.cluster);
      const started = scene.start({ readModel: late, cluster });
      await until('all lists to have been met', () => watched.size === 3);
      const later = (await scene.apply('later', scene.spec('quick'))).metadata.uid ?? '';
      await until('a change after the lists to have been met', () => digested.has(later));
      expect(asked.filter((stream) => [id, later].some((each) => stream === streamOf(each)))).toEqual([]);
      behind.resolve();
      await started;
      await until('it to be done', async () => (await scene.types(id)).includes('ExecutionCompleted'));
    } finally {
      behind.resolve();
      await scene.close();
    }
  });
});
