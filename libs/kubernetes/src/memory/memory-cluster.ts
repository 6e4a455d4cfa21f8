import type { Clock } from '../clock.ts';
import type {
  Cluster,
  KubeObject,
  KubeObjectMeta,
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
import { Collector, FOREGROUND, ORPHAN } from './collector.ts';
import { frozenJson, sameJson } from './json.ts';
import { nameOf, ObjectTable, type Change, type Stored } from './object-table.ts';
import {
  checkKind,
  checkObject,
  checkTransition,
  mergedWith,
  mustSayVersion,
  broughtAlong,
  withGeneration,
} from './object-rules.ts';
import { OpenLists } from './open-lists.ts';
import { patched } from './patches.ts';
import { alreadyExists, asked, conflict, denied, notFound, notServed, otherUid, versionOnCreate } from './refusals.ts';
import type { Asked } from './refusals.ts';
import { selectionOf } from './selectors.ts';
import { PRODUCT_TYPES, type AdmissionDenial, type AdmissionRequest, type ServedType } from './served-type.ts';
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
  private readonly clock: Clock;
  private readonly served: readonly ServedType[];
  private readonly table: ObjectTable;
  private readonly watches: Watches;
  private readonly lists = new OpenLists();
  private uids = 0;

  constructor({ clock, types = PRODUCT_TYPES, maxHistory = MAX_HISTORY, ...options }: MemoryClusterOptions) {
    this.clock = clock;
    this.served = types;
    this.table = new ObjectTable(maxHistory);
    this.table.subscribe((change) => tell(options, change));
    this.watches = new Watches(this.table, clock);
    this.collector = new Collector({
      table: this.table,
      clock,
      served: types,
      delayMs: options.collectorDelayMs ?? 0,
      remove: (stored, propagation) => this.beginDeletion(stored, propagation),
      update: (stored, object) => void this.storeUpdate(stored.served, stored.object, object),
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
    checkKind(attempt, served, object);
    if (object.metadata.resourceVersion !== undefined) throw versionOnCreate(attempt);
    const admitted = this.admitted(attempt, served, this.completed(served, object), {});
    checkObject(attempt, admitted);
    if (this.table.get(served, nameOf(admitted))) throw alreadyExists(attempt, admitted.metadata.name);
    return this.table.put(served, admitted);
  }

  async patch(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    const attempt = asked('patch', type, name);
    const stored = this.stored(attempt, name);
    return this.update(attempt, stored, patched(attempt, stored.object, patch), undefined);
  }

  async patchStatus(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    const attempt = asked('patch status', type, name);
    const stored = this.withStatus(attempt, name);
    return this.update(attempt, stored, patched(attempt, stored.object, patch), 'status');
  }

  async replace(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    const attempt = asked('replace', type, object.metadata);
    checkKind(attempt, this.servedType(attempt), object);
    return this.replaceStored(attempt, this.stored(attempt, nameOf(object)), object, undefined);
  }

  async replaceStatus(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    const attempt = asked('replace status', type, object.metadata);
    return this.replaceStored(attempt, this.withStatus(attempt, nameOf(object)), object, 'status');
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
    this.beginDeletion(stored, options.propagation);
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

  /** A new object with the system's own metadata, and no status yet. */
  private completed(served: ServedType, { status, ...given }: KubeObject): KubeObject {
    this.uids += 1;
    const { generateName, ...metadata } = broughtAlong(given.metadata);
    const name =
      metadata.name === '' && generateName !== undefined ? `${generateName}${suffix(this.uids)}` : metadata.name;
    return {
      ...given,
      ...(served.hasStatus || status === undefined ? {} : { status }),
      metadata: {
        ...metadata,
        name,
        uid: `c0000000-0000-4000-8000-${this.uids.toString(16).padStart(12, '0')}`,
        creationTimestamp: this.timestamp(),
        ...(served.hasStatus ? { generation: 1 } : {}),
      },
    };
  }

  private replaceStored(
    attempt: Asked,
    stored: Stored,
    object: KubeObject,
    subresource: 'status' | undefined,
  ): KubeObject {
    const { name, uid, resourceVersion } = object.metadata;
    if (resourceVersion === undefined) throw mustSayVersion(attempt, name);
    const known = stored.object.metadata.uid;
    if (uid !== undefined && uid !== known) {
      const problem = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${known}`;
      throw conflict(attempt, name, problem);
    }
    return this.update(attempt, stored, object, subresource);
  }

  /** Stores what the candidate changes of what this kind of write may change; nothing when that is nothing. */
  private update(
    attempt: Asked,
    { served, object: before }: Stored,
    candidate: KubeObject,
    subresource: 'status' | undefined,
  ): KubeObject {
    const { name, resourceVersion } = candidate.metadata;
    if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion)
      throw conflict(attempt, name);
    checkTransition(attempt, candidate, before);
    const merged = mergedWith(served, before, candidate, subresource);
    const request = { previous: before, ...(subresource === undefined ? {} : { subresource }) };
    const counted = withGeneration(before, this.admitted(attempt, served, merged, request));
    checkObject(attempt, frozenJson(counted));
    return this.storeUpdate(served, before, counted);
  }

  private admitted(attempt: Asked, served: ServedType, object: KubeObject, request: AdmissionRequest): KubeObject {
    const { admission } = served;
    const mutated = admission?.mutate ? admission.mutate(frozenJson(object), request) : object;
    if (!isObject(mutated)) throw denied(attempt, mutated);
    const admitted = frozenJson(mutated);
    const denial = admission?.validate?.(admitted, request);
    if (denial !== undefined) throw denied(attempt, denial);
    return admitted;
  }

  /** An object that is being deleted goes with its last finalizer. */
  private storeUpdate(served: ServedType, before: KubeObject, object: KubeObject): KubeObject {
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    if (deletionTimestamp !== undefined && finalizers.length === 0) return this.table.remove(served, object);
    return sameJson(before, object) ? before : this.table.put(served, object);
  }

  /** Removes the object, or marks it as being deleted when something holds it. Asked again, it changes nothing. */
  private beginDeletion({ served, object }: Stored, propagation: Propagation | undefined): void {
    const finalizers = finalizersFor(object.metadata.finalizers ?? [], propagation);
    const { deletionTimestamp, generation, ...metadata } = object.metadata;
    const isFirst = deletionTimestamp === undefined;
    const marked: KubeObjectMeta = {
      ...metadata,
      ...(generation === undefined ? {} : { generation: generation + (isFirst ? 1 : 0) }),
      deletionTimestamp: deletionTimestamp ?? this.timestamp(),
      finalizers,
    };
    if (finalizers.length === 0) this.table.remove(served, object);
    else this.storeUpdate(served, object, { ...object, metadata: marked });
  }

  /** Whole seconds, as the API writes every time. */
  private timestamp(): string {
    return `${new Date(this.clock.now()).toISOString().slice(0, 19)}Z`;
  }
}

const SUFFIX_LENGTH = 5;
const suffix = (count: number): string => count.toString(36).padStart(SUFFIX_LENGTH, '0');

const isObject = (result: KubeObject | AdmissionDenial): result is KubeObject => 'metadata' in result;

/** The object's finalizers with the one that the garbage collector works on for this kind of deletion. */
function finalizersFor(finalizers: readonly string[], propagation: Propagation | undefined): readonly string[] {
  if (propagation === undefined) return finalizers;
  const others = finalizers.filter((name) => name !== FOREGROUND && name !== ORPHAN);
  if (propagation === 'Background') return others;
  return [...others, propagation === 'Foreground' ? FOREGROUND : ORPHAN];
}

function tell({ onStored, onRemoved }: Omit<MemoryClusterOptions, 'clock'>, change: Change): void {
  if (change.type === 'DELETED') onRemoved?.(change.object);
  else onStored?.(change.object, change.previous);
}
