import type { EventMetadata } from '#execution';
import { clip, formatDuration } from '#execution';

/** Longest sentence, in bytes of JSON; what others wrote is quoted in it. */
const SENTENCE_BYTES = 1536;
const NAME_BYTES = 253;

/** One line that ends like a sentence, of bounded length, with nothing in it that steers a terminal. */
export function sentence(text: string): string {
  const line = clip(text.replace(/[\s\p{Cc}]+/gu, ' ').trim(), SENTENCE_BYTES);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

export const named = (text: string): string => clip(text, NAME_BYTES);

/** Who asked, or what made the service look: the door by which the command of an event came. */
export function doorOf({ actor, source }: Pick<EventMetadata, 'actor' | 'source'>): string {
  switch (source) {
    case 'rest':
      return `asked for by ${named(actor.user)} through the REST API`;
    case 'resource':
      return 'read by the service from the WorkflowExecution resource';
    case 'scheduler':
      return 'done by the scheduler of the service, because it was due';
    case 'driver':
      return 'seen or done by the service in the cluster';
  }
}

/** To the second, which is what people read; the text itself when it is no time. */
export function clock(time: string): string {
  const ms = Date.parse(time);
  return Number.isFinite(ms) ? `${new Date(ms).toISOString().slice(0, 19)}Z` : named(time);
}

/** How long something took, in whole seconds from one second on; undefined when one of the times is none. */
export function lasted(start: string | undefined, end: string | undefined): string | undefined {
  const ms = Date.parse(end ?? '') - Date.parse(start ?? '');
  if (!Number.isFinite(ms)) return undefined;
  return formatDuration(ms < 1000 ? ms : Math.round(ms / 1000) * 1000);
}
