import type { DesiredResource, Execution, ExecutionStatus } from '#execution';
import { desiredResource, statusOf } from '#execution';
import type { Cluster, KubeObject } from '#kubernetes';
import { ClusterError, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { ClusterView } from './cluster-view.ts';
import type { Loaded } from './executions.ts';
import { CreationDelay } from './creation-delay.ts';
import { Finalizers } from './finalizers.ts';
import type { ResourceCreationParts } from './resource-creation.ts';
import { ResourceCreation } from './resource-creation.ts';
import { ResourceObjects } from './resource-objects.ts';
import type { Driven } from './run-creation.ts';
import { again } from './soonest.ts';
import type { StatusWriterParts, Written } from './status-writer.ts';
import { StatusWriter } from './status-writer.ts';

type Living = Exclude<Execution, { phase: 'Absent' }>;

export interface ResourceDriverParts extends StatusWriterParts, ResourceCreationParts {
  readonly cluster: Cluster;
  readonly view: ClusterView;
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
  private readonly objects: ResourceObjects;
  private readonly creation: ResourceCreation;
  private readonly finalizers: Finalizers;
  private readonly delay: CreationDelay;

  constructor(private readonly parts: ResourceDriverParts) {
    this.statuses = new StatusWriter(parts);
    this.objects = new ResourceObjects(parts.cluster, parts.view);
    this.creation = new ResourceCreation(parts, this.objects);
    this.finalizers = new Finalizers(parts.cluster, this.objects, (object) => this.statuses.touched(object));
    this.delay = new CreationDelay(parts.reconciliation, parts.clock, parts.stopwatch, parts.creationPatienceMs);
  }

  /** Before the run: the resource exists, and cannot go without our knowing. */
  async secure(loaded: Loaded): Promise<Loaded> {
    const { execution } = loaded;
    if (execution.phase === 'Absent') return loaded;
    const wish: DesiredResource = desiredResource(execution);
    if (wish.kind === 'Created') return this.creation.create(loaded, execution);
    const object = wish.kind === 'Shown' && wish.finalizer ? await this.objects.find(execution) : undefined;
    return object === undefined ? loaded : this.protect(loaded, object);
  }

  /** Without our finalizer nothing is begun; an execution that has not begun waits for it only as long as patience lasts. */
  private async protect(loaded: Loaded, object: KubeObject): Promise<Loaded> {
    try {
      await this.finalizers.add(object);
      this.delay.forget(loaded.id);
      return loaded;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      const after = await this.delay.failed(loaded, 'resource', error.code, error.message);
      if (after.execution.phase !== 'Finished' || loaded.execution.phase === 'Finished') throw error;
      return after;
    }
  }

  /** After the run: the resource shows the log; or is let go. */
  async show(known: Loaded): Promise<Driven> {
    const { loaded, againMs } = await this.boundDeletion(known);
    const shown = await this.showOrLetGo(loaded);
    return { loaded: shown.loaded, ...again(againMs, shown.againMs) };
  }

  private async showOrLetGo(loaded: Loaded): Promise<Driven> {
    const { execution, last } = loaded;
    if (execution.phase === 'Absent' || last === undefined) return { loaded };
    const wish = desiredResource(execution);
    if (wish.kind === 'LetGo') return this.letGo(loaded, execution);
    if (wish.kind === 'Pruned') return this.prune(loaded, execution);
    const waitMs = this.untilReleaseShows(execution);
    if (waitMs > 0) return { loaded, againMs: waitMs };
    const object = wish.kind === 'Shown' ? await this.objects.find(execution) : undefined;
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
    const first = await this.statuses.write(loaded, object, status);
    const written = first.kind === 'outdated' ? await this.writeAnew(loaded, object, status) : first;
    switch (written.kind) {
      case 'drifted':
        return this.showOrLetGo(written.loaded);
      case 'outdated':
        return { loaded, againMs: CONFLICT_MS };
      case 'shown':
        return { loaded, ...again(written.againMs) };
    }
  }

  /** The watch is behind: based on what the API server has now. */
  private async writeAnew(loaded: Loaded, { metadata }: KubeObject, status: ExecutionStatus): Promise<Written> {
    const now = await this.objects.readSame(metadata);
    if (now === undefined) return { kind: 'shown' };
    this.statuses.read(loaded.id, now);
    return this.statuses.write(loaded, now, status);
  }

  /** Our own deletion: recorded before, and with nothing left to wait for. */
  private async prune(loaded: Loaded, execution: Living): Promise<Driven> {
    const object = await this.objects.find(execution);
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
    const object = await this.objects.find(execution);
    if (object === undefined) return { loaded };
    const isChanged = await this.finalizers.drop(object);
    return { loaded, ...(isChanged && { againMs: CONFLICT_MS }) };
  }
}
