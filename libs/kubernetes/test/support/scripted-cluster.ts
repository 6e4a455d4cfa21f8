import {
  ClusterError,
  type Cluster,
  type ListOptions,
  type ObjectPage,
  type ResourceType,
  type WatchMessage,
  type WatchOptions,
} from '../../src/cluster.ts';

/** What one watch does: tells, fails, ends, or hangs until it is aborted. */
export type WatchScript = readonly (WatchMessage | ClusterError | 'hang')[];

const MAX_WATCHES = 2_000;

/** A cluster whose lists and watches do what the test wrote down; when that is used up, lists are empty and watches hang. */
export class ScriptedCluster implements Pick<Cluster, 'list' | 'watch'> {
  readonly lists: ListOptions[] = [];
  readonly watches: WatchOptions[] = [];
  readonly listScript: (ObjectPage | ClusterError)[] = [];
  readonly watchScripts: WatchScript[] = [];
  /** Used when `watchScripts` is used up. */
  everyWatch: WatchScript = ['hang'];

  async list(_type: ResourceType, options: ListOptions = {}): Promise<ObjectPage> {
    this.lists.push(options);
    const next = this.listScript.shift() ?? { items: [], resourceVersion: '100' };
    if (next instanceof ClusterError) throw next;
    return next;
  }

  async *watch(_type: ResourceType, options: WatchOptions): AsyncGenerator<WatchMessage, void, void> {
    this.watches.push(options);
    const isLoop = this.watches.length > MAX_WATCHES; // else a tight loop would hang the test instead of failing it
    for (const step of isLoop ? ['hang' as const] : (this.watchScripts.shift() ?? this.everyWatch)) {
      if (step instanceof ClusterError) throw step;
      if (step === 'hang') await aborted(options.signal);
      else yield step;
      if (options.signal.aborted) return;
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

export const unavailable = new ClusterError('unavailable', 'the connection broke');
export const gone = new ClusterError('gone', 'too old resource version');
