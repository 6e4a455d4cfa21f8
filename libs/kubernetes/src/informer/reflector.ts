import type { Clock } from '../clock.ts';
import { ClusterError, type Cluster, type KubeObject, type ResourceType, type WatchMessage } from '../cluster.ts';
import { backoffMs } from './backoff.ts';
import { Watchdog } from './watchdog.ts';

export interface ReflectorLimits {
  readonly pageSize: number;
  /** A list that does not end after so many pages is not believed. */
  readonly maxPages: number;
  /** A watch is asked to end by itself after three quarters to all of this time. */
  readonly watchSeconds: number;
  /** Silence longer than this is a stall; more than `watchSeconds`, after which a healthy watch ends by itself. */
  readonly idleMs: number;
  /** A watch that ends sooner than this and said nothing counts as failed. */
  readonly shortWatchMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** A longer Retry-After is cut to this. */
  readonly maxRetryAfterMs: number;
}

export const REFLECTOR_LIMITS: ReflectorLimits = {
  pageSize: 500,
  maxPages: 2_000,
  watchSeconds: 60,
  idleMs: 75_000,
  shortWatchMs: 1_000,
  backoffBaseMs: 250,
  backoffCapMs: 30_000,
  maxRetryAfterMs: 60_000,
};

/** Which objects to follow. */
export interface Selection {
  readonly type: ResourceType;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Where the reflector brings what it sees. */
export interface ReflectorSink {
  listed(objects: readonly KubeObject[]): void;
  seen(object: KubeObject): void;
  removed(object: KubeObject): void;
  /** The API server was heard. */
  contact(): void;
  interrupted(error: unknown, next: { readonly relists: boolean; readonly delayMs: number }): void;
}

/** After so many failures in a row the API server may have come back with another history: list instead of resuming. */
const FAILURES_BEFORE_RELIST = 2;

/**
 * Follows one selection until the signal aborts, whatever happens on the way: list, then watch from there; after a fault
 * resume from the last seen resourceVersion; after 410 list again. After the abort nothing reaches the sink.
 */
export class Reflector {
  private readonly limits: ReflectorLimits;
  private pageSize: number;
  /** The resourceVersion to watch from; none: list first. */
  private position: string | undefined;
  private failures = 0;
  /** Ends the watch that runs, to list anew; aborted: a list was asked for and has not been made. */
  private relisting = new AbortController();

  constructor(
    private readonly cluster: Pick<Cluster, 'list' | 'watch'>,
    private readonly clock: Clock,
    private readonly selection: Selection,
    private readonly sink: ReflectorSink,
    private readonly options: { readonly limits?: Partial<ReflectorLimits>; readonly random?: () => number } = {},
  ) {
    this.limits = { ...REFLECTOR_LIMITS, ...options.limits };
    this.pageSize = this.limits.pageSize;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.position === undefined || this.relisting.signal.aborted) await this.list(signal);
        else await this.watch(this.position, signal);
      } catch (error) {
        if (!signal.aborted) await this.recover(error, signal);
      }
    }
  }

  /** Lists as soon as possible, whatever the watch says: what a watch has not told is found so. */
  relist(): void {
    this.relisting.abort();
  }

  private async list(signal: AbortSignal): Promise<void> {
    if (this.relisting.signal.aborted) this.relisting = new AbortController();
    const objects: KubeObject[] = [];
    let position: string | undefined;
    let token: string | undefined;
    for (let pages = 0; pages < this.limits.maxPages; pages += 1) {
      const next = token === undefined ? {} : { continue: token };
      const page = await this.cluster.list(this.selection.type, {
        ...this.where,
        limit: this.pageSize,
        ...next,
        signal,
      });
      if (signal.aborted) return;
      this.sink.contact();
      objects.push(...page.items);
      position ??= page.resourceVersion; // the oldest of the pages: what is younger comes again, nothing is missed
      token = page.continue;
      if (token !== undefined) continue;
      this.sink.listed(objects);
      this.position = position;
      return;
    }
    throw new ClusterError(
      'server-error',
      `the list of ${this.plural} did not end after ${this.limits.maxPages} pages`,
    );
  }

  private async watch(position: string, signal: AbortSignal): Promise<void> {
    const watchdog = new Watchdog(this.clock, this.limits.idleMs);
    const openedMs = this.clock.monotonic();
    let isSilent = true;
    try {
      const { signal: relisting } = this.relisting;
      for await (const message of this.open(position, AbortSignal.any([signal, watchdog.signal, relisting]))) {
        if (signal.aborted || relisting.aborted) return;
        watchdog.heard();
        isSilent = false;
        this.failures = 0;
        this.take(message);
      }
    } finally {
      watchdog.stop();
    }
    if (signal.aborted || this.relisting.signal.aborted) return;
    if (watchdog.barked) throw stalled(this.plural, this.limits.idleMs);
    // A server that ends every watch at once must not be asked in a tight loop.
    if (isSilent && this.clock.monotonic() - openedMs < this.limits.shortWatchMs) throw endedAtOnce(this.plural);
    this.failures = 0;
    this.sink.contact();
  }

  private open(resourceVersion: string, signal: AbortSignal): AsyncIterable<WatchMessage> {
    const timeoutSeconds = Math.ceil(this.limits.watchSeconds * (0.75 + this.random() / 4));
    return this.cluster.watch(this.selection.type, { ...this.where, resourceVersion, timeoutSeconds, signal });
  }

  private take(message: WatchMessage): void {
    this.sink.contact();
    const version = message.type === 'BOOKMARK' ? message.resourceVersion : message.object.metadata.resourceVersion;
    if (message.type === 'DELETED') this.sink.removed(message.object);
    else if (message.type !== 'BOOKMARK') this.sink.seen(message.object);
    if (version) this.position = version;
  }

  private async recover(error: unknown, signal: AbortSignal): Promise<void> {
    this.failures += 1;
    const code = error instanceof ClusterError ? error.code : undefined;
    if (code === 'gone' || this.failures >= FAILURES_BEFORE_RELIST) this.position = undefined;
    if (code === 'too-large') this.pageSize = Math.max(1, Math.floor(this.pageSize / 2));
    const delayMs = this.delayAfter(error);
    this.sink.interrupted(error, { relists: this.position === undefined, delayMs });
    await this.clock.sleep(delayMs, signal);
  }

  private delayAfter(error: unknown): number {
    const { backoffBaseMs: baseMs, backoffCapMs: capMs, maxRetryAfterMs } = this.limits;
    const askedMs = error instanceof ClusterError ? (error.details.retryAfterMs ?? 0) : 0;
    return Math.max(backoffMs(this.failures, { baseMs, capMs }, this.random()), Math.min(askedMs, maxRetryAfterMs));
  }

  private random(): number {
    return (this.options.random ?? Math.random)();
  }

  private get plural(): string {
    return this.selection.type.plural;
  }

  private get where(): Omit<Selection, 'type'> {
    const { namespace, labelSelector, fieldSelector } = this.selection;
    return {
      ...(namespace === undefined ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    };
  }
}

function stalled(plural: string, idleMs: number): ClusterError {
  return new ClusterError('timeout', `the watch of ${plural} was silent for ${idleMs} ms and did not end by itself`);
}

function endedAtOnce(plural: string): ClusterError {
  return new ClusterError('unavailable', `the watch of ${plural} ended at once without a message`);
}
