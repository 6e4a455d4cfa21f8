import { readFileSync } from 'node:fs';
import type { KubeObject } from '#kubernetes';
import { PIPELINE_RUNS, TASK_RUNS, VirtualClock } from '#kubernetes';
import { observe } from '#tekton';
import type { RunObservation } from '#execution';
import type { ScriptedTekton, ScriptedTektonOptions } from '../../src/tekton/index.ts';
import { startScriptedTekton } from '../../src/tekton/index.ts';
import { asRun, asTaskRun, conditionOf, isDone } from '../../src/tekton/objects.ts';
import { RecordedCluster } from './recorded-cluster.ts';

const NAMESPACE = 'kubernaut-workflows';

/** A cluster in memory with a scripted Tekton on it, in a time of its own. */
export class SandboxWorld {
  readonly clock = new VirtualClock(Date.UTC(2026, 10, 21, 12, 0, 0, 250));
  readonly cluster = new RecordedCluster(this.clock);
  readonly log: string[] = [];
  private stopper = new AbortController();
  tekton!: ScriptedTekton;

  async start(speed = 1, options: Partial<ScriptedTektonOptions> = {}): Promise<void> {
    this.stopper = new AbortController();
    const { clock, cluster } = this;
    this.tekton = await startScriptedTekton({
      clock,
      cluster,
      speed,
      signal: this.stopper.signal,
      log: (line) => this.log.push(line),
      ...options,
    });
  }

  stop(): void {
    this.stopper.abort();
  }

  /** Lets time pass, from one sleeper's end to the next, until the condition holds; fails after so much of that time. */
  async until(condition: () => boolean, withinMs = 7_200_000): Promise<void> {
    const endMs = this.clock.now() + withinMs;
    for (;;) {
      await this.clock.advance(0);
      if (condition()) return;
      const [nextMs] = this.clock.pendingMs;
      if (nextMs === undefined) throw new Error('the condition does not hold, and nobody waits for anything');
      if (this.clock.now() + nextMs > endMs) throw new Error(`the condition did not hold within ${withinMs} ms`);
      await this.clock.advance(nextMs);
    }
  }

  async create(name: string, bundle: string, spec: object = {}): Promise<KubeObject> {
    return this.cluster.create(PIPELINE_RUNS, {
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      metadata: { name, namespace: NAMESPACE, labels: { 'example.test/mine': 'yes' } },
      spec: {
        pipelineRef: { resolver: 'bundles', params: bundleParams(bundle) },
        timeouts: { pipeline: '1h0m0s' },
        taskRunTemplate: { serviceAccountName: 'default' },
        ...spec,
      },
    });
  }

  /** Sets `spec.status`, as a client that cancels does. */
  async ask(name: string, status: string | null): Promise<void> {
    await this.cluster.patch(PIPELINE_RUNS, this.named(name), { type: 'merge', body: { spec: { status } } });
  }

  named = (name: string) => ({ namespace: NAMESPACE, name });

  /** The run's versions so far, newest last. */
  versions = (name: string): readonly KubeObject[] =>
    this.cluster.history.filter(({ kind, metadata }) => kind === 'PipelineRun' && metadata.name === name);

  run = (name: string): KubeObject => this.versions(name).at(-1)!;

  hasEnded = (name: string): boolean => isDone(asRun(this.run(name)));

  isAt = (name: string, reason: string): boolean => conditionOf(asRun(this.run(name)))?.reason === reason;

  async taskRuns(): Promise<readonly KubeObject[]> {
    return (await this.cluster.list(TASK_RUNS)).items;
  }

  async observed(name: string): Promise<RunObservation> {
    return observe(this.run(name), await this.taskRuns());
  }

  /** Every task run is as final as its run: cancelled ones end a moment after it. */
  async settled(name: string): Promise<RunObservation> {
    await this.until(() => this.hasEnded(name));
    const ofRun = () =>
      new Map(this.cluster.history.filter(isTaskRunOf(this.run(name))).map((each) => [each.metadata.name, each]));
    await this.until(() => [...ofRun().values()].every((taskRun) => isDone(asTaskRun(taskRun))));
    return this.observed(name);
  }
}

const isTaskRunOf =
  (run: KubeObject) =>
  ({ metadata }: KubeObject): boolean =>
    metadata.ownerReferences?.[0]?.uid === run.metadata.uid;

const bundleParams = (bundle: string) => [
  { name: 'bundle', value: bundle },
  { name: 'name', value: 'workflow' },
  { name: 'kind', value: 'pipeline' },
];

const FIXTURES = new URL('../../../../../test/fixtures/tekton/', import.meta.url);
const readFixture = (file: string): unknown => JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8'));

/** What the recorded objects of a scenario say. */
export function recordedObservation(scenario: string, taskRuns: readonly string[]): RunObservation {
  const objects = taskRuns.map((task) => readFixture(`${scenario}.tr-${task}.final.json`));
  return observe(readFixture(`${scenario}.pr.final.json`), objects);
}

const TIMES = new Set(['startTime', 'completionTime', 'failedAt', 'createdAt']);
const OWN = new Set(['uid', 'ref', 'executionId', 'resolved', 'taskRun', 'failedTaskRunName']);

/** An observation without what belongs to one run alone: names, uids, times, and where its bundle came from. */
export function comparable(value: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => comparable(each, names));
  if (typeof value === 'string') return names.reduce((text, name) => text.replaceAll(name, '*'), value);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !TIMES.has(key) && !OWN.has(key));
  return Object.fromEntries(kept.map(([key, part]) => [key, comparable(part, names)]));
}
