import type { Clock } from '../clock.ts';
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
} from '../cluster.ts';
import { ClusterError } from '../cluster.ts';
import { Collector } from './collector.ts';
import { nameOf, ObjectTable, type Change, type Stored } from './object-table.ts';
import { checkKind } from './object-rules.ts';
import { ObjectWrites } from './object-writes.ts';
import { OpenLists } from './open-lists.ts';
import { patched } from './patches.ts';
import { asked, notFound, notServed, otherUid } from './refusals.ts';
import type { Asked } from './refusals.ts';
import { selectionOf } from './selectors.ts';
import { PRODUCT_TYPES, type ServedType } from './served-type.ts';
import { Watches } from './watches.ts';

export interface MemoryClusterOptions {
  readonly clock: Clock;
  /** Absent: `PRODUCT_TYPES`. */
  readonly types?: readonly ServedType[];
  /** Milliseconds from a change to the garbage collector's next step. Absent: 0, as soon as the clock moves. */
  readonly collectorDelayMs?: number;
  /** Changes remembered for watches; one that starts before them is gone. */
  readonly maxHistory?: number;
  /** Told of every version of every object when it is stored, before anybody else. Must not throw, unless to end a test. */
  readonly onStored?: (object: KubeObject, previous: KubeObject | undefined) => void;
  /** Told of the last state of every object that is gone. */
  readonly onRemoved?: (object: KubeObject) => void;
}

const MAX_HISTORY = 100_000;

/**
 * A Kubernetes API in memory, as far as this product relies on one, for tests and simulation. It is deterministic: time
 * is its clock's, uids and versions are counted, each call takes effect before it returns its promise. Objects are handed
 * out frozen. Not here: schemas (bring them as `admission`), server-side apply, managedFields, namespaces.
 */
export class MemoryCluster implements Cluster {
  /** The garbage collector, which can be slow or away. */
  readonly collector: Pick<Collector, 'collect' | 'pause' | 'resume' | 'setDelay'>;
  private readonly served: readonly ServedType[];
  private readonly table: ObjectTable;
  private readonly watches: Watches;
  private readonly lists = new OpenLists();
  private readonly writes: ObjectWrites;

  constructor({ clock, types = PRODUCT_TYPES, maxHistory = MAX_HISTORY, ...options }: MemoryClusterOptions) {
    this.served = types;
    this.table = new ObjectTable(maxHistory);
    this.writes = new ObjectWrites(this.table, clock);
    this.table.subscribe((change) => tell(options, change));
    this.watches = new Watches(this.table, clock);
    this.collector = new Collector({
      table: this.table,
      clock,
      served: types,
      delayMs: options.collectorDelayMs ?? 0,
      remove: (stored, propagation) => this.writes.beginDeletion(stored, propagation),
      update: (stored, object) => void this.writes.storeUpdate(stored.served, stored.object, object),
    });
  }

  async list(type: ResourceType, options: ListOptions = {}): Promise<ObjectPage> {
    const attempt = asked('list', type, options.namespace === undefined ? {} : { namespace: options.namespace });
    const served = this.servedType(attempt);
    if (options.continue !== undefined) return this.lists.next(attempt, options.continue, options.limit);
    const items = this.table.list(served).filter(selectionOf(attempt, served, options));
    return this.lists.page(items, String(this.table.version), options.limit);
  }

  async *watch(type: ResourceType, options: WatchOptions): AsyncGenerator<WatchMessage, void, void> {
    const attempt = asked('watch', type, options.namespace === undefined ? {} : { namespace: options.namespace });
    const served = this.servedType(attempt);
    yield* this.watches.follow(attempt, served, selectionOf(attempt, served, options), options);
  }

  async get(type: ResourceType, name: ObjectName): Promise<KubeObject> {
    return this.stored(asked('get', type, name), name).object;
  }

  async create(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    const attempt = asked('create', type, object.metadata);
    const served = this.servedType(attempt);
    return this.writes.create(attempt, served, object);
  }

  async patch(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    const attempt = asked('patch', type, name);
    const stored = this.stored(attempt, name);
    return this.writes.update(attempt, stored, patched(attempt, stored.object, patch), undefined);
  }

  async patchStatus(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    const attempt = asked('patch status', type, name);
    const stored = this.withStatus(attempt, name);
    return this.writes.update(attempt, stored, patched(attempt, stored.object, patch), 'status');
  }

  async replace(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    const attempt = asked('replace', type, object.metadata);
    checkKind(attempt, this.servedType(attempt), object);
    return this.writes.replace(attempt, this.stored(attempt, nameOf(object)), object, undefined);
  }

  async replaceStatus(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    const attempt = asked('replace status', type, object.metadata);
    return this.writes.replace(attempt, this.withStatus(attempt, nameOf(object)), object, 'status');
  }

  async delete(
    type: ResourceType,
    name: ObjectName,
    options: { uid?: string; propagation?: Propagation } = {},
  ): Promise<void> {
    const attempt = asked('delete', type, name);
    const stored = this.stored(attempt, name);
    const { uid = '' } = stored.object.metadata;
    if (options.uid !== undefined && options.uid !== uid) throw otherUid(attempt, name.name, options.uid, uid);
    this.writes.beginDeletion(stored, options.propagation);
  }

  /** The resourceVersion of now. */
  get resourceVersion(): string {
    return String(this.table.version);
  }

  /** How many watches are open now. */
  get openWatches(): number {
    return this.watches.size;
  }

  /** All objects of a type, in the order of namespace and name, at once. */
  objects(type: ResourceType): readonly KubeObject[] {
    return this.table.list(this.servedType(asked('list', type)));
  }

  /** Forgets the history: watches and continue tokens from before are gone. */
  compact(): void {
    this.table.compact();
    this.lists.forget();
  }

  /** Ends the open watches, of one type or all: broken with the code, or in good order. */
  cutWatches(how: 'gone' | 'unavailable' | 'end', type?: ResourceType): void {
    const error = how === 'end' ? undefined : new ClusterError(how, `the watch was cut: ${how}`);
    this.watches.cut(error, type && this.servedType(asked('watch', type)));
  }

  /** Watches of the type say nothing and do not end, as a connection nobody answers on, until they are thawed. */
  freezeWatches(type: ResourceType): void {
    this.watches.freeze(this.servedType(asked('watch', type)));
  }

  thawWatches(type: ResourceType): void {
    this.watches.thaw(this.servedType(asked('watch', type)));
  }

  private servedType(attempt: Asked): ServedType {
    const { group, version, plural } = attempt.type;
    const found = this.served.find(
      ({ type }) => type.plural === plural && type.group === group && type.version === version,
    );
    if (found === undefined) throw notServed(attempt);
    return found;
  }

  private stored(attempt: Asked, name: ObjectName): Stored {
    const served = this.servedType(attempt);
    const object = this.table.get(served, name);
    if (object === undefined) throw notFound(attempt, name.name);
    return { served, object };
  }

  private withStatus(attempt: Asked, name: ObjectName): Stored {
    if (!this.servedType(attempt).hasStatus) throw notServed(attempt);
    return this.stored(attempt, name);
  }
}

function tell({ onStored, onRemoved }: Omit<MemoryClusterOptions, 'clock'>, change: Change): void {
  if (change.type === 'DELETED') onRemoved?.(change.object);
  else onStored?.(change.object, change.previous);
}
