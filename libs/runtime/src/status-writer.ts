import type { ExecutionStatus } from '#execution';
import { same } from '#execution';
import type { Clock, Cluster, KubeObject } from '#kubernetes';
import { ClusterError, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { Executions, Loaded } from './executions.ts';
import type { Reconciliation } from './reconciliation.ts';
import { editedFields } from './status-truth.ts';
import type { Log, Telemetry } from './telemetry.ts';

export interface StatusWriterParts {
  readonly cluster: Cluster;
  readonly reconciliation: Reconciliation;
  readonly executions: Pick<Executions, 'loadWhile'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

export type Written =
  | { readonly kind: 'shown'; readonly againMs?: number }
  /** The object is not as it was given, or gone: it is to be read. */
  | { readonly kind: 'outdated' }
  /** Somebody had edited the status; that is recorded now, and the status is to be written anew. */
  | { readonly kind: 'drifted'; readonly loaded: Loaded };

interface Memory {
  readonly status: ExecutionStatus;
  /** resourceVersion the write led to: while the watch shows an older one, the write is on its way. */
  readonly resourceVersion: string | undefined;
  readonly writtenMs: number;
}

/** Writes that change nothing but progress wait at least this long after the last one. */
const PROGRESS_INTERVAL_MS = 1_000;
/** Before the second correction of a status, doubling with each. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 60_000;
/** Executions whose last write is remembered. Forgetting one costs at most a write that changes nothing. */
const REMEMBERED = 5_000;

/** Writes statuses: only when they differ, progress not too often, and never over somebody else's object of that name. */
export class StatusWriter {
  private readonly memory = new Map<string, Memory>();
  private readonly judged = new Map<string, true>();
  /** By uid: the resourceVersion our last write led to. */
  private readonly versions = new Map<string, string>();

  constructor(private readonly parts: StatusWriterParts) {}

  async write(loaded: Loaded, object: KubeObject, status: ExecutionStatus): Promise<Written> {
    const known = this.memory.get(loaded.id);
    const isOnItsWay = known !== undefined && isOlder(object.metadata.resourceVersion, known.resourceVersion);
    const shown = isOnItsWay ? known.status : (object.status as ExecutionStatus | undefined);
    if (same(shown, status)) return { kind: 'shown' };
    const drift = known === undefined || isOnItsWay ? [] : driftOf(known.status, status, shown);
    if (drift.length > 0) return this.drifted(loaded, drift, known?.writtenMs ?? 0);
    const edited = known === undefined ? await this.editedBefore(loaded, shown) : [];
    if (edited.length > 0) return this.drifted(loaded, edited, Number.NEGATIVE_INFINITY);
    const waitMs =
      isProgress(shown, status) && known ? known.writtenMs + PROGRESS_INTERVAL_MS - this.parts.clock.monotonic() : 0;
    if (waitMs > 0) return { kind: 'shown', againMs: waitMs };
    return this.patch(loaded.id, object, status);
  }

  /** Asked once of each, when it is first looked at: what somebody edited before that, while the service was down. */
  private async editedBefore({ id }: Loaded, shown: ExecutionStatus | undefined): Promise<readonly string[]> {
    if (this.judged.has(id)) return [];
    remember(this.judged, id, true);
    return editedFields(id, shown, this.parts.executions);
  }

  /** A write of ours led to this version of the object, which the watch may not show yet. */
  touched({ metadata: { uid = '', resourceVersion } }: KubeObject): void {
    if (resourceVersion !== undefined) remember(this.versions, uid, resourceVersion);
  }

  /**
   * The object as it was just read. When it is older than what we wrote, the API server was restored from a backup: what
   * we wrote is not there any more.
   */
  read(id: string, { metadata: { uid = '', resourceVersion } }: KubeObject): void {
    if (!isOlder(resourceVersion, this.versions.get(uid))) return;
    this.versions.delete(uid);
    this.memory.delete(id);
  }

  /** Somebody who edits again and again is answered more and more slowly: two writers do not fight at full speed. */
  private async drifted(loaded: Loaded, fields: readonly string[], writtenMs: number): Promise<Written> {
    const corrections = loaded.execution.phase === 'Absent' ? 0 : (loaded.execution.driftCorrections ?? 0);
    const pauseMs = corrections === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(corrections, 20));
    const waitMs = writtenMs + pauseMs - this.parts.clock.monotonic();
    if (waitMs > 0) return { kind: 'shown', againMs: waitMs };
    this.memory.delete(loaded.id);
    return { kind: 'drifted', loaded: await this.parts.reconciliation.sync(loaded, { kind: 'StatusDrifted', fields }) };
  }

  /**
   * Replaces the whole status, provided the object is still the one of that uid, as we have seen it: a leader that was
   * paused cannot write what was true before over what its successor wrote.
   */
  private async patch(id: string, object: KubeObject, status: ExecutionStatus): Promise<Written> {
    const { namespace = '', name, uid = '', resourceVersion: seen } = object.metadata;
    const own = this.versions.get(uid);
    const body = [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'replace', path: '/metadata/resourceVersion', value: isOlder(seen, own) ? own : seen },
      { op: 'add', path: '/status', value: status },
    ];
    try {
      const after = await this.parts.cluster.patchStatus(
        WORKFLOW_EXECUTIONS,
        { namespace, name },
        { type: 'json', body },
      );
      const { resourceVersion } = after.metadata;
      this.touched(after);
      const written = {
        status: this.accepted(id, after, status),
        resourceVersion,
        writtenMs: this.parts.clock.monotonic(),
      };
      remember(this.memory, id, written);
      return { kind: 'shown' };
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      if (error.code === 'not-found' || error.code === 'conflict') return { kind: 'outdated' };
      throw error;
    }
  }

  /** What the API server kept of it. Anything else than was sent means that the installed CRD is another version's. */
  private accepted(id: string, after: KubeObject, status: ExecutionStatus): ExecutionStatus {
    if (same(after.status, status)) return status;
    this.parts.telemetry.driverFault('status-pruned');
    this.parts.log.error(
      { executionId: id },
      'the API server did not keep the status as sent: install the CRD of this version',
    );
    return after.status as ExecutionStatus;
  }
}

function remember<T>(memory: Map<string, T>, key: string, value: T): void {
  memory.delete(key);
  memory.set(key, value);
  if (memory.size > REMEMBERED) memory.delete(memory.keys().next().value as string);
}

/** Top-level fields that somebody else changed: they show neither what we last wrote nor what is wanted now. */
function driftOf(
  written: ExecutionStatus,
  wanted: ExecutionStatus,
  shown: ExecutionStatus | undefined,
): readonly string[] {
  if (!same(written.execution.lastEvent, wanted.execution.lastEvent)) return [];
  const [before, now]: Record<string, unknown>[] = [{ ...written }, { ...shown }];
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(now ?? {})]);
  return [...fields].filter((field) => !same(before?.[field], now?.[field])).sort();
}

/** True when people and `kubectl wait` would see no other phase, outcome or condition. */
function isProgress(shown: ExecutionStatus | undefined, wanted: ExecutionStatus): boolean {
  if (shown === undefined || shown.phase !== wanted.phase || shown.outcome !== wanted.outcome) return false;
  const verdicts = (status: ExecutionStatus): unknown =>
    (status.conditions ?? []).map(({ type, status: value }) => [type, value]);
  return wanted.phase === 'Running' && same(verdicts(shown), verdicts(wanted));
}

/** Kubernetes resource versions of one type are decimal numbers that grow; anything else is taken as not older. */
function isOlder(seen: string | undefined, written: string | undefined): boolean {
  const isNumber = (version: string | undefined): version is string =>
    version !== undefined && /^\d{1,20}$/.test(version);
  return isNumber(seen) && isNumber(written) && BigInt(seen) < BigInt(written);
}
