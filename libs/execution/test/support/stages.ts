import type { Command, ExecutionEvent, ExecutionSettings } from '#execution';
import { decide, fold } from '#execution';
import * as example from './examples.ts';
import { minute, runSeen, sync } from './examples.ts';

/** The events that a sequence of commands leads to; every one of them must be accepted. */
export function recordedBy(...commands: readonly Command[]): readonly ExecutionEvent[] {
  const events: ExecutionEvent[] = [];
  commands.forEach((command, index) => {
    const facts = events.map((event) => ({ ...event, time: minute(index) }));
    const decision = decide(command, fold(facts));
    if (decision.kind === 'Refused') throw new Error(`${command.type} was refused: ${decision.message}`);
    events.push(...decision.events);
  });
  return events;
}

const settled = (onConflict: ExecutionSettings['onConflict']): Command =>
  example.create({ at: minute(0), settings: { ...example.SETTINGS, onConflict } });

const CREATE: Command[] = [settled('Fail')];
const BOUND = [...CREATE, sync(example.resourceSeen(), minute(0))];
const RUN = [...BOUND, sync(runSeen(example.RUNNING, 'created'), minute(1))];
const GRACEFUL = example.cancel('Graceful', { at: minute(2) });
const IMMEDIATE = example.cancel('Immediate', { at: minute(2) });
const MISSING = sync({ kind: 'RunMissing', runUid: example.RUN.uid }, minute(10));
const RELEASE = example.release('CooldownOver', minute(9));
const SUCCESS = [...RUN, sync(runSeen(example.SUCCEEDED), minute(3))];
const FAILURE = [...RUN, sync(runSeen(example.FAILED), minute(3))];
const CANCELLATION = [...RUN, IMMEDIATE, sync(runSeen(example.CANCELLED), minute(3))];
const DELETE = sync(example.resourceSeen({ deleting: true }), minute(4));
const GONE = sync({ kind: 'ResourceMissing', uid: example.RESOURCE.uid }, minute(5));
const LOCKED = sync({ kind: 'TargetLocked', holder: example.HOLDER }, minute(1));

/** How to come to every phase and to what matters inside it. */
const WAYS = {
  Absent: [],
  'Pending, unbound': CREATE,
  'Pending, bound': BOUND,
  'Pending, waiting': [settled('Wait'), sync(example.resourceSeen()), LOCKED],
  'Pending, cancelling': [...BOUND, GRACEFUL],
  'Pending, deleting': [...BOUND, DELETE],
  'Pending, removed': [...BOUND, GONE],
  Running: RUN,
  'Running, cancelling gracefully': [...RUN, GRACEFUL],
  'Running, cancelling at once': [...RUN, IMMEDIATE],
  'Running, deleting': [...RUN, DELETE],
  'Running, removed': [...RUN, GONE],
  'Success, held': SUCCESS,
  'Success, releasing': [...SUCCESS, RELEASE],
  'Success, released': [...SUCCESS, RELEASE, MISSING],
  'Success, released, deleting': [...SUCCESS, RELEASE, MISSING, DELETE],
  'Success, released, removed': [...SUCCESS, RELEASE, MISSING, GONE],
  'Failed, held': FAILURE,
  'Failed, releasing': [...FAILURE, RELEASE],
  'Failed, released': [...RUN, MISSING],
  'Failed, no run': [...BOUND, sync(example.REFUSED_RUN, minute(1))],
  'Cancelled, held': CANCELLATION,
  'Cancelled, releasing': [...CANCELLATION, RELEASE],
  'Cancelled, released': [...CANCELLATION, RELEASE, MISSING],
  'Cancelled, no run': [...BOUND, GRACEFUL, MISSING],
  Skipped: [settled('Skip'), sync(example.resourceSeen()), LOCKED],
} satisfies Record<string, readonly Command[]>;

export type Stage = keyof typeof WAYS;
export const STAGES = Object.keys(WAYS) as Stage[];
export const eventsOf = (stage: Stage): readonly ExecutionEvent[] => recordedBy(...WAYS[stage]);
