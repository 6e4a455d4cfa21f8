import type { EventStore } from '#event-store';
import { MemoryEventStore } from '#event-store';
import type { ExecutionSpec } from '#execution';
import { runNameOf, streamOf } from '#execution';
import type { Cluster, ClusterConnection, KubeObject, ObjectName, ResourceType } from '#kubernetes';
import { connectCluster, PIPELINE_RUNS, systemClock, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { openSqliteReadModel } from '#read-model';
import type { ExecutionDefaults, RuntimeOptions } from '#runtime';
import { Runtime, systemIds } from '#runtime';
import { SandboxCluster } from '../../apps/sandbox/src/sandbox-cluster.ts';
import { quietLog, quietTelemetry } from '../../libs/runtime/test/support/quiet.ts';
import { until } from '../support/until.ts';

export const RUNS = 'kubernaut-workflows';
export const NAMESPACE = 'default';

const DEFAULTS: ExecutionDefaults = {
  executionNamespace: RUNS,
  pipelineName: 'workflow',
  serviceAccountName: 'kubernaut-workflow-runner',
  timeoutMs: 60_000,
  onConflict: 'Fail',
  cooldownMs: 3_600_000,
  creationPatienceMs: 600_000,
  deadlines: { pickUpMs: 120_000, endGraceMs: 120_000, cancellationMs: 300_000 },
  deletionPatienceMs: 900_000,
};

export interface SceneOptions {
  /** Without it, runs stay as they were created: nobody picks them up. */
  readonly withTekton?: boolean;
  readonly store?: EventStore;
  readonly defaults?: Partial<ExecutionDefaults>;
  /** Parts of the runtime that a test brings itself. */
  readonly parts?: Partial<RuntimeOptions>;
}

let count = 0;

/** An empty read model for a log. */
export const readModelOf = (store: EventStore) =>
  openSqliteReadModel({ file: ':memory:', compare: (a, b) => store.compare(a, b) });

/** The runtime in this process over a log in memory and the sandbox's API, with the API's faults at hand. */
export class Scene {
  runtime!: Runtime;
  readonly recorded: MemoryEventStore | undefined;
  /** `<plural> <namespace>/<name>` of every object the runtime has read by name, in order. */
  private readonly reads: string[] = [];

  private constructor(
    readonly sandbox: SandboxCluster,
    readonly cluster: ClusterConnection,
    readonly store: EventStore,
    private readonly options: SceneOptions,
  ) {}

  static async open(options: SceneOptions = {}): Promise<Scene> {
    const sandbox = await SandboxCluster.start({ port: 0, speed: 50, withTekton: options.withTekton ?? true });
    const cluster = connectCluster({ server: sandbox.url });
    const scene = new Scene(sandbox, cluster, options.store ?? new MemoryEventStore(), options);
    await scene.start();
    return scene;
  }

  /** Starts a runtime that knows nothing but the log and the cluster. */
  async start(parts: Partial<RuntimeOptions> = {}): Promise<void> {
    const options: RuntimeOptions = {
      store: this.store,
      readModel: await readModelOf(this.store),
      cluster: this.watched(),
      clock: systemClock,
      ids: systemIds,
      random: Math.random,
      telemetry: quietTelemetry,
      log: quietLog,
      defaults: { ...DEFAULTS, ...this.options.defaults },
      watchedNamespaces: [],
      workers: 4,
      resyncMs: 600_000,
      ...this.options.parts,
      ...parts,
    };
    this.runtime = new Runtime(options);
    await this.runtime.start();
  }

  private watched(): Cluster {
    const get: Cluster['get'] = (type, name) => {
      this.reads.push(readOf(type, name));
      return this.cluster.get(type, name);
    };
    return Object.assign(Object.create(this.cluster) as Cluster, { get });
  }

  /**
   * Waits until the runtime has read an object by name so many times more: each time but the last it has also done what
   * it does about what it found.
   */
  async lookedAt(type: ResourceType, name: ObjectName, times: number): Promise<void> {
    const look = readOf(type, name);
    const count = (): number => this.reads.filter((read) => read === look).length;
    const before = count();
    await until(`${times} more looks at ${look}`, () => count() >= before + times);
  }

  async close(): Promise<void> {
    await this.runtime.stop();
    await this.cluster.close();
    await this.sandbox.stop();
  }

  spec(scenario: string, more: Partial<ExecutionSpec> = {}): ExecutionSpec {
    return {
      remediationRequestRef: { name: 'rr' },
      workflowRef: { workflowId: scenario, version: '1', containerImage: `sandbox.local/${scenario}:1` },
      targetResource: `scene/deployment/app-${process.pid}-${(count += 1)}`,
      ...more,
    };
  }

  /** @returns the execution id */
  async create(spec: ExecutionSpec, name?: string): Promise<string> {
    const answer = await this.runtime.service.create(
      { namespace: NAMESPACE, spec, ...(name !== undefined && { name }) },
      { actor: { user: 'tester' }, source: 'rest' },
    );
    if (answer.kind === 'Refused') throw new Error(`${answer.code}: ${answer.message}`);
    return answer.executionId;
  }

  apply(name: string, spec: ExecutionSpec, labels: Record<string, string> = {}): Promise<KubeObject> {
    const metadata = { namespace: NAMESPACE, name, labels };
    return this.cluster.create(WORKFLOW_EXECUTIONS, {
      apiVersion: 'workflowexecution.kubernaut.ai/v1alpha1',
      kind: 'WorkflowExecution',
      metadata,
      spec,
    });
  }

  /** Takes the name of a target's run, as somebody else would. @returns what gives it back */
  async occupy(targetResource: string): Promise<() => Promise<void>> {
    const name = { namespace: RUNS, name: runNameOf(targetResource) };
    await this.cluster.create(PIPELINE_RUNS, {
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      metadata: name,
      spec: { pipelineRef: { name: 'somebody-elses' } },
    });
    return () => this.cluster.delete(PIPELINE_RUNS, name);
  }

  async types(id: string): Promise<readonly string[]> {
    try {
      return (await this.store.readStream(streamOf(id))).events.map((event) => event.type);
    } catch {
      return [];
    }
  }

  /** Waits until the last event is one of these. */
  endsWith(id: string, ...types: readonly string[]): Promise<readonly string[]> {
    return until(`execution ${id} to end with ${types.join(' or ')}`, async () => {
      const found = await this.types(id);
      return types.includes(found.at(-1) ?? '') ? found : false;
    });
  }

  async failure(id: string) {
    const view = await this.runtime.service.get(id);
    return view?.status.failureDetails;
  }

  async runs(): Promise<readonly KubeObject[]> {
    return (await this.cluster.list(PIPELINE_RUNS, { namespace: RUNS })).items;
  }
}

const readOf = ({ plural }: ResourceType, { namespace, name }: ObjectName): string => `${plural} ${namespace}/${name}`;
