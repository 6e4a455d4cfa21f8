import type {
  Change,
  Clock,
  Cluster,
  IndexFunction,
  InformerOptions,
  KubeObject,
  ObjectName,
  ResourceType,
} from '#kubernetes';
import { Informer, PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { ClusterView } from './cluster-view.ts';
import { leanRun, leanTaskRun } from './lean.ts';
import { claimedExecutionIds, executionIdLabel } from './resource-spec.ts';
import type { Log, Telemetry } from './telemetry.ts';

const BY_UID = 'uid';
const BY_RUN = 'run';
const RUN_LABEL = 'tekton.dev/pipelineRun';

export interface InformersOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** In [0, 1); for jitter. */
  readonly random: () => number;
  readonly executionNamespace: string;
  /** Empty: all namespaces. */
  readonly watchedNamespaces: readonly string[];
  /** Told which execution to look at, by id. */
  readonly onTap: (executionId: string) => void;
  /** Told when a run is gone: its name is free. */
  readonly onRunGone: (name: ObjectName) => void;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

/** The watches: WorkflowExecutions, and the runs and task runs of the execution namespace. */
export class Informers {
  private readonly resources: readonly Informer[];
  private readonly runs: Informer;
  private readonly tasks: Informer;

  constructor(private readonly options: InformersOptions) {
    const { watchedNamespaces, executionNamespace: namespace } = options;
    const selections =
      watchedNamespaces.length === 0 ? [{}] : watchedNamespaces.map((watched) => ({ namespace: watched }));
    this.resources = selections.map((selection) =>
      this.informer(WORKFLOW_EXECUTIONS, selection, {
        indexes: { [BY_UID]: uidOf },
        onChange: (change) => this.tapObject(change.object),
      }),
    );
    this.runs = this.informer(
      PIPELINE_RUNS,
      { namespace },
      { onChange: (change) => this.tapRun(change), transform: leanRun },
    );
    this.tasks = this.informer(
      TASK_RUNS,
      { namespace },
      {
        indexes: { [BY_RUN]: runNameOf },
        onChange: (change) => this.tapLabelled(change.object), // Tekton copies the labels of a run to its task runs
        transform: leanTaskRun,
      },
    );
  }

  /** Runs all watches until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.all.map((informer) => informer.run(signal)));
  }

  /** Resolves when every cache holds a whole list. */
  async synced(): Promise<void> {
    await Promise.all(this.all.map((informer) => informer.synced()));
  }

  /** Milliseconds since the API server was last heard on the quietest watch; undefined before all were heard. */
  oldestContactMs(): number | undefined {
    const contacts = this.all.map((informer) => informer.lastContactMs());
    if (contacts.some((contact) => contact === undefined)) return undefined;
    return this.options.clock.monotonic() - Math.min(...(contacts as number[]));
  }

  /** Every execution the caches know of. */
  tapAll(): void {
    for (const informer of this.resources) for (const object of informer.list()) this.tapObject(object);
    for (const run of this.runs.list()) this.tapLabelled(run); // also that of an execution that is long over
  }

  /** Whether WorkflowExecutions of this namespace are followed. */
  watches(namespace: string): boolean {
    const { watchedNamespaces } = this.options;
    return watchedNamespaces.length === 0 || watchedNamespaces.includes(namespace);
  }

  /** Asks for everything anew: what the watches missed is told as changes. */
  relist(): void {
    for (const informer of this.all) informer.relist();
  }

  /** What the watches have seen so far. */
  readonly view: ClusterView = {
    resource: (name) => first(this.resources, (informer) => informer.get(name)),
    resourceByUid: (uid) => first(this.resources, (informer) => informer.byIndex(BY_UID, uid)[0]),
    run: (name) => this.runs.get(name),
    taskRuns: (runName) => this.tasks.byIndex(BY_RUN, runName),
  };

  private get all(): readonly Informer[] {
    return [...this.resources, this.runs, this.tasks];
  }

  private informer(
    type: ResourceType,
    selection: { namespace?: string },
    handling: Pick<InformerOptions, 'indexes' | 'onChange' | 'transform'>,
  ): Informer {
    const { cluster, clock, random, log, telemetry } = this.options;
    return new Informer(cluster, clock, {
      type,
      random,
      ...selection,
      ...handling,
      report: (news) => {
        if (news.kind !== 'interrupted') return;
        telemetry.driverFault('watch');
        log.warn(
          { err: news.error, plural: type.plural, delayMs: news.delayMs },
          'a watch was interrupted and begins anew',
        );
      },
    });
  }

  private tapObject(object: KubeObject): void {
    const { uid } = object.metadata;
    for (const id of new Set([...(uid === undefined ? [] : [uid]), ...claimedExecutionIds(object)]))
      this.options.onTap(id);
  }

  private tapRun(change: Change): void {
    const { namespace = '', name } = change.object.metadata;
    this.tapLabelled(change.object);
    if (change.type === 'updated' && executionIdLabel(change.previous) !== executionIdLabel(change.object))
      this.tapLabelled(change.previous);
    if (change.type === 'deleted') this.options.onRunGone({ namespace, name });
  }

  private tapLabelled(object: KubeObject): void {
    const id = executionIdLabel(object);
    if (id !== undefined) this.options.onTap(id);
  }
}

const uidOf: IndexFunction = (object) => object.metadata.uid;
const runNameOf: IndexFunction = (object) => object.metadata.labels?.[RUN_LABEL];

function first<T, R>(items: readonly T[], look: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
