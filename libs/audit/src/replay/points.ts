import type { Point, Step } from './folded.ts';
import { isWithin } from './folded.ts';

/** The history has no such revision. */
export class PointError extends Error {
  override readonly name = 'PointError';
}

/** A moment that has not come yet. What will be true then is not known, and an answer would be another one later. */
export class MomentError extends Error {
  override readonly name = 'MomentError';
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
 * @throws PointError for a revision that is not there; MomentError for a time still to come
 */
export function upTo(steps: readonly Step[], point: Point | undefined, nowMs: number): readonly Step[] {
  if (point === undefined) return steps;
  if ('time' in point) mustHavePassed(point.time, nowMs);
  else if (point.revision >= steps.length)
    throw new PointError(`expected a revision from 0 to ${steps.length - 1}; found ${point.revision}`);
  const end = steps.findIndex((step) => !isWithin(step.event, point));
  return end < 0 ? steps : steps.slice(0, end);
}
