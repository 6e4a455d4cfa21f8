import type { KubeObject, ResourceType } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { Execution } from '#execution';
import type { SealService } from '#runtime';
import { LABELS } from '#execution';
import { executionIdLabel } from '../../libs/runtime/src/resource-spec.ts';
import type { Clients } from './clients.ts';
import type { Part } from './faults.ts';
import { BUSY_MS } from './workload.ts';
import type { World } from './world.ts';

/** What people and other parts of the cluster do, at moments of their own. */
const INCIDENTS = {
  'a run is deleted by somebody': deleteRun,
  'a run loses its label': removeRunLabel,
  'a status is edited by somebody': editStatus,
  'a resource is deleted': (world) => deleteResource(world, false),
  'a resource is deleted by force': (world) => deleteResource(world, true),
  'a resource is deleted by force while the service is down': deleteWhileDown,
  'spec.cancel is set': setCancel,
  'cancel by REST': (world, clients) => command(world, clients, 'cancel'),
  'release by REST': (world, clients) => command(world, clients, 'release'),
  'sync by REST': (world, clients) => command(world, clients, 'sync'),
  'a seal is asked for by REST': (world) => sealing(world, (seals) => seals.sealNow(SOMEBODY)),
  'the seal key is rotated by REST': (world) => sealing(world, (seals) => seals.rotateKey('routine', SOMEBODY)),
  'the wall clock is set': setClock,
  'the API server is away': (world) => away(world, 'API server'),
  'the store is away': (world) => away(world, 'store'),
  'the receiver of the webhook is away': (world) => away(world, 'receiver'),
  'Tekton is away': tektonAway,
  'the garbage collector is behind': collectorBehind,
  'a replica is killed': (world) => world.random.pick(world.replicas).kill(),
  'a replica is restarted in good order': (world) => void world.random.pick(world.replicas).restart(),
  'a read model is rebuilt': (world) => world.random.pick(world.replicas).rebuild(),
  'a replica is paused': (world) => world.random.pick(world.replicas).pause(world.random.between(1_000, 90_000)),
  'all watches break': (world) => world.cluster.cutWatches(world.random.chance(0.5) ? 'gone' : 'unavailable'),
  'a watch falls silent': fallSilent,
  'the history of the API server is compacted': (world) => world.cluster.compact(),
} satisfies Record<string, (world: World, clients: Clients) => void | Promise<void>>;

export type Incident = keyof typeof INCIDENTS;
export const INCIDENT_NAMES = Object.keys(INCIDENTS) as Incident[];

/** Kinds of a world, as a part of all; and how many there are of them. */
const SHARE = 0.4;
const MOST = 16;
/** How often somebody looks for an execution to command, and how long it takes. */
const LOOKS = 10;
const LOOK_MS = 3_000;
/** Worlds without any. */
const QUIET = 0.1;

/** Plans the incidents of a world. */
export function beginIncidents(world: World, clients: Clients): void {
  const { random, timeline } = world;
  const kinds = random.chance(QUIET) ? [] : INCIDENT_NAMES.filter(() => random.chance(SHARE));
  if (kinds.length === 0) return;
  for (let count = random.between(1, MOST); count > 0; count -= 1) {
    const kind = random.pick(kinds);
    timeline.after(random.between(500, BUSY_MS), () => {
      world.trace.say('incident', kind);
      world.incidents.set(kind, (world.incidents.get(kind) ?? 0) + 1);
      void Promise.resolve(INCIDENTS[kind](world, clients)).catch(expected);
    });
  }
}

const SOMEBODY = { actor: { user: 'somebody' }, source: 'rest' } as const;

/** Whoever asks is told of trouble, and may ask again. */
async function sealing({ replicas, random }: World, ask: (seals: SealService) => Promise<unknown>): Promise<void> {
  const services = replicas.map(({ seals }) => seals).filter((seals) => seals !== undefined);
  if (services.length > 0) await ask(random.pick(services)).catch(() => undefined);
}

/** Somebody else was faster, or it is not there: then nothing happens. */
function expected(error: unknown): void {
  if (!(error instanceof ClusterError)) throw error;
}

function one(world: World, type: ResourceType): KubeObject | undefined {
  const objects = world.cluster.objects(type);
  return objects.length === 0 ? undefined : world.random.pick(objects);
}

/** A resource whose run is under way, if the dice say so. */
function atWork({ cluster, random }: World): KubeObject | undefined {
  const isRunning = ({ status }: KubeObject): boolean =>
    (status as { phase?: string } | undefined)?.phase === 'Running';
  const running = cluster.objects(WORKFLOW_EXECUTIONS).filter(isRunning);
  return running.length > 0 && random.chance(0.7) ? random.pick(running) : undefined;
}

const nameOf = ({ metadata }: KubeObject) => ({ namespace: metadata.namespace ?? '', name: metadata.name });

async function deleteRun(world: World): Promise<void> {
  const run = one(world, PIPELINE_RUNS);
  if (run === undefined) return;
  const story = world.ledger.runs.get(run.metadata.uid ?? '');
  if (story !== undefined) story.isDeletedByOthers = true;
  const propagation = world.random.pick(['Foreground', 'Background'] as const);
  world.trace.say('somebody', `deletes run ${run.metadata.uid} (${propagation})`);
  await world.cluster.delete(PIPELINE_RUNS, nameOf(run), { propagation });
}

/**
 * A run that lost its label before it was recorded is nobody's: the service shows it as the holder of its target, and
 * leaves it to a person to delete. This is the person.
 */
export async function removeOrphans(world: World): Promise<void> {
  const known = new Set(world.logView.steps.map(({ event }) => (event.data as { run?: { uid?: string } }).run?.uid));
  for (const run of world.cluster.objects(PIPELINE_RUNS)) {
    if (executionIdLabel(run) !== undefined || known.has(run.metadata.uid)) continue;
    const story = world.ledger.runs.get(run.metadata.uid ?? '');
    if (story !== undefined) story.isDeletedByOthers = true;
    world.trace.say('somebody', `deletes orphan ${run.metadata.uid}`);
    await world.cluster.delete(PIPELINE_RUNS, nameOf(run), { propagation: 'Foreground' });
  }
}

async function removeRunLabel(world: World): Promise<void> {
  const run = one(world, PIPELINE_RUNS);
  if (run === undefined) return;
  const body = { metadata: { labels: { [LABELS.executionId]: null } } };
  await world.cluster.patch(PIPELINE_RUNS, nameOf(run), { type: 'merge', body });
}

async function editStatus(world: World): Promise<void> {
  const resource = one(world, WORKFLOW_EXECUTIONS);
  if (resource === undefined) return;
  const body = world.random.pick([
    { status: { message: 'edited by hand' } },
    { status: { phase: 'Completed', outcome: 'Success' } },
    { status: { execution: null } },
  ]);
  await world.cluster.patchStatus(WORKFLOW_EXECUTIONS, nameOf(resource), { type: 'merge', body });
}

async function deleteResource(world: World, byForce: boolean): Promise<void> {
  const resource = atWork(world) ?? one(world, WORKFLOW_EXECUTIONS);
  if (resource === undefined) return;
  world.trace.say('somebody', `deletes resource ${resource.metadata.name}${byForce ? ' by force' : ''}`);
  await world.cluster.delete(WORKFLOW_EXECUTIONS, nameOf(resource), { propagation: 'Background' });
  if (!byForce) return;
  await world.cluster.patch(WORKFLOW_EXECUTIONS, nameOf(resource), {
    type: 'merge',
    body: { metadata: { finalizers: null } },
  });
}

async function deleteWhileDown(world: World): Promise<void> {
  for (const replica of world.replicas) replica.kill();
  await deleteResource(world, true);
}

async function setCancel(world: World): Promise<void> {
  const resource = one(world, WORKFLOW_EXECUTIONS);
  if (resource === undefined) return;
  const cancel = world.random.pick(['Graceful', 'Immediate'] as const);
  await world.cluster.patch(WORKFLOW_EXECUTIONS, nameOf(resource), { type: 'merge', body: { spec: { cancel } } });
}

/** Somebody waits a while for an execution that the command fits; or does not look at all. */
async function command(world: World, clients: Clients, verb: 'cancel' | 'release' | 'sync'): Promise<void> {
  const { logView, random, timeline } = world;
  for (let looks = random.chance(0.2) ? 0 : LOOKS; looks > 0; looks -= 1) {
    const fitting = logView.ids.filter((id) => isFitting(verb, logView.stateOf(id)));
    if (fitting.length > 0) return void (await clients.commandTo(verb, random.pick(fitting)));
    await timeline.sleep(LOOK_MS);
  }
  if (logView.ids.length > 0) await clients.commandTo(verb, random.pick(logView.ids));
}

/** Executions that the command is meant for. */
function isFitting(verb: 'cancel' | 'release' | 'sync', state: Execution): boolean {
  if (verb === 'sync') return true;
  if (verb === 'release') return state.phase === 'Finished' && state.lock.state === 'Held';
  return state.phase === 'Pending' || state.phase === 'Running';
}

function setClock(world: World): void {
  const { host } = world.random.pick(world.replicas);
  const stepMs = world.random.between(-300_000, 300_000);
  host.aheadMs += stepMs;
  world.trace.say('somebody', `sets a wall clock by ${stepMs} ms`);
}

async function away(world: World, part: Part): Promise<void> {
  const { weather } = world.around;
  weather.takeAway(part, true);
  if (part === 'API server') world.cluster.cutWatches('unavailable');
  await world.timeline.sleep(world.random.between(500, 40_000));
  weather.takeAway(part, false);
  world.trace.say('incident', `the ${part} is back`);
}

/** The connection stays open, and nothing comes. */
async function fallSilent({ cluster, random, timeline }: World): Promise<void> {
  const type = random.pick([WORKFLOW_EXECUTIONS, PIPELINE_RUNS, TASK_RUNS]);
  cluster.freezeWatches(type);
  await timeline.sleep(random.between(1_000, 100_000));
  cluster.thawWatches(type);
}

async function tektonAway(world: World): Promise<void> {
  await world.tekton.pause();
  await world.timeline.sleep(world.random.between(1_000, 60_000));
  await world.tekton.resume();
}

async function collectorBehind(world: World): Promise<void> {
  const { collector } = world.cluster;
  if (world.random.chance(0.5)) collector.setDelay(world.random.between(100, 10_000));
  else collector.pause();
  await world.timeline.sleep(world.random.between(1_000, 60_000));
  collector.setDelay(0);
  collector.resume();
}
