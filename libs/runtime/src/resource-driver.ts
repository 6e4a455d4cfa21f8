import type { DesiredResource, Execution, ExecutionStatus } from '#execution';
import { API_VERSION, desiredResource, FINALIZER, LABELS, statusOf } from '#execution';
import type { KubeObject, ObjectName } from '#kubernetes';
import { ClusterError, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { boundResource } from './bridge.ts';
import type { ClusterView } from './cluster-view.ts';
import { CreationDelay } from './creation-delay.ts';
import type { Loaded } from './executions.ts';
import { isNoSuchObject } from './no-such-object.ts';
import { executionIdLabel, showsSameWish } from './resource-spec.ts';
import type { Driven } from './run-creation.ts';
import type { StatusWriterParts } from './status-writer.ts';
import { StatusWriter } from './status-writer.ts';
import { soonest } from './soonest.ts';
import type { Stopwatch } from './stopwatch.ts';

type Living = Exclude<Execution, { phase: 'Absent' }>;

export interface ResourceDriverParts extends StatusWriterParts {
  readonly view: ClusterView;
  readonly stopwatch: Stopwatch;
  /** A create that keeps failing for passing reasons is given up after this. */
  readonly creationPatienceMs: number;
  /** A deleted resource is kept no longer than this for what is left of its execution. */
  readonly deletionPatienceMs: number;
}

/** A conflicting write is looked at again after this, when the watch has caught up. */
const CONFLICT_MS = 200;
/** A release that is not over by then is shown as being under way. */
const RELEASE_SHOWS_AFTER_MS = 1_000;

/** Makes the WorkflowExecution object match what the log demands: that it exists, its finalizer, its status. */
export class ResourceDriver {
  private readonly statuses: StatusWriter;
  private readonly delay: CreationDelay;

  constructor(private readonly parts: ResourceDriverParts) {
    this.statuses = new StatusWriter(parts);
    this.delay = new CreationDelay(parts.reconciliation, parts.clock, parts.creationPatienceMs);
  }

  /** Before the run: the resource exists, and cannot go without our knowing. */
  async secure(loaded: Loaded): Promise<Loaded> {
    const { execution } = loaded;
    if (execution.phase === 'Absent') return loaded;
    const wish: DesiredResource = desiredResource(execution);
    if (wish.kind === 'Created') return this.create(loaded, execution);
    if (wish.kind === 'Shown' && wish.finalizer) await this.guard(execution);
    return loaded;
  }

  /** After the run: the resource shows the log; or is let go. */
  async show(known: Loaded): Promise<Driven> {
    const { loaded, againMs } = await this.boundDeletion(known);
    const shown = await this.showOrLetGo(loaded);
    return { loaded: shown.loaded, ...soonestOf(againMs, shown.againMs) };
  }

  private async showOrLetGo(loaded: Loaded): Promise<Driven> {
    const { execution, last } = loaded;
    if (execution.phase === 'Absent' || last === undefined) return { loaded };
    const wish = desiredResource(execution);
    if (wish.kind === 'LetGo') return this.letGo(loaded, execution);
    if (wish.kind === 'Pruned') return this.prune(loaded, execution);
    const waitMs = this.untilReleaseShows(execution);
    if (waitMs > 0) return { loaded, againMs: waitMs };
    const object = wish.kind === 'Shown' ? await this.find(execution) : undefined;
    if (object === undefined) return { loaded };
    const { revision, type, hash } = last;
    const status = statusOf(execution, { revision, type, hash });
    return status === undefined ? { loaded } : this.write(loaded, object, status);
  }

  /** A deletion waits for the run to stop and to be gone, but not for ever. */
  private async boundDeletion(loaded: Loaded): Promise<Driven> {
    const { execution } = loaded;
    if (execution.phase === 'Absent' || execution.binding.state !== 'Deleting') return { loaded };
    if (desiredResource(execution).kind === 'LetGo') return { loaded };
    const patienceMs = this.parts.deletionPatienceMs;
    const requestedMs = Date.parse(execution.binding.requestedAt);
    const leftMs = this.parts.stopwatch.left(`${execution.id} deletion`, requestedMs + patienceMs);
    if (leftMs > 0) return { loaded, againMs: leftMs };
    return { loaded: await this.parts.reconciliation.sync(loaded, { kind: 'DeletionWaited', patienceMs }) };
  }

  /** A release is usually over at once: one write for both of its events, unless the removal of the run takes its time. */
  private untilReleaseShows(execution: Living): number {
    if (execution.phase !== 'Finished' || execution.lock.state !== 'Releasing') return 0;
    const showsMs = Date.parse(execution.lock.requestedAt) + RELEASE_SHOWS_AFTER_MS;
    return this.parts.stopwatch.left(`${execution.id} release`, showsMs);
  }

  private async write(loaded: Loaded, object: KubeObject, status: ExecutionStatus): Promise<Driven> {
    const written = await this.statuses.write(loaded, object, status);
    return written.kind === 'drifted'
      ? this.showOrLetGo(written.loaded)
      : { loaded, ...(written.againMs !== undefined && { againMs: written.againMs }) };
  }

  private async create(loaded: Loaded, execution: Living): Promise<Loaded> {
    try {
      const created = await this.parts.cluster.create(WORKFLOW_EXECUTIONS, objectFor(execution));
      this.delay.forget(loaded.id);
      return await this.bind(loaded, created);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      // A conflict is about a quota that others draw on too, and passes.
      const mayPass = error.isTransient || error.code === 'conflict';
      return mayPass ? this.delayed(loaded, execution, error) : this.notCreated(loaded, execution, error);
    }
  }

  /** @throws the error, so that it is tried again, for as long as patience lasts */
  private async delayed(loaded: Loaded, execution: Living, error: ClusterError): Promise<Loaded> {
    if (this.delay.isLast(loaded)) {
      const object = await this.read(execution.resource);
      if (object !== undefined) return this.notCreated(loaded, execution, error);
    }
    const after = await this.delay.failed(loaded, 'resource', error.code, error.message);
    if (after.execution.phase === 'Pending') throw error;
    return after;
  }

  /**
   * Refused, and yet it may be there: from before a crash, or from a create whose reply was lost, since a quota or a
   * policy answers before the name is looked at.
   */
  private async notCreated(loaded: Loaded, execution: Living, error: ClusterError): Promise<Loaded> {
    const object = await this.read(execution.resource);
    if (object !== undefined && executionIdLabel(object) === execution.id && showsSameWish(object, execution))
      return this.bind(loaded, object);
    if (error.code !== 'already-exists')
      return this.refused(loaded, `the resource cannot be created: ${error.message}`);
    if (object === undefined) throw error; // gone since: the name may be free now
    const { namespace, name } = execution.resource;
    return this.refused(loaded, `another WorkflowExecution named ${namespace}/${name} exists`);
  }

  private bind(loaded: Loaded, object: KubeObject): Promise<Loaded> {
    const { namespace = '', name, uid = '', generation, deletionTimestamp } = object.metadata;
    return this.parts.reconciliation.sync(loaded, {
      kind: 'ResourceObserved',
      resource: { namespace, name, uid },
      ...(generation !== undefined && { generation }),
      deletionRequested: deletionTimestamp !== undefined,
    });
  }

  private refused(loaded: Loaded, message: string): Promise<Loaded> {
    return this.parts.reconciliation.sync(loaded, { kind: 'ResourceRefused', message });
  }

  /** Adds the finalizer, if it is missing and the object is not on its way out. */
  private async guard(execution: Living): Promise<void> {
    const object = await this.find(execution);
    if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
    if (object.metadata.finalizers?.includes(FINALIZER)) return;
    await this.setFinalizers(object, [...(object.metadata.finalizers ?? []), FINALIZER]);
  }

  /** Our own deletion: recorded before, and with nothing left to wait for. */
  private async prune(loaded: Loaded, execution: Living): Promise<Driven> {
    const object = await this.find(execution);
    if (object === undefined) return { loaded };
    if (object.metadata.deletionTimestamp !== undefined) return this.letGo(loaded, execution);
    const { namespace = '', name, uid } = object.metadata;
    try {
      await this.parts.cluster.delete(
        WORKFLOW_EXECUTIONS,
        { namespace, name },
        { ...(uid !== undefined && { uid }), propagation: 'Background' },
      );
    } catch (error) {
      if (!(error instanceof ClusterError) || (error.code !== 'not-found' && error.code !== 'conflict')) throw error;
    }
    return { loaded, againMs: CONFLICT_MS };
  }

  private async letGo(loaded: Loaded, execution: Living): Promise<Driven> {
    const object = await this.find(execution);
    if (object === undefined) return { loaded };
    const kept = (object.metadata.finalizers ?? []).filter((name) => name !== FINALIZER);
    if (kept.length === (object.metadata.finalizers ?? []).length) return { loaded };
    await this.setFinalizers(object, kept);
    return { loaded, againMs: CONFLICT_MS };
  }

  /** Somebody else's finalizers are theirs: the write is refused when the list changed since we read it. */
  private async setFinalizers(object: KubeObject, finalizers: readonly string[]): Promise<void> {
    const { uid, resourceVersion } = object.metadata;
    const body = { metadata: { uid, resourceVersion, finalizers } };
    const { namespace = '', name } = object.metadata;
    try {
      this.statuses.touched(
        await this.parts.cluster.patch(WORKFLOW_EXECUTIONS, { namespace, name }, { type: 'merge', body }),
      );
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'not-found') return;
      throw error;
    }
  }

  /** The bound object: as the watch has it, or read when the watch is behind. */
  private async find(execution: Living): Promise<KubeObject | undefined> {
    const bound = boundResource(execution);
    if (bound === undefined) return undefined;
    const seen = this.parts.view.resource(bound);
    if (seen?.metadata.uid === bound.uid) return seen;
    const read = await this.read(bound);
    return read?.metadata.uid === bound.uid ? read : undefined;
  }

  private async read(name: ObjectName): Promise<KubeObject | undefined> {
    try {
      return await this.parts.cluster.get(WORKFLOW_EXECUTIONS, name);
    } catch (error) {
      if (isNoSuchObject(error)) return undefined;
      throw error;
    }
  }
}

function objectFor(execution: Living): KubeObject {
  const { namespace, name } = execution.resource;
  const labels = { [LABELS.executionId]: execution.id };
  return {
    apiVersion: API_VERSION,
    kind: WORKFLOW_EXECUTIONS.kind,
    metadata: { namespace, name, labels, finalizers: [FINALIZER] },
    spec: execution.spec,
  };
}

function soonestOf(a: number | undefined, b: number | undefined): { againMs?: number } {
  const againMs = soonest(a, b);
  return againMs === undefined ? {} : { againMs };
}
