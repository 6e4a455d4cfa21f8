import type { ArchivedTexts } from '#event-store';
import type { ArchiveClaims } from './archive-claims.ts';
import type { NamedArchives } from './archived-events.ts';
import type { Damage } from './damage.ts';
import { damage } from './damage.ts';

/**
 * Whether an event without texts was let go of by the service: an event of its own stream must say so, name the same
 * file, and count it. That event itself is held against its hash, its chain and its seal like any other.
 */
export async function archiveDamage(
  event: ArchivedTexts,
  claims: ArchiveClaims,
  archives: NamedArchives,
): Promise<Damage | undefined> {
  const claim = await claims.of(event.stream);
  if (claim !== undefined && claim.file === event.archive && event.revision < claim.events)
    return archives.met(event, claim);
  return damage('Blanked', event, {
    expected:
      claim === undefined
        ? 'an event of its stream that says that it was archived'
        : `one of the first ${claim.events} events of its stream, in the archive ${claim.file}`,
    found: `an event without data, said to be in ${event.archive}`,
    explanation:
      'The texts of this event are gone, and its stream does not say that they were archived: somebody took them out.',
  });
}
