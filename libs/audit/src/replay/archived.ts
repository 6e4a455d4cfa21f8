import type { Execution, Finished, Lock, Pending, Running } from '#execution';
import { ABSENT } from '#execution';
import type { Folded, StreamReader } from './folded.ts';
import { eventsUpTo, foldOn, isWithin } from './folded.ts';

/**
 * The state at a time, also when the events of that time were archived: then it is as the event that stands for them
 * tells. What it does not tell (tasks, progress, who was waited for) is left out.
 */
export async function stateAt(store: StreamReader, id: string, time: string): Promise<Folded> {
  let folded: Folded = { id, execution: ABSENT };
  for await (const event of eventsUpTo(store, id)) {
    if (isWithin(event, { time })) folded = foldOn(folded, event);
    else return folded.last === undefined ? archivedAt(foldOn(folded, event), time) : folded;
  }
  return folded;
}

/**
 * What an execution was at a time, told by the event that stands for its archived history, which came after that time.
 * Absent when the history is not archived, and before the execution was accepted. Pure.
 */
function archivedAt({ id, execution, last }: Folded, time: string): Folded {
  const absent: Folded = { id, execution: ABSENT };
  if (execution.phase !== 'Finished' || execution.archived === undefined || last === undefined) return absent;
  const then = stateThen(execution, Date.parse(time));
  if (then.execution.phase === 'Absent') return absent;
  return { id, execution: then.execution, last: { ...last, time: then.since } };
}

interface Then {
  readonly execution: Execution;
  readonly since: string;
}

function stateThen(known: Finished, atMs: number): Then {
  const hasBegun = (time: string | undefined): time is string => time !== undefined && Date.parse(time) <= atMs;
  const { createdAt, finishedAt, lock } = known;
  if (hasBegun(finishedAt)) {
    const since = lock.state === 'Released' && hasBegun(lock.at) ? lock.at : finishedAt;
    return { execution: endedThen(known, since === finishedAt), since };
  }
  const runningSince = lock.state === 'None' ? undefined : lock.since;
  if (hasBegun(runningSince)) return { execution: runningThen(known, runningSince), since: runningSince };
  if (hasBegun(createdAt)) return { execution: pendingThen(known), since: createdAt };
  return { execution: ABSENT, since: createdAt };
}

function endedThen(known: Finished, isHeld: boolean): Finished {
  const { archived, lock, ...rest } = known;
  void archived; // that was later
  return { ...rest, lock: isHeld ? lockBeforeRelease(known) : lock };
}

/** The cooldown counted from the end of the run; a release before its time ended it. */
function lockBeforeRelease({ lock, ended, finishedAt, settings }: Finished): Lock {
  if (lock.state !== 'Released' || lock.at === finishedAt) return lock;
  const endMs = Date.parse(ended?.completionTime ?? finishedAt);
  const until = new Date((Number.isFinite(endMs) ? endMs : Date.parse(finishedAt)) + settings.cooldownMs);
  return { state: 'Held', since: lock.since, until: until.toISOString() };
}

function runningThen(known: Finished, runningSince: string): Execution {
  const { ended } = known;
  if (ended === undefined) return pendingThen(known);
  const { ref: run, adopted } = ended;
  const running: Running = {
    ...acceptedThen(known),
    phase: 'Running',
    run,
    adopted,
    runningSince,
    tasks: {},
    progressEvents: 0,
  };
  return running;
}

const pendingThen = (known: Finished): Pending => ({ ...acceptedThen(known), phase: 'Pending' });

/** Its resource was there once it had one; since when is not known. */
function acceptedThen({ id, entry, resource, spec, settings, runName, createdAt }: Finished) {
  return { id, entry, resource, spec, settings, runName, createdAt, binding: { state: 'Unbound' } } as const;
}
