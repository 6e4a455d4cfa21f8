import type { Position } from '#event-store';

/**
 * What can be told honestly from what is found.
 *
 * - `Changed`: an event is not what its hash says it was.
 * - `Missing`, `Inserted`, `Duplicated`, `Reordered`: events that are gone, were added, are there twice, or stand elsewhere.
 * - `Rechained`: hashes were computed anew, and do not fit the event before.
 * - `AlgorithmDowngraded`: a hash or a seal made by another algorithm than the one of the format.
 * - `Rewritten`: every hash fits, but it is not what was sealed, published, or shown by a resource.
 * - `SealBroken`, `SealMissing`, `KeyUnproven`: a seal that is not as sealed, gone, or by a key nobody vouches for.
 * - `TailCut`, `RolledBack`, `StreamMissing`: what was newest is gone; all since an older copy; a whole stream.
 * - `Unreadable`, `StoreDamaged`, `StoreReplaced`: a row or file that nobody can have written; another log.
 * - `Blanked`: an event without its texts, of which nothing says that they were archived.
 * - `ArchiveMissing`, `ArchiveDiffers`: an archive file that the log names is not there, or is not the one it names.
 */
export const DAMAGE_KINDS = [
  'Changed',
  'Missing',
  'Inserted',
  'Duplicated',
  'Reordered',
  'Rechained',
  'AlgorithmDowngraded',
  'Rewritten',
  'SealBroken',
  'SealMissing',
  'KeyUnproven',
  'TailCut',
  'RolledBack',
  'StreamMissing',
  'Unreadable',
  'StoreDamaged',
  'StoreReplaced',
  'Blanked',
  'ArchiveMissing',
  'ArchiveDiffers',
] as const;

export type DamageKind = (typeof DAMAGE_KINDS)[number];

/** Where the log does not hold, and how that shows. */
export interface Damage {
  readonly kind: DamageKind;
  /** The first position at which it shows; absent when it has none. */
  readonly position?: Position;
  readonly stream?: string;
  readonly revision?: number;
  readonly expected: string;
  readonly found: string;
  /** For people: what it means. */
  readonly explanation: string;
}

export type Place = Pick<Damage, 'position' | 'stream' | 'revision'>;

/** How much of anything found is shown: whoever damages a log may write novels into it. */
const SHOWN = 120;

export function damage(
  kind: DamageKind,
  { position, stream, revision }: Place,
  said: { readonly expected: string; readonly found: string; readonly explanation: string },
): Damage {
  return {
    kind,
    ...(position !== undefined && { position }),
    ...(stream !== undefined && { stream: stream.slice(0, SHOWN) }),
    ...(revision !== undefined && { revision }),
    ...said,
    found: said.found.length > SHOWN ? `${said.found.slice(0, SHOWN)}…` : said.found,
  };
}
