import type { Clock } from '../clock.ts';
import { ClusterError, LEASES, type Cluster, type KubeObject, type ObjectName } from '../cluster.ts';
import { microTime, readLease, releasedSpec, type LeaseRecord, type LeaseSpec } from './lease-record.ts';

export interface LeaseLockOptions {
  readonly cluster: Pick<Cluster, 'get' | 'create' | 'replace'>;
  readonly clock: Clock;
  readonly lease: ObjectName;
  readonly identity: string;
  readonly leaseDurationMs: number;
  /** A request without an answer for so long counts as one whose outcome is unknown. */
  readonly requestLimitMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** The Lease as last seen, and since when (monotonic) it has been seen like that. */
interface Sighting {
  readonly mark: string;
  readonly sinceMs: number;
  /** Absent: there was no such object. */
  readonly object?: KubeObject;
  readonly record?: LeaseRecord;
}

/** Of the Lease as we last tried to write it, what tells our record from anybody else's. */
interface Claim {
  readonly number: number;
  readonly acquireTime: string;
}

/**
 * One candidate's hands on the Lease. Every write carries the resourceVersion of what was seen, so it changes exactly that
 * or nothing. A record is ours only if it is the one we wrote: our name on it is not enough (a crashed process of the same name).
 * Methods throw `ClusterError`; after any failed write the lock no longer knows what the Lease says and has to look.
 */
export class LeaseLock {
  private seen: Sighting | undefined;
  private claimed: Claim | undefined;
  /** Of the last holder seen: how long it was promised, and the highest number of a term. */
  private promisedMs: number | undefined;
  private highest = -1;
  private isStale = true;
  private readonly micros: number;

  constructor(private readonly options: LeaseLockOptions) {
    this.micros = Math.floor(options.random() * 1_000);
  }

  /** Who held the Lease when it was last seen. */
  get holder(): string | undefined {
    return this.seen?.record?.holder;
  }

  get exists(): boolean {
    return this.seen?.object !== undefined;
  }

  /** Whether the Lease can say that we hold it, as far as we know. */
  get hasClaimed(): boolean {
    return this.claimed !== undefined;
  }

  /** Whether the Lease, as last seen, is the one this process wrote. */
  get isOurs(): boolean {
    const record = this.seen?.record;
    if (record?.holder === undefined || this.claimed === undefined) return false;
    return (
      record.holder === this.options.identity &&
      record.transitions === this.claimed.number &&
      record.acquireTime === this.claimed.acquireTime
    );
  }

  /**
   * Whether it may be claimed now: nobody holds it, or it has not changed for as long as its holder was promised, measured
   * here. One that was held and then deleted is waited out too: its holder may not know yet.
   */
  get isFree(): boolean {
    if (this.seen === undefined) return false;
    const unchangedMs = this.options.clock.monotonic() - this.seen.sinceMs;
    const { record } = this.seen;
    if (record === undefined) return this.promisedMs === undefined || unchangedMs >= this.promisedMs;
    if (record.holder === undefined || this.isOurs) return true;
    return unchangedMs >= (record.durationMs ?? this.options.leaseDurationMs);
  }

  async look(): Promise<void> {
    const { cluster, lease } = this.options;
    this.saw(await this.limited('get', cluster.get(LEASES, lease)).catch(absentIfNotFound));
    this.isStale = false;
  }

  /** Looks only when the last write has failed. */
  async lookAfterFailure(): Promise<void> {
    if (this.isStale) await this.look();
  }

  /** Writes our name on the Lease as last seen. @returns the number of the term that begins with it */
  async claim(): Promise<number> {
    const acquireTime = this.time();
    const number = this.highest + 1;
    this.claimed = { number, acquireTime };
    await this.write(this.spec(this.claimed, acquireTime));
    return number;
  }

  /** Says that we still hold the Lease, which must be ours as last seen. */
  async renew(): Promise<void> {
    if (!this.isOurs || this.claimed === undefined) throw new Error('expected a Lease of ours to renew');
    await this.write(this.spec(this.claimed, this.time()));
  }

  /** Gives the Lease back, if it is ours: the next candidate that looks may take it. @returns whether it was ours */
  async release(): Promise<boolean> {
    await this.lookAfterFailure();
    const isOurs = this.isOurs;
    const object = this.seen?.object;
    if (isOurs && object) await this.write(releasedSpec(object, this.time()));
    this.claimed = undefined;
    return isOurs;
  }

  private spec(claim: Claim, renewTime: string): LeaseSpec {
    const { identity: holderIdentity, leaseDurationMs } = this.options;
    const { acquireTime, number: leaseTransitions } = claim;
    const leaseDurationSeconds = Math.ceil(leaseDurationMs / 1_000);
    const others = this.seen?.object?.spec as object | undefined;
    return { ...others, holderIdentity, leaseDurationSeconds, acquireTime, renewTime, leaseTransitions };
  }

  /** The time to write now. */
  private time(): string {
    return microTime(this.options.clock.now(), this.micros, this.seen?.record?.renewTime);
  }

  private async write(spec: object): Promise<void> {
    const { cluster, lease } = this.options;
    this.isStale = true;
    const found = this.seen?.object;
    const written = found
      ? this.limited('update', cluster.replace(LEASES, { ...found, spec }))
      : this.limited('create', cluster.create(LEASES, { ...LEASE, metadata: lease, spec }));
    this.saw(await written);
    this.isStale = false;
  }

  /** The time of a sighting is taken after the answer: the Lease said so then or before. */
  private saw(object: KubeObject | undefined): void {
    const mark = object ? `${object.metadata.uid} ${object.metadata.resourceVersion}` : 'none';
    if (this.seen?.mark === mark) return;
    const sinceMs = this.options.clock.monotonic();
    if (object === undefined) {
      this.seen = { mark, sinceMs };
      return;
    }
    const record = readLease(object);
    this.seen = { mark, sinceMs, object, record };
    this.highest = Math.max(this.highest, record.transitions);
    this.promisedMs = record.holder === undefined ? undefined : (record.durationMs ?? this.options.leaseDurationMs);
  }

  private async limited<T>(verb: string, request: Promise<T>): Promise<T> {
    const { clock, requestLimitMs, lease } = this.options;
    const answered = new AbortController();
    const late = clock.sleep(requestLimitMs, answered.signal).then((): never => {
      const what = `${verb} leases ${lease.namespace}/${lease.name}`;
      throw new ClusterError('timeout', `${what}: no answer within ${requestLimitMs} ms`, { outcomeUnknown: true });
    });
    return Promise.race([request, late]).finally(() => answered.abort());
  }
}

const LEASE = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };

function absentIfNotFound(error: unknown): undefined {
  if (error instanceof ClusterError && error.code === 'not-found') return undefined;
  throw error;
}
