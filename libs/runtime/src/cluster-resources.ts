import type { BoundResource, JsonObject } from '#execution';
import type { Cluster, KubeObject, ObjectPage } from '#kubernetes';
import { ClusterError, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { isNoSuchObject } from './no-such-object.ts';
import { claimedExecutionIds } from './resource-spec.ts';

/** A WorkflowExecution as others look at it: where it is, what it shows, and whose it may be. */
export interface ResourceAsShown extends BoundResource {
  readonly status: JsonObject | undefined;
  /** Ids of executions that its label and its status name. Claims: the log decides. */
  readonly claims: readonly string[];
  readonly isDeleted: boolean;
}

const PAGE = 500;
/** A list of many pages that takes too long is begun anew. */
const MAX_LISTS = 3;

/** What the cluster shows of executions, read from the API server and not from the watches. */
export class ClusterResources {
  constructor(
    private readonly cluster: Pick<Cluster, 'get' | 'list'>,
    /** Empty: all namespaces. */
    private readonly watchedNamespaces: readonly string[],
  ) {}

  isServed(namespace: string): boolean {
    return this.watchedNamespaces.length === 0 || this.watchedNamespaces.includes(namespace);
  }

  /** @throws ClusterError when the cluster cannot be asked */
  async read(resource: BoundResource): Promise<ResourceAsShown | undefined> {
    try {
      const object = await this.cluster.get(WORKFLOW_EXECUTIONS, resource);
      return object.metadata.uid === resource.uid ? asShown(object) : undefined;
    } catch (error) {
      if (isNoSuchObject(error)) return undefined;
      throw error;
    }
  }

  /** All there are, in pages; one may come twice when the list had to be begun anew. @throws ClusterError */
  async *list(): AsyncGenerator<readonly ResourceAsShown[]> {
    const selections = this.watchedNamespaces.length === 0 ? [{}] : this.watchedNamespaces.map(inNamespace);
    for (const selection of selections) yield* this.listOf(selection);
  }

  private async *listOf(selection: { readonly namespace?: string }): AsyncGenerator<readonly ResourceAsShown[]> {
    let begun = 1;
    for (let token: string | undefined, isFirst = true; isFirst || token !== undefined;) {
      const asked = { ...selection, limit: PAGE, ...(token !== undefined && { continue: token }) };
      const page: ObjectPage | undefined = await this.page(asked, begun < MAX_LISTS);
      if (page === undefined) {
        begun += 1;
        [token, isFirst] = [undefined, true];
        continue;
      }
      yield page.items.map(asShown);
      [token, isFirst] = [page.continue, false];
    }
  }

  /** Undefined when the list is too old to go on and may be begun anew. */
  private async page(asked: Parameters<Cluster['list']>[1], mayBegin: boolean): Promise<ObjectPage | undefined> {
    try {
      return await this.cluster.list(WORKFLOW_EXECUTIONS, asked);
    } catch (error) {
      if (mayBegin && error instanceof ClusterError && error.code === 'gone') return undefined;
      throw error;
    }
  }
}

const inNamespace = (namespace: string) => ({ namespace });

function asShown(object: KubeObject): ResourceAsShown {
  const { namespace = '', name, uid = '', deletionTimestamp } = object.metadata;
  const status = object.status as JsonObject | undefined;
  const isDeleted = deletionTimestamp !== undefined;
  return { namespace, name, uid, status, claims: claimedExecutionIds(object), isDeleted };
}
