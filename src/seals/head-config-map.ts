import type { PublishedHead } from '#event-store';
import { parsePublishedHead } from '#event-store';
import type { Cluster, ConfigMapObject, ObjectName } from '#kubernetes';
import { ClusterError, CONFIG_MAPS } from '#kubernetes';
import type { HeadPublisher } from '#runtime';

/** Under this name the head is in the ConfigMap. */
export const HEAD_KEY = 'head.json';

/** The newest seal in a ConfigMap. A write is based on the version that was read, so that two writers see each other. */
export class HeadConfigMap implements HeadPublisher {
  readonly where = 'configmap';
  readonly place: string;
  private found: ConfigMapObject | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly name: ObjectName,
  ) {
    this.place = `the ConfigMap ${name.namespace}/${name.name}`;
  }

  async read(): Promise<PublishedHead | undefined> {
    this.found = await this.stored();
    const text = this.found?.data?.[HEAD_KEY];
    return text === undefined ? undefined : parsePublishedHead(text);
  }

  async publish(head: PublishedHead): Promise<void> {
    const { found } = this;
    const next = withHead(found ?? this.empty(), head);
    if (found === undefined) await this.cluster.create(CONFIG_MAPS, next);
    else await this.cluster.replace(CONFIG_MAPS, next);
  }

  private empty(): ConfigMapObject {
    return { apiVersion: CONFIG_MAPS.version, kind: CONFIG_MAPS.kind, metadata: this.name };
  }

  private async stored(): Promise<ConfigMapObject | undefined> {
    try {
      return await this.cluster.get(CONFIG_MAPS, this.name);
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'not-found') return undefined;
      throw error;
    }
  }
}

const withHead = (configMap: ConfigMapObject, head: PublishedHead): ConfigMapObject => ({
  ...configMap,
  data: { ...configMap.data, [HEAD_KEY]: JSON.stringify(head) },
});
