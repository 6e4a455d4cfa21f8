import type { KubeObject } from '#kubernetes';
import { PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { rest, specFor } from '../support/rest.ts';
import { until } from '../support/until.ts';
import type { Measure } from './table.ts';
import { p50p99, percentile } from './table.ts';
import { FirstSeen } from './watching.ts';
import type { BenchWorld } from './world.ts';
import { benchWorld } from './world.ts';

const EXECUTIONS = 100;
/** Run before anything is measured: compilation, connections, the API server's first object of a type. */
const WARM_UP = 10;
const RUNS = 'kubernaut-workflows';
const ID_LABEL = 'workflowexecution.kubernaut.ai/execution-id';

/** Latencies and API calls of executions run one after the other, with the service in a process of its own. */
export async function executionMeasures(): Promise<readonly Measure[]> {
  const world = await benchWorld();
  try {
    return await measured(world);
  } finally {
    await world.close();
  }
}

async function measured(world: BenchWorld): Promise<readonly Measure[]> {
  const created = new FirstSeen((run) => run.metadata.labels?.[ID_LABEL]);
  const ended = new FirstSeen((run) => (hasEnded(run) ? run.metadata.labels?.[ID_LABEL] : undefined));
  const shown = new FirstSeen((resource) => shownEnd(resource));
  await Promise.all([
    created.start(world.cluster, PIPELINE_RUNS, RUNS),
    ended.start(world.cluster, PIPELINE_RUNS, RUNS),
  ]);
  await shown.start(world.cluster, WORKFLOW_EXECUTIONS, 'default');
  for (let index = 0; index < WARM_UP; index += 1) {
    const id = await create(world, `warm-${index}`);
    await until('a warm-up execution to end', async () => shown.of(id));
  }
  const before = await writesOf(world);
  const told = await writesOf(world, 'events');
  const toRun: number[] = [];
  const toStatus: number[] = [];
  for (let index = 0; index < EXECUTIONS; index += 1) {
    const startMs = performance.now();
    const id = await create(world, index);
    const createdMs = await until('the run', async () => created.of(id));
    toRun.push(createdMs - startMs);
    const shownMs = await until('the status', async () => shown.of(id));
    toStatus.push(shownMs - (ended.of(id) ?? shownMs));
  }
  const notices = (await writesOf(world, 'events')) - told;
  const writes = (await writesOf(world)) - before - notices;
  const bare = await bareCreates(world);
  await Promise.all([created.stop(), ended.stop(), shown.stop()]);
  return [
    {
      what: `Create (REST) to PipelineRun, ${world.name}`,
      value: p50p99(toRun),
      floor: `bare create ${p50p99(bare)}`,
      ratio: `p50 ${(percentile(toRun, 0.5) / percentile(bare, 0.5)).toFixed(1)}`,
    },
    { what: 'run finished to status', value: p50p99(toStatus), aim: 'under 1 s' },
    { what: 'mutating API calls per execution, to its end', value: (writes / EXECUTIONS).toFixed(2), aim: 'at most 5' },
    { what: 'Kubernetes Events per execution beside them', value: (notices / EXECUTIONS).toFixed(2) },
  ];
}

async function create({ service }: BenchWorld, index: number | string): Promise<string> {
  const spec = specFor('quick', `bench/deployment/app-${process.pid}-${index}`);
  const answer = await rest(`${service.url}/v1/executions`, 'POST', { namespace: 'default', spec });
  return answer.body['executionId'] as string;
}

/** The same object, created by nobody but us under other names. */
async function bareCreates({ cluster }: BenchWorld): Promise<readonly number[]> {
  const [model] = (await cluster.list(PIPELINE_RUNS, { namespace: RUNS, limit: 1 })).items;
  if (model === undefined) throw new Error('expected a run to copy, found none');
  const sample: number[] = [];
  for (let index = 0; index < EXECUTIONS; index += 1) {
    const { labels } = model.metadata;
    const metadata = {
      namespace: RUNS,
      name: `bare-${process.pid}-${index}`,
      ...(labels && { labels: { ...labels, [ID_LABEL]: 'bare' } }),
    };
    const spec = { ...(model.spec as object), managedBy: 'example.test/bench' };
    const startMs = performance.now();
    await cluster.create(PIPELINE_RUNS, { apiVersion: model.apiVersion, kind: model.kind, metadata, spec });
    sample.push(performance.now() - startMs);
  }
  return sample;
}

const WRITES =
  /^workflowexecution_cluster_request_duration_seconds_count(\{[^}]*verb="(?:create|patch|patch-status|replace|replace-status|delete)"[^}]*\}) (\d+)/gm;

/** Mutating requests of the service to the API server so far, as its own metrics count them; of one type, or of all. */
async function writesOf({ service }: BenchWorld, type = ''): Promise<number> {
  const text = await (await fetch(`${service.metricsUrl}/metrics`)).text();
  const counted = [...text.matchAll(WRITES)].filter(([, labels]) => labels?.includes(`type="${type}`));
  return counted.reduce((sum, [, , count]) => sum + Number(count), 0);
}

interface Conditioned {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly phase?: string;
  readonly execution?: { readonly id: string };
}

const hasEnded = (run: KubeObject): boolean =>
  ((run.status ?? {}) as Conditioned).conditions?.some(
    ({ type, status }) => type === 'Succeeded' && status !== 'Unknown',
  ) ?? false;

function shownEnd(resource: KubeObject): string | undefined {
  const { phase, execution } = (resource.status ?? {}) as Conditioned;
  return phase === 'Completed' || phase === 'Failed' ? execution?.id : undefined;
}
