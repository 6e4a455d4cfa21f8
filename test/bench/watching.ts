import type { ClusterConnection, KubeObject, ResourceType } from '#kubernetes';

/** Remembers when each object first satisfied a condition, as a watch told it (milliseconds, high resolution). */
export class FirstSeen {
  private readonly at = new Map<string, number>();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly keyOf: (object: KubeObject) => string | undefined) {}

  async start(cluster: ClusterConnection, type: ResourceType, namespace: string): Promise<void> {
    const { resourceVersion } = await cluster.list(type, { namespace });
    this.running = this.follow(cluster, type, namespace, resourceVersion);
  }

  of(key: string): number | undefined {
    return this.at.get(key);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async follow(
    cluster: ClusterConnection,
    type: ResourceType,
    namespace: string,
    resourceVersion: string,
  ): Promise<void> {
    const options = { namespace, resourceVersion, timeoutSeconds: 600, signal: this.stopping.signal };
    for await (const message of cluster.watch(type, options)) {
      const key = message.type === 'BOOKMARK' ? undefined : this.keyOf(message.object);
      if (key !== undefined && !this.at.has(key)) this.at.set(key, performance.now());
    }
  }
}
