import type { Cluster, KubeObject, ResourceType, WatchMessage } from '#kubernetes';
import { ClusterError } from '#kubernetes';
import type { Clock } from './clock.ts';

export const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

const PAGE_SIZE = 500;
const PAGES_MOST = 1000;
const WATCH_SECONDS = 300;
const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 5000;

export interface CacheOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly type: ResourceType;
  readonly namespace?: string | undefined;
  /** Told of every object that came, changed or went. */
  readonly onChange: (object: KubeObject) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** The objects of one type as the API server last told of them: list, then watch, and list again when that breaks. */
export class ObjectCache {
  private readonly objects = new Map<string, KubeObject>();

  constructor(private readonly options: CacheOptions) {}

  get(key: string): KubeObject | undefined {
    return this.objects.get(key);
  }

  all(): readonly KubeObject[] {
    return [...this.objects.values()];
  }

  /** What a write of our own returned, or a watch told; an older version than the one held changes nothing. */
  put(object: KubeObject): void {
    const held = this.objects.get(keyOf(object));
    if (held !== undefined && isOlder(object, held)) return;
    this.objects.set(keyOf(object), object);
    this.options.onChange(object);
  }

  drop(object: KubeObject): void {
    const held = this.objects.get(keyOf(object));
    if (held?.metadata.uid === object.metadata.uid) this.objects.delete(keyOf(object));
    this.options.onChange(object);
  }

  /** Follows the API server until the signal aborts. `onListed` is called once, after the first complete list. */
  async follow(signal: AbortSignal, onListed: () => void): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        let resourceVersion = await this.relist(signal);
        onListed();
        failures = 0;
        while (!signal.aborted) resourceVersion = await this.watch(resourceVersion, signal);
      } catch (error) {
        if (signal.aborted) return;
        const isGone = error instanceof ClusterError && error.code === 'gone';
        if (!isGone) this.options.onTrouble(error);
        await this.options.clock.sleep(Math.min(RETRY_FIRST_MS * 2 ** failures, RETRY_MOST_MS), signal);
        failures += 1;
      }
    }
  }

  private async relist(signal: AbortSignal): Promise<string> {
    const found: KubeObject[] = [];
    let page = await this.page(undefined, signal);
    found.push(...page.items);
    for (let pages = 1; page.continue !== undefined; pages += 1) {
      if (pages === PAGES_MOST) throw new Error(`expected at most ${PAGES_MOST} pages of ${this.options.type.plural}`);
      page = await this.page(page.continue, signal);
      found.push(...page.items);
    }
    const keys = new Set(found.map(keyOf));
    for (const object of [...this.objects.values()]) if (!keys.has(keyOf(object))) this.drop(object);
    for (const object of found) this.put(object);
    return page.resourceVersion;
  }

  private page(token: string | undefined, signal: AbortSignal) {
    const { cluster, type, namespace } = this.options;
    return cluster.list(type, {
      ...(namespace !== undefined && { namespace }),
      ...(token !== undefined && { continue: token }),
      limit: PAGE_SIZE,
      signal,
    });
  }

  /** One watch; answers the version to go on from. */
  private async watch(from: string, signal: AbortSignal): Promise<string> {
    const { cluster, type, namespace } = this.options;
    let resourceVersion = from;
    const messages = cluster.watch(type, {
      ...(namespace !== undefined && { namespace }),
      resourceVersion,
      timeoutSeconds: WATCH_SECONDS,
      signal,
    });
    for await (const message of messages) {
      resourceVersion = this.take(message) ?? resourceVersion;
    }
    return resourceVersion;
  }

  private take(message: WatchMessage): string | undefined {
    if (message.type === 'BOOKMARK') return message.resourceVersion;
    if (message.type === 'DELETED') this.drop(message.object);
    else this.put(message.object);
    return message.object.metadata.resourceVersion;
  }
}

/** Resource versions of one object can be compared when they are decimal, which Kubernetes' are. */
function isOlder(a: KubeObject, b: KubeObject): boolean {
  const [left, right] = [a.metadata.resourceVersion ?? '', b.metadata.resourceVersion ?? ''];
  if (a.metadata.uid !== b.metadata.uid || !/^\d+$/.test(left) || !/^\d+$/.test(right)) return false;
  return BigInt(left) < BigInt(right);
}
