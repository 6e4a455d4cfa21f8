import type { Position } from '#event-store';
import type { Damage, DamageKind, Place } from '../verify/damage.ts';

/** Every check of a bundle, by the name docs/reference/bundles.md gives it. */
export type BundleCheckName =
  | 'Truncated'
  | 'Malformed'
  | 'FormatUnknown'
  | 'Misplaced'
  | 'AlgorithmUnknown'
  | 'HashDiffers'
  | 'StubUnclaimed'
  | 'PreviousHashDiffers'
  | 'RevisionMissing'
  | 'OrdinalDiffers'
  | 'ForeignEvent'
  | 'EventMissing'
  | 'RootDiffers'
  | 'ProofDiffers'
  | 'SealDiffers'
  | 'KeyDiffers'
  | 'SignatureDiffers'
  | 'StoreDiffers'
  | 'StreamHeadDiffers'
  | 'CountDiffers'
  | 'DigestDiffers'
  | 'KeyUnproven'
  | 'Unsigned'
  | 'HeadMissing'
  | 'HeadDiffers';

/** The first thing that is wrong: in the words of a verification of the log, and which check of the format failed. */
export interface BundleDamage extends Damage {
  readonly check: BundleCheckName;
  /** Of the file, from 1; the one after the last when something is missing at the end. */
  readonly line: number;
}

/** Where in the log a damage was met, as the file says. */
export type DamagePlace = { readonly [Name in keyof Place]: Name extends 'position' ? string : Place[Name] };

/** How much of a text from the file a damage shows. */
const SHOWN = 120;

/** Ends a verification; caught by `verifyBundle`, which knows the line. */
export class BundleDamageError extends Error {
  override readonly name = 'BundleDamageError';
  constructor(
    readonly check: BundleCheckName,
    readonly expected: string,
    readonly found: string,
    readonly place: DamagePlace = {},
  ) {
    super(`${check}: expected ${expected}, found ${found}`);
  }
}

export function damageOf({ check, expected, found, place }: BundleDamageError, line: number): BundleDamage {
  const { stream, revision, position } = place;
  const [kind, explanation] = MEANINGS[check];
  return {
    kind,
    check,
    line,
    ...(position !== undefined && { position: position as Position }),
    ...(stream !== undefined && { stream }),
    ...(revision !== undefined && { revision }),
    expected: shown(expected),
    found: shown(found),
    explanation,
  };
}

/** Throws unless the two are the same. */
export function mustBe(
  check: BundleCheckName,
  what: string,
  expected: string | number | null,
  found: string | number | null,
  place: DamagePlace = {},
): void {
  if (expected !== found) throw new BundleDamageError(check, `${what} ${String(expected)}`, String(found), place);
}

const shown = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

const MEANINGS: Readonly<Record<BundleCheckName, readonly [DamageKind, string]>> = {
  Truncated: ['TailCut', 'The file broke off: it is not the whole bundle.'],
  Malformed: ['Unreadable', 'The line is not one the format knows, or not written in its one canonical way.'],
  FormatUnknown: ['Unreadable', 'The bundle is of a format this program does not know; use a newer one.'],
  Misplaced: ['Reordered', 'The line is where one of its kind cannot be.'],
  AlgorithmUnknown: ['AlgorithmDowngraded', 'Another algorithm is named than the one the format allows.'],
  HashDiffers: ['Changed', 'The event is not as it was when it was recorded.'],
  StubUnclaimed: [
    'Blanked',
    'The content of an event is missing, and its stream does not say that it was archived to that file.',
  ],
  PreviousHashDiffers: ['Rechained', 'The event does not follow the one before it in its stream.'],
  RevisionMissing: ['Missing', 'An event of the stream is missing, or there twice.'],
  OrdinalDiffers: ['Missing', 'An event of the log is missing, or there twice.'],
  ForeignEvent: ['Inserted', 'The event is of another execution than the bundle says.'],
  EventMissing: ['Missing', 'Events that the seal covers are missing.'],
  RootDiffers: ['Rewritten', 'The events are not those the seal was made over, or not in their order.'],
  ProofDiffers: ['Rewritten', 'The proof does not show that the event is under the seal.'],
  SealDiffers: ['SealBroken', 'The seal does not fit the seal before it, the log, or what the bundle says of it.'],
  KeyDiffers: ['SealBroken', 'Another key was used than the one in force.'],
  SignatureDiffers: ['SealBroken', 'The signature is not by the key, or not over this.'],
  StoreDiffers: ['StoreReplaced', 'It is of another log.'],
  StreamHeadDiffers: ['TailCut', 'The bundle says that the stream ends elsewhere than it does.'],
  CountDiffers: ['Missing', 'Lines are missing, or there twice.'],
  DigestDiffers: ['Changed', 'Bytes were changed after the bundle was made.'],
  KeyUnproven: ['KeyUnproven', 'Nothing that was given as trusted vouches for the key.'],
  Unsigned: ['KeyUnproven', 'The bundle is not signed, so nobody vouches that it is whole.'],
  HeadMissing: ['RolledBack', 'The log was cut or rolled back, or the bundle is older than the published head.'],
  HeadDiffers: ['Rewritten', 'The log was written anew: the published head says something else.'],
};
