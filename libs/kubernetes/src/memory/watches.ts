import type { Clock } from '../clock.ts';
import type { ClusterError, KubeObject, WatchMessage, WatchOptions } from '../cluster.ts';
import type { Change, ObjectTable } from './object-table.ts';
import type { Asked } from './refusals.ts';
import { goneFromHistory } from './refusals.ts';
import type { Selection } from './selectors.ts';
import type { ServedType } from './served-type.ts';

/** A server sends a bookmark about once a minute, and one this long before it ends a watch. */
const BOOKMARK_INTERVAL_MS = 60_000;
const LAST_BOOKMARK_MS = 2_000;

interface OpenWatch {
  readonly served: ServedType;
  position: number;
  isBookmarkDue: boolean;
  isOver: boolean;
  cut: ClusterError | undefined;
  wake: () => void;
}

/** All open watches of a cluster, each a place in its history. */
export class Watches {
  private readonly open = new Set<OpenWatch>();
  private readonly frozen = new Set<ServedType>();

  constructor(
    private readonly table: ObjectTable,
    private readonly clock: Clock,
  ) {
    table.subscribe(({ served }) => this.wake((watch) => watch.served === served));
  }

  /** How many are open now. */
  get size(): number {
    return this.open.size;
  }

  /** The messages of one watch. @throws ClusterError gone, or what it was cut with */
  async *follow(
    attempt: Asked,
    served: ServedType,
    matches: Selection,
    options: Pick<WatchOptions, 'resourceVersion' | 'timeoutSeconds' | 'signal'>,
  ): AsyncGenerator<WatchMessage, void, void> {
    const over = new AbortController();
    const watch = this.begin(served, Number(options.resourceVersion));
    const onAbort = (): void => watch.wake();
    options.signal.addEventListener('abort', onAbort, { once: true });
    void this.ring(watch, options.timeoutSeconds * 1_000, over.signal);
    try {
      while (!options.signal.aborted) {
        if (watch.cut) throw watch.cut;
        const message = this.frozen.has(served) ? undefined : this.next(attempt, watch, matches);
        if (message !== undefined) yield message;
        else if (watch.isOver && !this.frozen.has(served)) return;
        else await this.awoken(watch, options.signal);
      }
    } finally {
      this.open.delete(watch);
      options.signal.removeEventListener('abort', onAbort);
      over.abort(null); // a reason of its own saves the making of an error with a stack
    }
  }

  /** Ends the open watches of the type, or all: with the error, or cleanly without one. */
  cut(error: ClusterError | undefined, served: ServedType | undefined): void {
    for (const watch of this.open) {
      if (served !== undefined && watch.served !== served) continue;
      if (error === undefined) watch.isOver = true;
      else watch.cut = error;
    }
    this.wake((watch) => served === undefined || watch.served === served);
  }

  /** Watches of the type, open ones and new ones, say nothing and do not end, until they are thawed. */
  freeze(served: ServedType): void {
    this.frozen.add(served);
  }

  /** They go on with what they missed. */
  thaw(served: ServedType): void {
    this.frozen.delete(served);
    this.wake((watch) => watch.served === served);
  }

  private begin(served: ServedType, position: number): OpenWatch {
    const quiet = (): void => undefined;
    const watch = { served, position, isBookmarkDue: false, isOver: false, cut: undefined, wake: quiet };
    this.open.add(watch);
    return watch;
  }

  private wake(concerns: (watch: OpenWatch) => boolean): void {
    for (const watch of this.open) if (concerns(watch)) watch.wake();
  }

  private awoken(watch: OpenWatch, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      watch.wake = resolve;
      if (signal.aborted) resolve();
    });
  }

  private next(attempt: Asked, watch: OpenWatch, matches: Selection): WatchMessage | undefined {
    if (watch.position < this.table.oldestVersion)
      throw goneFromHistory(attempt, watch.position, this.table.oldestVersion);
    for (let change = this.table.changeAfter(watch.position); change; change = this.table.changeAfter(watch.position)) {
      watch.position += 1;
      const message = change.served === watch.served ? messageOf(change, matches, watch.position) : undefined;
      if (message !== undefined) return message;
    }
    if (!watch.isBookmarkDue) return undefined;
    watch.isBookmarkDue = false;
    return { type: 'BOOKMARK', resourceVersion: String(watch.position) };
  }

  /** Bookmarks on the way, and the end. */
  private async ring(watch: OpenWatch, timeoutMs: number, over: AbortSignal): Promise<void> {
    const endMs = this.clock.monotonic() + timeoutMs;
    for (let leftMs = timeoutMs; leftMs > LAST_BOOKMARK_MS; leftMs = endMs - this.clock.monotonic()) {
      await this.clock.sleep(Math.min(BOOKMARK_INTERVAL_MS, leftMs - LAST_BOOKMARK_MS), over);
      if (over.aborted) return;
      watch.isBookmarkDue = true;
      watch.wake();
    }
    await this.clock.sleep(endMs - this.clock.monotonic(), over);
    watch.isOver = true;
    watch.wake();
  }
}

/** One that enters the selection is ADDED, one that leaves it is DELETED, as it last was in it. */
function messageOf({ type, object, previous }: Change, matches: Selection, version: number): WatchMessage | undefined {
  const before = previous !== undefined && matches(previous);
  const isIn = type !== 'DELETED' && matches(object);
  if (isIn) return { type: before ? 'MODIFIED' : 'ADDED', object };
  if (!before) return undefined;
  return { type: 'DELETED', object: type === 'DELETED' ? object : asOf(previous, version) };
}

const asOf = (object: KubeObject, version: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(version) },
});
