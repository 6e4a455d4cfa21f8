import type {
  Cluster,
  KubeObject,
  ListOptions,
  ObjectName,
  ObjectPage,
  Patch,
  Propagation,
  ResourceType,
  WatchMessage,
  WatchOptions,
} from '#kubernetes';
import type { Scrubber } from './scrubber.ts';
import { scrubbedError } from './scrubbed-error.ts';

/** Says what may not be told of an object; `object` is the one that was sent, if one was. */
export type ScrubberFor = (type: ResourceType, name: ObjectName, object?: KubeObject) => Scrubber;

/**
 * The cluster, whose answers about an object hold none of its sensitive values: API servers, webhooks and policies quote
 * what they refuse. Here foreign words come in, so nothing behind has to think of it.
 */
export class ScrubbedCluster implements Cluster {
  constructor(
    private readonly cluster: Cluster,
    private readonly scrubberFor: ScrubberFor,
  ) {}

  /** About no single object: what such an answer says is about the request. */
  list(type: ResourceType, options?: ListOptions): Promise<ObjectPage> {
    return this.cluster.list(type, options);
  }

  watch(type: ResourceType, options: WatchOptions): AsyncIterable<WatchMessage> {
    return this.cluster.watch(type, options);
  }

  get(type: ResourceType, name: ObjectName): Promise<KubeObject> {
    return this.told(() => this.cluster.get(type, name), type, name);
  }

  create(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    return this.told(() => this.cluster.create(type, object), type, nameOf(object), object);
  }

  patch(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    return this.told(() => this.cluster.patch(type, name, patch), type, name);
  }

  patchStatus(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    return this.told(() => this.cluster.patchStatus(type, name, patch), type, name);
  }

  replace(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    return this.told(() => this.cluster.replace(type, object), type, nameOf(object), object);
  }

  replaceStatus(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    return this.told(() => this.cluster.replaceStatus(type, object), type, nameOf(object), object);
  }

  delete(type: ResourceType, name: ObjectName, options?: { uid?: string; propagation?: Propagation }): Promise<void> {
    return this.told(() => this.cluster.delete(type, name, options), type, name);
  }

  private async told<T>(ask: () => Promise<T>, type: ResourceType, name: ObjectName, object?: KubeObject): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw scrubbedError(error, this.scrubberFor(type, name, object));
    }
  }
}

const nameOf = ({ metadata: { namespace = '', name } }: KubeObject): ObjectName => ({ namespace, name });
