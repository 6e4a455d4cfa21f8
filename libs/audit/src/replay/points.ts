import type { Point, Step } from './folded.ts';
import { isWithin, newestRevision, upToRevision } from './folded.ts';

/** The history has no such revision. */
export class PointError extends Error {
  override readonly name = 'PointError';
}

/** A moment that has not come yet. What will be true then is not known, and an answer would be another one later. */
export class MomentError extends Error {
  override readonly name = 'MomentError';
}

/** The events of that point are in an archive file and not in the log any more. The message says in which. */
export class ArchivedError extends Error {
  override readonly name = 'ArchivedError';
}

/** Clocks of clients may be ahead of ours by this much. */
const CLOCK_TOLERANCE_MS = 60_000;

/** @throws MomentError when the moment is still to come */
export function mustHavePassed(moment: string, nowMs: number): void {
  if (Date.parse(moment) <= nowMs + CLOCK_TOLERANCE_MS) return;
  const now = new Date(nowMs).toISOString();
  throw new MomentError(`expected a moment that has passed (it is ${now} here); found ${moment}`);
}

/**
 * The beginning of a history up to a point; all of it without one. Empty for a time before the first event.
 * @throws PointError for a revision that is not there; MomentError for a time still to come; ArchivedError
 */
export function upTo(steps: readonly Step[], point: Point | undefined, nowMs: number): readonly Step[] {
  const [first] = steps;
  if (point === undefined || first === undefined) return steps;
  if ('revision' in point) return upToPlace(steps, first, point.revision);
  mustHavePassed(point.time, nowMs);
  const end = steps.findIndex((step) => !isWithin(step.event, point));
  if (end === 0 && isArchived(first) && Date.parse(acceptedAt(first)) <= Date.parse(point.time)) throw archived(first);
  return end < 0 ? steps : steps.slice(0, end);
}

function upToPlace(steps: readonly Step[], first: Step, revision: number): readonly Step[] {
  const [oldest, newest] = [first.event.revision, newestRevision(steps)];
  if (revision > newest) throw new PointError(`expected a revision from ${oldest} to ${newest}; found ${revision}`);
  if (revision < oldest) throw archived(first);
  return upToRevision(steps, revision);
}

/** True when the history before this first event is in an archive file. */
export const isArchived = ({ event }: Step): boolean => event.revision > 0;

/** When the execution was accepted, which the event that stands for its archived history knows too. */
export const acceptedAt = ({ after, event }: Step): string =>
  after.phase === 'Absent' ? event.metadata.time : after.createdAt;

function archived({ fact, event }: Step): ArchivedError {
  const revisions = `revisions 0 to ${event.revision - 1} are not in the log any more`;
  if (fact.type !== 'ExecutionArchived') return new ArchivedError(revisions);
  const { file, sha256 } = fact.data.archive;
  return new ArchivedError(`${revisions}: they are in the archive file ${file} (sha256 ${sha256})`);
}
