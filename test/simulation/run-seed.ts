import { Clients } from './clients.ts';
import { beginIncidents, removeOrphans } from './incidents.ts';
import { archiveViolations, unarchived } from './invariants/archived.ts';
import { readModelViolations, unconverged } from './invariants/converged.ts';
import { logViolations } from './invariants/log.ts';
import { leaks, wrongValues } from './invariants/secrets.ts';
import { wrongHeads } from './invariants/sealed.ts';
import { untold } from './invariants/told.ts';
import type { Violation } from './invariants/violation.ts';
import type { PointCount } from './crash-points.ts';
import { beginListening } from './listening.ts';
import type { Sabotage } from './world.ts';
import { World } from './world.ts';
import { BUSY_MS, plannedExecutions } from './workload.ts';

/** What became of one seed. */
export interface SeedResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly points: ReadonlyMap<string, Readonly<PointCount>>;
  /** Faults and incidents, by name. */
  readonly faults: ReadonlyMap<string, number>;
  readonly events: number;
  /** The story in lines; made when asked for. */
  readonly trace: () => string;
}

/** Requests that are under way when the faults stop are carried out within this. */
const LATE_MS = 260_000;
/** Within this of the last fault, everything is done that is to be done. */
const CONVERGE_MS = 1_800_000;
/** Nothing happens for so long after that. */
const REST_MS = 90_000;
const NOTICES_MS = 30_000;
/** How far a webhook is may be written so long after it got there, and what seals that a little later. */
const POSITIONS_MS = 420_000;
/** How often the world is asked whether it is done. */
const LOOK_MS = 2_000;

/** Runs one world from its seed: weather and people first, then calm until all is done, then the invariants. */
export async function runSeed(seed: number, sabotage: Sabotage = {}): Promise<SeedResult> {
  const world = new World(seed, sabotage);
  try {
    await live(world);
  } catch (error) {
    world.ledger.violated('converged', `the run broke off: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    world.end();
  }
  return resultOf(world);
}

async function live(world: World): Promise<void> {
  const { timeline, around, random } = world;
  const beginsMs = timeline.now();
  const begun = world.begin();
  await timeline.until(() => false, beginsMs);
  await begun;
  const clients = new Clients(world);
  clients.begin(plannedExecutions(random.fork('workload')));
  beginIncidents(world, clients);
  beginListening(world);
  await timeline.until(() => false, beginsMs + BUSY_MS);
  around.weather.ease();
  world.trace.say('world', 'the weather eases');
  await timeline.until(() => false, timeline.now() + LATE_MS);
  around.weather.clear();
  world.trace.say('world', 'the faults stop');
  await removeOrphans(world);
  await timeline.until(() => false, timeline.now() + LOOK_MS);
  const isDone = await converge(world);
  if (isDone) await rest(world);
  await conclude(world);
}

async function converge(world: World): Promise<boolean> {
  const { timeline, logView, log, receiver, cluster, isPruning } = world;
  // Of one execution, one event is told after the other.
  const tellingMs = receiver === undefined ? 0 : log.events.length * receiver.answerMs;
  const limitMs = timeline.now() + CONVERGE_MS + tellingMs;
  while (timeline.now() < limitMs) {
    const remains = [...unconverged(logView, cluster, isPruning), ...stillToArchive(world), ...stillToTell(world)];
    if (remains.length === 0) return true;
    await timeline.until(() => false, timeline.now() + LOOK_MS);
  }
  return false;
}

const stillToArchive = ({ archiveAfterMs, logView }: World): readonly Violation[] =>
  archiveAfterMs === undefined ? [] : unarchived(logView);

const stillToTell = ({ receiver, logView }: World): readonly Violation[] =>
  receiver === undefined ? [] : untold(logView, receiver);

/** What is done stays done: no event and no write comes any more. */
async function rest(world: World): Promise<void> {
  const { timeline, log, ledger } = world;
  // Notices are told beside the passes, and pause after a fault.
  await timeline.until(() => false, timeline.now() + (world.receiver === undefined ? NOTICES_MS : POSITIONS_MS));
  const [events, writes] = [log.events.length, ledger.writes];
  await timeline.until(() => false, timeline.now() + REST_MS);
  const late = log.events.slice(events).map(({ stream, type }) => `${type} of ${stream}`);
  if (late.length > 0) ledger.violated('at rest', `expected no event any more, found ${late.join(', ')}`);
  if (ledger.writes > writes)
    ledger.violated('at rest', `expected no write any more, found ${ledger.writes - writes} after ${writes}`);
}

async function conclude(world: World): Promise<void> {
  const { logView, cluster, ledger, replicas, isPruning } = world;
  const rows = await Promise.all(replicas.map((replica) => readModelViolations(logView, replica.rows)));
  for (const violation of [
    ...unconverged(logView, cluster, isPruning),
    ...stillToArchive(world),
    ...stillToTell(world),
    ...archiveViolations(logView, world.archiveDisk),
    ...logViolations(logView, ledger),
    ...leaks(world),
    ...wrongValues(ledger.runParameters, logView),
    ...rows.flat(),
    ...replicas.flatMap(({ headFile }) => wrongHeads(logView, headFile.shown)),
  ])
    ledger.violated(violation.invariant, violation.message);
}

function resultOf({ seed, ledger, around, incidents, log, trace }: World): SeedResult {
  for (const { invariant, message } of ledger.violations) trace.say('VIOLATED', `${invariant}: ${message}`);
  const faults = new Map<string, number>([...around.weather.counts, ...incidents]);
  return {
    seed,
    violations: ledger.violations,
    points: around.points.counts,
    faults,
    events: log.events.length,
    trace: () => trace.text(),
  };
}
