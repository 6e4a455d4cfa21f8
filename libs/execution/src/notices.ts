import { clip } from './clip.ts';
import type { ExecutionEvent } from './events.ts';
import type { Fact } from './evolve.ts';
import { evolve } from './evolve.ts';
import type { NoticeLine } from './notice-lines.ts';
import { lineOf } from './notice-lines.ts';
import type { Execution } from './state.ts';
import { ABSENT } from './state.ts';

/** One line for people about a transition, as `kubectl describe` shows it. Never a record: the log is. */
export interface Notice {
  /** Revision of the event it tells of; an event is told of at most once. */
  readonly revision: number;
  /** What happened, in CamelCase: `RunCreated`. */
  readonly reason: string;
  /** What was being done when it happened, in CamelCase: `CreateRun`. */
  readonly action: string;
  /** One line of at most NOTE_BYTES bytes; no parameter's value is in it. */
  readonly note: string;
  readonly type: 'Normal' | 'Warning';
  /** Time of the event, ISO 8601 UTC. */
  readonly at: string;
}

/** How far an execution has been told of: what the notices of its next events depend on. */
export interface Told {
  /** Of the last event taken in; -1 before the first. */
  readonly revision: number;
  /** As of that event. */
  readonly execution: Execution;
  /** Notices given of what may happen any number of times. */
  readonly repeatable: number;
}

export const UNTOLD: Told = { revision: -1, execution: ABSENT, repeatable: 0 };

/** The API server's limit for the text of an Event. */
export const NOTE_BYTES = 1024;

/** Failed tasks, changes of the lock's holder and the like of one execution that are told; more say nothing new. */
export const MAX_REPEATABLE_NOTICES = 10;

/** What a person should be told of the events that follow, in their order. Cut anywhere, it gives the same notices. */
export function noticesOf(
  facts: Iterable<Fact>,
  since: Told = UNTOLD,
): { readonly notices: readonly Notice[]; readonly told: Told } {
  const notices: Notice[] = [];
  let told = since;
  for (const fact of facts) {
    const revision = told.revision + 1;
    const line = lineOf(told.execution, fact);
    const isGiven = line !== undefined && !(line.isRepeatable && told.repeatable >= MAX_REPEATABLE_NOTICES);
    if (isGiven) notices.push(notice(revision, line, fact));
    const repeatable = told.repeatable + (isGiven && line.isRepeatable ? 1 : 0);
    told = { revision, execution: evolve(told.execution, fact), repeatable };
  }
  return { notices, told };
}

function notice(revision: number, line: NoticeLine, { time }: ExecutionEvent & { readonly time: string }): Notice {
  const { reason, action, isWarning } = line;
  const note = clip(oneLine(line.note), NOTE_BYTES);
  return { revision, reason, action, note, type: isWarning ? 'Warning' : 'Normal', at: time };
}

/** Events are shown as rows of a table: whatever would break a line or steer a terminal becomes a blank. */
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
