import type { EventStore } from '#event-store';
import { ConcurrencyError } from '#event-store';
import type { Cluster, KubeObject, WatchMessage, WatchOptions } from '#kubernetes';
import { PIPELINE_RUNS, TASK_RUNS } from '#kubernetes';
import type { JsonObject, NewEvent } from '#execution';
import { LABELS } from '#execution';
import type { Sabotage } from './world.ts';

/** The cluster with some of its verbs done otherwise. */
const changed = (cluster: Cluster, verbs: Partial<Cluster>): Cluster => ({
  list: (...args) => cluster.list(...args),
  watch: (...args) => cluster.watch(...args),
  get: (...args) => cluster.get(...args),
  create: (...args) => cluster.create(...args),
  patch: (...args) => cluster.patch(...args),
  patchStatus: (...args) => cluster.patchStatus(...args),
  replace: (...args) => cluster.replace(...args),
  replaceStatus: (...args) => cluster.replaceStatus(...args),
  delete: (...args) => cluster.delete(...args),
  ...verbs,
});

/** Runs are removed in the background: the run is gone, and its name free, while its task runs are still there. */
export const backgroundDeletion: Sabotage = {
  cluster: (cluster) =>
    changed(cluster, {
      delete: (type, name, options) =>
        cluster.delete(type, name, type === PIPELINE_RUNS ? { ...options, propagation: 'Background' } : options),
    }),
};

/** The same, and nobody sees that task runs are left under a name that is free: Tekton takes them for those of the next run. */
export const blindToLeftovers: Sabotage = {
  cluster: (cluster) =>
    changed(backgroundDeletion.cluster!(cluster), {
      list: async (type, options) => {
        const page = await cluster.list(type, options);
        return type === TASK_RUNS ? { ...page, items: [] } : page;
      },
      watch: (type, options) => (type === TASK_RUNS ? bookmarksOf(cluster, options) : cluster.watch(type, options)),
    }),
};

async function* bookmarksOf(cluster: Cluster, options: WatchOptions): AsyncGenerator<WatchMessage> {
  for await (const message of cluster.watch(TASK_RUNS, options)) if (message.type === 'BOOKMARK') yield message;
}

/** Runs are left where they are, and their locks never become free. */
export const nothingRemoved: Sabotage = {
  cluster: (cluster) =>
    changed(cluster, {
      delete: (type, ...rest) => (type === PIPELINE_RUNS ? Promise.resolve() : cluster.delete(type, ...rest)),
    }),
};

/** Whoever looks for its run is shown the run of that name as its own, whatever execution it is labelled with. */
export function noAdoptionCheck(): Sabotage {
  const wanted = new Map<string, string>();
  const claim = (run: KubeObject): KubeObject => {
    const id = wanted.get(run.metadata.name);
    const labels = { ...run.metadata.labels, ...(id !== undefined && { [LABELS.executionId]: id }) };
    return { ...run, metadata: { ...run.metadata, labels } };
  };
  return {
    cluster: (cluster) =>
      changed(cluster, {
        create: (type, object) => {
          const id = object.metadata.labels?.[LABELS.executionId];
          if (type === PIPELINE_RUNS && id !== undefined) wanted.set(object.metadata.name, id);
          return cluster.create(type, object);
        },
        get: async (type, name) => {
          const found = await cluster.get(type, name);
          return type === PIPELINE_RUNS ? claim(found) : found;
        },
      }),
  };
}

/** The log takes every append at its end, whatever revision was expected. */
export const noExpectedRevision: Sabotage = {
  weather: ['store: append carried out late'],
  store: (store) => ({ ...store, append: (stream, expected, events) => appendAnyway(store, stream, expected, events) }),
};

async function appendAnyway(store: EventStore, ...[stream, expected, events]: Parameters<EventStore['append']>) {
  try {
    return await store.append(stream, expected, events);
  } catch (error) {
    if (!(error instanceof ConcurrencyError)) throw error;
    return store.append(stream, 'any', events);
  }
}

/** A webhook is recorded to be at the end of the log, whatever is still on its way to the receiver. */
export const positionBeforeDelivery: Sabotage = {
  weather: ['webhook: refused', 'webhook: taken late'],
  store: (store) => ({
    ...store,
    append: async (stream, expected, events) => {
      const position = await store.head();
      const ahead = ({ type, data, ...event }: NewEvent): NewEvent => ({
        ...{ ...event, type },
        data: type === 'WebhookPositionReached' ? { ...data, position } : data,
      });
      return store.append(stream, expected, events.map(ahead));
    },
  }),
};

/** Whoever begins to send finds the webhook at the end of the log, wherever the one before it was. */
export const positionForgotten: Sabotage = {
  store: (store) => ({
    ...store,
    readStream: async (stream, options) => {
      const slice = await store.readStream(stream, options);
      if (!stream.startsWith('webhook-')) return slice;
      const position = await store.head();
      return { ...slice, events: slice.events.map((event) => ({ ...event, data: { ...event.data, position } })) };
    },
  }),
};

/** Runs are created awake: one that is created too late runs. */
export const createdAwake: Sabotage = {
  weather: ['cluster: request carried out late'],
  cluster: (cluster) =>
    changed(cluster, {
      create: (type, object) => {
        if (type !== PIPELINE_RUNS) return cluster.create(type, object);
        return cluster.create(type, { ...object, spec: { ...(object.spec as object), status: undefined } });
      },
    }),
};

/** Every status is written without asking which version it is based on. */
export const noStatusVersion: Sabotage = {
  weather: ['cluster: request carried out late'],
  cluster: (cluster) =>
    changed(cluster, {
      patchStatus: (type, name, patch) => {
        if (patch.type !== 'json') return cluster.patchStatus(type, name, patch);
        const operations = patch.body as readonly { readonly path: string }[];
        const body = operations.filter(({ path }) => path !== '/metadata/resourceVersion');
        return cluster.patchStatus(type, name, { ...patch, body });
      },
    }),
};

/** What is asked for in a run is changed on its way: it is made with what the log holds in place of the value. */
export const hashForValue: Sabotage = {
  cluster: (cluster) =>
    changed(cluster, {
      create: (type, object) => cluster.create(type, type === PIPELINE_RUNS ? withOtherParameters(object) : object),
    }),
};

function withOtherParameters(run: KubeObject): KubeObject {
  const spec = run.spec as { readonly params: readonly { readonly name: string }[] };
  const params = spec.params.map((param) =>
    param.name === 'DB_PASSWORD' ? { ...param, value: 'hmac-sha256:' } : param,
  );
  return { ...run, spec: { ...spec, params } };
}

/** The log is given what a resource says as it is. */
export function clearLog(): Sabotage {
  const given = new Map<string, KubeObject['spec']>();
  const seen = (object: KubeObject): KubeObject => {
    given.set(object.metadata.uid ?? '', object.spec);
    return object;
  };
  return {
    cluster: (cluster) =>
      changed(cluster, {
        list: async (type, options) => {
          const page = await cluster.list(type, options);
          return { ...page, items: page.items.map(seen) };
        },
      }),
    store: (store) => ({
      ...store,
      append: (stream, expected, events) =>
        store.append(
          stream,
          expected,
          events.map((event) => {
            const spec = given.get(event.data['executionId'] as string) as JsonObject | undefined;
            return spec === undefined ? event : { ...event, data: { ...event.data, spec } };
          }),
        ),
    }),
  };
}
