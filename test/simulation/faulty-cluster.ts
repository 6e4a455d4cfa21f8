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
import { ClusterError, LEASES } from '#kubernetes';
import type { Fault } from './faults.ts';
import { faultyWatch } from './faulty-watch.ts';
import type { Verb } from './names.ts';
import { callName } from './names.ts';
import type { SimulatedProcess } from './process.ts';
import { never } from './process.ts';

/** A call takes up to this long there, and as long back. */
const WAY_MS = 12;
const SLOW_MS = 8_000;
/** A request that is carried out late comes within this. */
const LATE_MS = 240_000;
const RETRY_AFTER_MS = 2_000;

/** One call of a process, and what it does in the cluster. */
export interface Call {
  readonly verb: Verb;
  readonly type: ResourceType;
  readonly name?: ObjectName;
  readonly object?: KubeObject;
  readonly patch?: Patch;
  readonly options?: { readonly uid?: string; readonly propagation?: Propagation };
}

/** Told of every write before it reaches the cluster, when it is meant and when it comes late. */
export interface WriteWatcher {
  meant(call: Call, process: SimulatedProcess): void;
  carriedOut(call: Call, how: 'in time' | 'late' | 'twice'): void;
}

/** Lists as of a moment ago; undefined when there was nothing yet. */
export type StaleLists = (type: ResourceType, options: ListOptions) => ObjectPage | undefined;

/** The API server as one process reaches it, with everything that can go wrong on the way there and back. */
export class FaultyCluster implements Cluster {
  constructor(
    private readonly cluster: Cluster,
    private readonly process: SimulatedProcess,
    private readonly writes: WriteWatcher,
    private readonly staleList: StaleLists,
  ) {}

  list(type: ResourceType, options: ListOptions = {}): Promise<ObjectPage> {
    return this.read({ verb: 'list', type }, async () => {
      const stale = this.strikes('cluster: stale list') ? this.staleList(type, options) : undefined;
      return stale ?? this.cluster.list(type, options);
    });
  }

  get(type: ResourceType, name: ObjectName): Promise<KubeObject> {
    return this.read({ verb: 'get', type, name }, () => this.cluster.get(type, name));
  }

  create(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    const { namespace = '', name } = object.metadata;
    return this.write({ verb: 'create', type, name: { namespace, name }, object }, () =>
      this.cluster.create(type, object),
    );
  }

  patch(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    return this.write({ verb: 'patch', type, name, patch }, () => this.cluster.patch(type, name, patch));
  }

  patchStatus(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    return this.write({ verb: 'patchStatus', type, name, patch }, () => this.cluster.patchStatus(type, name, patch));
  }

  replace(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    return this.write({ verb: 'replace', type, object }, () => this.cluster.replace(type, object));
  }

  replaceStatus(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    return this.write({ verb: 'replaceStatus', type, object }, () => this.cluster.replaceStatus(type, object));
  }

  delete(type: ResourceType, name: ObjectName, options?: { uid?: string; propagation?: Propagation }): Promise<void> {
    const call = { verb: 'delete', type, name, ...(options && { options }) } as const;
    return this.write(call, () => this.cluster.delete(type, name, options));
  }

  watch(type: ResourceType, options: WatchOptions): AsyncIterable<WatchMessage> {
    return faultyWatch(this.cluster, this.process, type, options);
  }

  private async read<T>(call: Call, perform: () => Promise<T>): Promise<T> {
    const name = callName(call.verb, call.type);
    if (!this.process.survives(`before ${name}`)) return never();
    await this.travel();
    this.refuse(name);
    const result = await this.process.within(perform());
    await this.travel();
    if (!this.process.survives(`after ${name}`)) return never();
    if (this.strikes('cluster: timeout, nothing done')) throw this.fault(name, timeout(false));
    return result;
  }

  private async write<T>(call: Call, perform: () => Promise<T>): Promise<T> {
    const name = callName(call.verb, call.type, call.patch);
    if (!this.process.survives(`before ${name}`)) return never();
    this.writes.meant(call, this.process);
    const send = (how: 'in time' | 'late' | 'twice') => (this.writes.carriedOut(call, how), perform());
    await this.travel();
    this.refuse(name);
    this.refuseWrite(name, send);
    if (call.type !== LEASES) this.process.say(`${name} ${call.name?.name.slice(-12) ?? ''}`);
    let result = await this.process.within(send('in time'));
    if (this.strikes('cluster: request sent twice')) result = await this.process.within(send('twice'));
    if (!this.process.survives(`after ${name}`)) return never();
    await this.travel();
    if (this.strikes('cluster: reply lost after success')) throw this.fault(name, timeout(true));
    if (this.strikes('cluster: 500, done all the same')) throw this.fault(name, serverError());
    return result;
  }

  /** Faults that leave the cluster as it was, for any request. */
  private refuse(name: string): void {
    if (this.process.around.weather.isAway('API server')) throw this.fault(name, error('unavailable', {}));
    if (this.strikes('cluster: 429 with Retry-After'))
      throw this.fault(name, error('too-many-requests', { status: 429, retryAfterMs: RETRY_AFTER_MS }));
    if (this.strikes('cluster: 500, nothing done')) throw this.fault(name, serverError());
    if (this.strikes('cluster: unavailable, nothing done')) throw this.fault(name, error('unavailable', {}));
  }

  private refuseWrite(name: string, send: (how: 'late') => Promise<unknown>): void {
    if (this.strikes('cluster: 409 conflict out of the blue'))
      throw this.fault(name, error('conflict', { status: 409, reason: 'Conflict' }));
    if (this.strikes('cluster: timeout, nothing done')) throw this.fault(name, timeout(true));
    if (!this.strikes('cluster: request carried out late')) return;
    const { timeline, weather, trace } = this.process.around;
    timeline.after(weather.between(500, LATE_MS), () => {
      const told = (how: string): void => trace.say('network', `late ${name}: ${how}`);
      send('late').then(
        () => told('carried out'),
        (refused: unknown) => told(refused instanceof ClusterError ? refused.code : String(refused)),
      );
    });
    throw this.fault(name, timeout(true));
  }

  private travel(): Promise<void> {
    const { timeline, weather } = this.process.around;
    const ms = this.strikes('cluster: slow answer') ? weather.between(500, SLOW_MS) : weather.between(0, WAY_MS);
    return this.process.within(timeline.sleep(ms));
  }

  private strikes(fault: Fault): boolean {
    return this.process.around.weather.strikes(fault);
  }

  private fault(name: string, fault: ClusterError): ClusterError {
    this.process.say(`${name}: ${fault.code}, ${fault.message}`);
    return fault;
  }
}

const error = (code: ClusterError['code'], details: ClusterError['details']): ClusterError =>
  new ClusterError(code, 'simulated', details);

/** Told of a write, as the client tells it: nobody knows whether it was done. */
const serverError = (): ClusterError =>
  error('server-error', { status: 500, reason: 'InternalError', outcomeUnknown: true });
const timeout = (isWrite: boolean): ClusterError => error('timeout', isWrite ? { outcomeUnknown: true } : {});
