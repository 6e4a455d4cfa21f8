import type { HistoryEntry } from '../api/answers.ts';
import { clean } from './clean.ts';
import type { Colours, Paint } from './colours.ts';
import { padded, type Layout } from './table.ts';
import { elapsed, stamp, type Times } from './times.ts';

const REVISION_WIDTH = 3;
const SINCE_WIDTH = 8;
const TYPE_WIDTH = 25;

/**
 * One event of a history: when, how long after the beginning and after the event before, what; below it the sentence,
 * who and why. Made line by line, so that a live timeline looks the same.
 */
export function timelineEntry(entry: HistoryEntry, times: Times, { colours }: Pick<Layout, 'colours'>): string {
  const { revision, time, type, sentence, sinceStartMs, sincePreviousMs } = entry;
  const at = colours.dim(stamp(times, time, 'milliseconds'));
  const since = signed(sinceStartMs).padStart(SINCE_WIDTH);
  const previous = colours.dim(padded(revision === 0 ? '' : `(${signed(sincePreviousMs)})`, SINCE_WIDTH + 2));
  const what = paintOfType(colours, type)(padded(clean(type), TYPE_WIDTH));
  const head = `${colours.dim(String(revision).padStart(REVISION_WIDTH))}  ${at}  ${since} ${previous}  ${what}`;
  const indent = ' '.repeat(REVISION_WIDTH + 2);
  return `${head}  ${colours.dim(by(entry))}\n${indent}${clean(sentence)}\n`;
}

export const signed = (ms: number): string => (ms < 0 ? `-${elapsed(-ms)}` : `+${elapsed(ms)}`);

function by({ actor, source, cause }: HistoryEntry): string {
  const why = cause.kind === 'event' ? `because of ${cause.revision} ${clean(cause.type)}` : 'on its own command';
  return `${clean(actor.user)} (${clean(source)}), ${why}`;
}

/** Ends by how they ended, tasks, what somebody wanted, and everything else. */
export function paintOfType(colours: Colours, type: string): Paint {
  if (type === 'ExecutionCompleted') return colours.green;
  if (type === 'ExecutionFailed' || type === 'ContradictionObserved') return colours.red;
  if (['ExecutionCancelled', 'ExecutionSkipped', 'ExecutionDelayed', 'RunOverdue'].includes(type))
    return colours.yellow;
  if (type.startsWith('Task') || type === 'PipelineRunProgressed') return colours.cyan;
  return type.endsWith('Requested') ? colours.magenta : colours.bold;
}
