import type { KnownTexts } from '#event-store';
import { GENESIS_HASH } from '#event-store';
import type { Damage } from './damage.ts';
import { damage } from './damage.ts';
import type { StreamEnd, StreamEnds } from './stream-ends.ts';

/** True when the event comes right after what is known of its stream; nothing to wait for. */
export function continues(event: Pick<KnownTexts, 'revision' | 'previousHash'>, end: StreamEnd | undefined): boolean {
  return end === undefined
    ? event.revision === 0 && event.previousHash === GENESIS_HASH
    : event.revision === end.revision + 1 && event.previousHash === end.hash;
}

/** Looks closer at an event that does not: its stream may only have been forgotten meanwhile. */
export async function chainDamage(event: KnownTexts, ends: StreamEnds): Promise<Damage | undefined> {
  const end = ends.of(event.stream) ?? (event.revision > 0 ? await ends.before(event) : undefined);
  if (continues(event, end)) return undefined;
  const expected = (end?.revision ?? -1) + 1;
  if (event.revision < expected) return duplicated(event, expected);
  if (event.revision > expected) return outOfPlace(event, expected, ends);
  return damage('Rechained', event, {
    expected: `the hash of the event before it, ${end?.hash ?? GENESIS_HASH}`,
    found: event.previousHash,
    explanation:
      'This event points at another event before it than the one that is there, and its own hash was made to fit: one of the two was recorded anew.',
  });
}

const duplicated = (event: KnownTexts, expected: number): Damage =>
  damage('Duplicated', event, {
    expected: `revision ${expected} of its stream`,
    found: `revision ${event.revision}, which was there before`,
    explanation: 'An event of this revision stands earlier in the log: one of the two was put there later.',
  });

/** An event that should have come before it: it stands later in the log, or nowhere. */
async function outOfPlace(event: KnownTexts, expected: number, ends: StreamEnds): Promise<Damage> {
  // Where nothing is known of the stream, the event right before this one was looked for, and is not before it.
  const wanted = ends.of(event.stream) === undefined ? event.revision - 1 : expected;
  const isElsewhere = (await ends.at(event.stream, wanted)) !== undefined;
  return damage(isElsewhere ? 'Reordered' : 'Missing', event, {
    expected: `revision ${wanted} of its stream before it`,
    found: `revision ${event.revision}`,
    explanation: isElsewhere
      ? 'The event before this one in its stream stands later in the log: they were put in another order.'
      : 'Events before this one in its stream are gone from the log.',
  });
}
