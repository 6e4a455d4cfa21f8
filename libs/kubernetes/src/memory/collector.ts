import type { Clock } from '../clock.ts';
import type { KubeObject, OwnerReference, Propagation } from '../cluster.ts';
import { sameJson } from './json.ts';
import { nameOf, type Change, type ObjectTable, type Stored } from './object-table.ts';
import { apiVersionOf, type ServedType } from './served-type.ts';

/** The collector's own finalizers. */
export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

/** A pass looks at each object once; a chain of owners longer than this is not believed. */
const MAX_PASSES = 1_000;

export interface CollectorOptions {
  readonly table: ObjectTable;
  readonly clock: Clock;
  readonly served: readonly ServedType[];
  /** Milliseconds from a change to the pass that acts on it; each further step takes as long again. */
  readonly delayMs: number;
  readonly remove: (stored: Stored, propagation: Propagation | undefined) => void;
  readonly update: (stored: Stored, object: KubeObject) => void;
}

/**
 * The garbage collector: dependents follow their owners, foreground deletions wait for their blocking dependents,
 * orphaned dependents are let go. It works in steps on the clock, so that a slow one can be had.
 */
export class Collector {
  /** uids to look at in the next pass. */
  private due = new Set<string>();
  /** uid of an owner to uids of its dependents. */
  private readonly dependents = new Map<string, Set<string>>();
  private delayMs: number;
  private isPaused = false;
  private isScheduled = false;

  constructor(private readonly options: CollectorOptions) {
    this.delayMs = options.delayMs;
    options.table.subscribe((change) => this.note(change));
  }

  /** From now on a pass begins so long after the change that calls for it. */
  setDelay(delayMs: number): void {
    this.delayMs = delayMs;
  }

  /** Until `resume` it does nothing by itself, as if its process were away. */
  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.schedule();
  }

  /** Does all there is to do now, paused or not. */
  collect(): void {
    for (let pass = 0; this.due.size > 0; pass += 1) {
      if (pass === MAX_PASSES) throw new Error(`the garbage collector found no end after ${MAX_PASSES} passes`);
      this.pass();
    }
  }

  private note({ type, object, previous }: Change): void {
    const { uid = '', ownerReferences = [], deletionTimestamp } = object.metadata;
    const hasNewOwners = !sameJson(ownerReferences, previous?.metadata.ownerReferences ?? []);
    if (hasNewOwners || type === 'DELETED') this.index(uid, type === 'DELETED' ? [] : ownerReferences, previous);
    if (type === 'DELETED') for (const dependent of this.dependents.get(uid) ?? []) this.due.add(dependent);
    else if (hasNewOwners || deletionTimestamp !== undefined) this.due.add(uid);
    // An owner that is being deleted in the foreground waits for what becomes of its dependents.
    if (type !== 'MODIFIED' || hasNewOwners) for (const owner of ownerReferences) this.due.add(owner.uid);
    if (this.due.size > 0) this.schedule();
  }

  private index(uid: string, owners: readonly OwnerReference[], previous: KubeObject | undefined): void {
    for (const owner of previous?.metadata.ownerReferences ?? []) {
      const known = this.dependents.get(owner.uid);
      known?.delete(uid);
      if (known?.size === 0) this.dependents.delete(owner.uid);
    }
    for (const owner of owners) {
      const known = this.dependents.get(owner.uid) ?? new Set();
      this.dependents.set(owner.uid, known.add(uid));
    }
  }

  private schedule(): void {
    if (this.isScheduled || this.isPaused || this.due.size === 0) return;
    this.isScheduled = true;
    void this.options.clock.sleep(this.delayMs).then(() => {
      this.isScheduled = false;
      if (this.isPaused) return;
      this.pass();
      this.schedule();
    });
  }

  /** Looks once at each object that is due. What that changes is for the next pass. */
  private pass(): void {
    const { due } = this;
    this.due = new Set();
    for (const uid of due) {
      const stored = this.options.table.byUid(uid);
      if (stored !== undefined) this.look(stored);
    }
  }

  private look(stored: Stored): void {
    const { finalizers = [], deletionTimestamp } = stored.object.metadata;
    if (deletionTimestamp === undefined) this.followOwners(stored);
    else if (finalizers.includes(ORPHAN)) this.orphan(stored);
    else if (finalizers.includes(FOREGROUND)) this.deleteInForeground(stored);
  }

  private dependentsOf(uid: string): readonly Stored[] {
    const uids = [...(this.dependents.get(uid) ?? [])];
    return uids.map((each) => this.options.table.byUid(each)).filter((stored) => stored !== undefined);
  }

  private orphan(owner: Stored): void {
    const { uid = '' } = owner.object.metadata;
    for (const dependent of this.dependentsOf(uid)) this.dropOwners(dependent, new Set([uid]));
    this.dropFinalizer(owner, ORPHAN);
  }

  /** The owner goes when no dependent that blocks it is left; the others are asked to follow. */
  private deleteInForeground(owner: Stored): void {
    const { uid = '' } = owner.object.metadata;
    const dependents = this.dependentsOf(uid);
    for (const dependent of dependents) this.followOwners(dependent);
    // Not in the same step: that the last one is gone is news for the next.
    if (!dependents.some(({ object }) => isBlocking(object, uid))) this.dropFinalizer(owner, FOREGROUND);
  }

  /** One none of whose owners stays is deleted; one that keeps an owner only loses the references to the others. */
  private followOwners(stored: Stored): void {
    const { ownerReferences: owners = [], deletionTimestamp, uid = '' } = stored.object.metadata;
    if (owners.length === 0 || deletionTimestamp !== undefined) return;
    const leaving = owners.filter((owner) => this.isLeaving(stored.object, owner));
    if (leaving.length === 0) return;
    if (leaving.length < owners.length) return this.dropOwners(stored, new Set(leaving.map((owner) => owner.uid)));
    const isAwaited = leaving.some((owner) => this.options.table.byUid(owner.uid) !== undefined);
    const hasDependents = this.dependents.has(uid);
    this.options.remove(stored, isAwaited && hasDependents ? 'Foreground' : undefined);
  }

  /** Gone, or being deleted in the foreground. An owner of a type that is not served is not known to be gone. */
  private isLeaving({ metadata }: KubeObject, owner: OwnerReference): boolean {
    const served = this.options.served.find(
      ({ type }) => apiVersionOf(type) === owner.apiVersion && type.kind === owner.kind,
    );
    if (served === undefined) return false;
    const found = this.options.table.get(served, { namespace: nameOf({ metadata }).namespace, name: owner.name });
    if (found?.metadata.uid !== owner.uid) return true;
    const { deletionTimestamp, finalizers = [] } = found.metadata;
    return deletionTimestamp !== undefined && finalizers.includes(FOREGROUND);
  }

  private dropOwners(stored: Stored, uids: ReadonlySet<string>): void {
    const { ownerReferences = [], ...metadata } = stored.object.metadata;
    const rest = ownerReferences.filter(({ uid }) => !uids.has(uid));
    const kept = rest.length > 0 ? { ...metadata, ownerReferences: rest } : metadata;
    this.options.update(stored, { ...stored.object, metadata: kept });
  }

  private dropFinalizer(stored: Stored, finalizer: string): void {
    const { finalizers = [], ...metadata } = stored.object.metadata;
    const rest = finalizers.filter((name) => name !== finalizer);
    const kept = rest.length > 0 ? { ...metadata, finalizers: rest } : metadata;
    this.options.update(stored, { ...stored.object, metadata: kept });
  }
}

const isBlocking = ({ metadata }: KubeObject, owner: string): boolean =>
  (metadata.ownerReferences ?? []).some(({ uid, blockOwnerDeletion }) => uid === owner && blockOwnerDeletion === true);
