import type { Clock } from '../clock.ts';
import type { Cluster, KubeObject, KubeObjectMeta, ObjectName } from '../cluster.ts';
import { ObjectCache, type Change, type IndexFunction } from './object-cache.ts';
import { Reflector, type ReflectorLimits, type Selection } from './reflector.ts';

/** What happens inside an informer, for logs and metrics. */
export type InformerNews =
  | { readonly kind: 'listed'; readonly objects: number }
  | { readonly kind: 'interrupted'; readonly error: unknown; readonly relists: boolean; readonly delayMs: number }
  | { readonly kind: 'callback-threw'; readonly callback: 'onChange' | 'transform' | 'index'; readonly error: unknown };

export interface InformerOptions extends Selection {
  /** Told of every change, after the cache has it. Should only enqueue; what it throws is reported and stops nothing. */
  readonly onChange: (change: Change) => void;
  readonly indexes?: Readonly<Record<string, IndexFunction>>;
  /** What of an object is kept, on top of dropping `metadata.managedFields`. */
  readonly transform?: (object: KubeObject) => KubeObject;
  /** Must not throw. */
  readonly report?: (news: InformerNews) => void;
  /** In [0, 1); for jitter. */
  readonly random?: () => number;
  readonly limits?: Partial<ReflectorLimits>;
}

/**
 * A cache of one resource type that follows the cluster until it is told to stop. It may miss intermediate states, never
 * the last one: a change is a hint to look, the order of changes of one object is that of the cluster.
 */
export class Informer {
  private readonly cache: ObjectCache;
  private readonly firstList = Promise.withResolvers<void>();
  private contactMs: number | undefined;
  private following: Reflector | undefined;
  private hasListed = false;
  private isStarted = false;

  constructor(
    private readonly cluster: Pick<Cluster, 'list' | 'watch'>,
    private readonly clock: Clock,
    private readonly options: InformerOptions,
  ) {
    this.cache = new ObjectCache(this.guardedIndexes());
    this.firstList.promise.catch(() => undefined); // nobody has to wait for it
  }

  /** Runs until the signal aborts and resolves then; nothing is told after that. Once per informer. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.isStarted) throw new Error(`the informer of ${this.options.type.plural} runs already; make another one`);
    this.isStarted = true;
    this.following = this.reflector(signal);
    await this.following.run(signal);
    this.firstList.reject(new Error(`the informer of ${this.options.type.plural} was stopped before its first list`));
  }

  /** Compares with the API server anew: asks for a whole list, and tells what differs from what the watch has told. */
  relist(): void {
    this.following?.relist();
  }

  /** Resolves when the cache holds a whole list; rejects when stopped before that. */
  synced(): Promise<void> {
    return this.firstList.promise;
  }

  get isSynced(): boolean {
    return this.hasListed;
  }

  /**
   * When the API server was last heard (on the monotonic clock, milliseconds), absent before the first answer. While all is well
   * it is never older than `watchSeconds`, also when nothing changes: each watch ends and begins anew within that time.
   */
  lastContactMs(): number | undefined {
    return this.contactMs;
  }

  get(name: ObjectName): KubeObject | undefined {
    return this.cache.get(name);
  }

  list(namespace?: string): readonly KubeObject[] {
    return this.cache.list(namespace);
  }

  /** @throws Error when no such index was given */
  byIndex(index: string, value: string): readonly KubeObject[] {
    return this.cache.byIndex(index, value);
  }

  get size(): number {
    return this.cache.size;
  }

  private reflector(signal: AbortSignal): Reflector {
    const { limits, random } = this.options;
    const tell = (changes: readonly Change[]): void => this.tell(changes, signal);
    return new Reflector(
      this.cluster,
      this.clock,
      this.options,
      {
        listed: (objects) => {
          tell(this.cache.replaceAll(objects.map((object) => this.kept(object))));
          this.hasListed = true;
          this.firstList.resolve();
          this.options.report?.({ kind: 'listed', objects: objects.length });
        },
        seen: (object) => tell(this.cache.put(this.kept(object))),
        removed: (object) => tell(this.cache.remove(this.kept(object))),
        contact: () => (this.contactMs = this.clock.monotonic()),
        interrupted: (error, next) => this.options.report?.({ kind: 'interrupted', error, ...next }),
      },
      { ...(limits ? { limits } : {}), ...(random ? { random } : {}) },
    );
  }

  private tell(changes: readonly Change[], signal: AbortSignal): void {
    for (const change of changes) {
      if (signal.aborted) return; // the handler itself may have stopped us
      this.guarded('onChange', undefined, () => this.options.onChange(change));
    }
  }

  private kept(object: KubeObject): KubeObject {
    const { transform } = this.options;
    const lean = withoutManagedFields(object);
    return transform ? this.guarded('transform', lean, () => transform(lean)) : lean;
  }

  private guardedIndexes(): Record<string, IndexFunction> {
    const indexes = Object.entries(this.options.indexes ?? {});
    return Object.fromEntries(
      indexes.map(([name, of]) => [name, (object: KubeObject) => this.guarded('index', undefined, () => of(object))]),
    );
  }

  /** What a callback throws is a bug of its owner: reported, and no reason to stop following the cluster. */
  private guarded<T>(callback: 'onChange' | 'transform' | 'index', otherwise: T, call: () => T): T {
    const threw = (error: unknown): void => this.options.report?.({ kind: 'callback-threw', callback, error });
    try {
      const result = call();
      if (result instanceof Promise) result.catch(threw); // an async handler slips through its `void` type
      return result;
    } catch (error) {
      threw(error);
      return otherwise;
    }
  }
}

/** Often a third of an object, and nothing we read. */
function withoutManagedFields(object: KubeObject): KubeObject {
  const metadata: KubeObjectMeta & { managedFields?: unknown } = { ...object.metadata };
  delete metadata.managedFields;
  return { ...object, metadata };
}
