import type { KubeObject, ListOptions, MemoryCluster, ObjectPage, ResourceType } from '#kubernetes';
import { PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { Timeline } from './timeline.ts';

const TYPES = [WORKFLOW_EXECUTIONS, PIPELINE_RUNS, TASK_RUNS];
/** How old a stale list is at most. */
const INTERVAL_MS = 5_000;

interface Snapshot {
  readonly resourceVersion: string;
  readonly objects: ReadonlyMap<ResourceType, readonly KubeObject[]>;
}

/** Lists as an API server gives them from a cache that is behind. Consistent in themselves: watches can go on from them. */
export class StaleCache {
  private snapshot: Snapshot | undefined;

  constructor(cluster: MemoryCluster, timeline: Timeline) {
    const refresh = (): void => {
      const { resourceVersion } = cluster;
      this.snapshot = { resourceVersion, objects: new Map(TYPES.map((type) => [type, cluster.objects(type)])) };
      timeline.after(INTERVAL_MS, refresh);
    };
    timeline.after(0, refresh);
  }

  /** Only what a cache may answer: whole lists. A list with a selector is one that wants to be consistent. */
  list(type: ResourceType, options: ListOptions): ObjectPage | undefined {
    if (options.labelSelector !== undefined || options.limit === 1 || this.snapshot === undefined) return undefined;
    const { resourceVersion, objects } = this.snapshot;
    const { namespace } = options;
    const items = objects
      .get(type)
      ?.filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
    return items && { items, resourceVersion };
  }
}
