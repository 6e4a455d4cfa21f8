import type { EventStore } from '#event-store';
import { factOf, pagesOf } from '#event-store';
import type { BoundResource, Notice, Told } from '#execution';
import { noticesOf, streamOf } from '#execution';
import type { Clock, Cluster } from '#kubernetes';
import { ClusterError, EVENTS } from '#kubernetes';
import { boundResource } from './bridge.ts';
import type { Loaded } from './executions.ts';
import type { NoticePlace } from './notice-event.ts';
import { eventFor } from './notice-event.ts';
import { NoticeMemory } from './notice-memory.ts';
import { NoticePauses } from './notice-pauses.ts';
import type { Log, Telemetry } from './telemetry.ts';
import { WorkQueue } from './work-queue.ts';

export interface NoticeDriverParts {
  readonly store: EventStore;
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** In [0, 1); for jitter. */
  readonly random: () => number;
  readonly telemetry: Telemetry;
  readonly log: Log;
  /** Name of this process in the Events it writes: the pod's. */
  readonly instance: string;
}

/** A late notice is no notice: what is older is left to the log. Far below the hour for which an API server keeps Events. */
export const NOTICE_AGE_MS = 10 * 60_000;
/** Executions that have something to be told; more are not told. */
const MAX_WAITING = 5_000;
/** Notices written at once: they must not crowd out what matters. */
const WRITERS = 2;
const WRITE_LIMIT_MS = 10_000;
const COMPLAINT_INTERVAL_MS = 60_000;

/**
 * Shows transitions as Kubernetes Events, beside the pass that made them: it never waits for them and never fails by
 * them. Each Event's name is derived from the log's event it tells of, so a second attempt finds the first.
 */
export class NoticeDriver {
  private readonly memory = new NoticeMemory();
  private readonly pauses: NoticePauses;
  private readonly waiting = new Map<string, Loaded>();
  private readonly queue: WorkQueue;
  private readonly stopping = new AbortController();
  private complainedMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: NoticeDriverParts) {
    const { clock, random } = parts;
    this.pauses = new NoticePauses(clock);
    this.queue = new WorkQueue({
      handle: (id) => this.catchUp(id),
      onFault: (id, error) => this.complain(id, error),
      workers: WRITERS,
      clock,
      random,
    });
  }

  /** The execution stands so now: whatever of it has not been told yet is told soon. */
  tell(loaded: Loaded): void {
    if (!this.hasNews(loaded)) return;
    if (this.waiting.size >= MAX_WAITING && !this.waiting.has(loaded.id))
      return this.complain(loaded.id, new Error(`more than ${MAX_WAITING} executions wait for their notices`));
    this.waiting.set(loaded.id, loaded);
    this.queue.add(loaded.id);
  }

  /** True when nothing is left to be told. */
  get isIdle(): boolean {
    return this.waiting.size === 0;
  }

  /** Tells no more, and resolves when nothing is under way; what is not told by then is told by the next process. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.queue.stop();
  }

  private hasNews(loaded: Loaded): boolean {
    const { last } = loaded;
    if (last === undefined || resourceOf(loaded) === undefined) return false;
    return last.revision > this.memory.toldThrough(loaded.id) && this.isFresh(last.time);
  }

  private isFresh(time: string): boolean {
    return this.parts.clock.now() - Date.parse(time) <= NOTICE_AGE_MS;
  }

  /** @returns when to go on, in milliseconds; undefined when all is told */
  private async catchUp(id: string): Promise<number | undefined> {
    const loaded = this.waiting.get(id);
    const resource = loaded && resourceOf(loaded);
    if (loaded === undefined || resource === undefined) return undefined;
    if (this.hasNews(loaded)) {
      const pauseMs = this.pauses.leftMs(resource.namespace);
      const againMs = pauseMs > 0 ? pauseMs : await this.write(loaded, resource);
      if (againMs !== undefined) return againMs;
    }
    if (this.waiting.get(id) === loaded) this.waiting.delete(id);
    return undefined;
  }

  private async write(loaded: Loaded, resource: BoundResource): Promise<number | undefined> {
    const { id } = loaded;
    const place = { executionId: id, resource, instance: this.parts.instance };
    let told = this.memory.told(id);
    for await (const events of pagesOf(this.parts.store, streamOf(id), told.revision + 1))
      for (const event of events) {
        const next = noticesOf([factOf(event)], told);
        for (const notice of next.notices.filter((each) => this.isDue(id, each))) {
          if (this.stopping.signal.aborted) return undefined;
          if (!(await this.attempt(notice, place))) return this.pauses.leftMs(resource.namespace);
        }
        told = this.remember(loaded, next.told);
      }
    return undefined;
  }

  private isDue(id: string, { revision, at }: Notice): boolean {
    return revision > this.memory.toldThrough(id) && this.isFresh(at);
  }

  /** @returns false when it is to be tried again */
  private async attempt(notice: Notice, place: NoticePlace): Promise<boolean> {
    try {
      await this.create(notice, place);
      return true;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      if (error.code === 'already-exists') return true;
      if (this.stopping.signal.aborted) return false;
      this.complain(place.executionId, error);
      return !this.pauses.note(error, place.resource.namespace);
    }
  }

  /** An API server that does not answer is waited for only so long, and not at all once we stop. */
  private async create(notice: Notice, place: NoticePlace): Promise<void> {
    const answered = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, answered.signal]);
    const late = this.parts.clock.sleep(WRITE_LIMIT_MS, signal).then(() => {
      throw new ClusterError('timeout', `create ${EVENTS.plural}: no answer within ${WRITE_LIMIT_MS} ms`);
    });
    try {
      await Promise.race([this.parts.cluster.create(EVENTS, eventFor(notice, place)), late]);
    } finally {
      answered.abort();
    }
  }

  /** Where the fold has come to the state the runtime holds anyway, that one is kept instead of a second one. */
  private remember({ id, last, execution }: Loaded, told: Told): Told {
    const kept = told.revision === last?.revision ? { ...told, execution } : told;
    this.memory.remember(id, kept);
    return kept;
  }

  private complain(id: string, error: unknown): void {
    this.parts.telemetry.driverFault('notices');
    const nowMs = this.parts.clock.monotonic();
    if (nowMs - this.complainedMs < COMPLAINT_INTERVAL_MS) return;
    this.complainedMs = nowMs;
    this.parts.log.warn(
      { executionId: id, err: error },
      'a transition could not be shown as a Kubernetes Event; the log has it, and executions go on as they do (told at most once a minute)',
    );
  }
}

const resourceOf = ({ execution }: Loaded): BoundResource | undefined =>
  execution.phase === 'Absent' ? undefined : boundResource(execution);
