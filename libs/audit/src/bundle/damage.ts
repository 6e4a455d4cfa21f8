/** Every way a bundle can be wrong; docs/reference/bundles.md says which check finds which. */
export type BundleDamageKind =
  | 'Truncated'
  | 'Malformed'
  | 'FormatUnknown'
  | 'Misplaced'
  | 'AlgorithmUnknown'
  | 'HashDiffers'
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

/** The first thing that is wrong. */
export interface BundleDamage {
  readonly kind: BundleDamageKind;
  /** Of the file, from 1; the one after the last when something is missing at the end. */
  readonly line: number;
  readonly stream?: string;
  readonly revision?: number;
  readonly position?: string;
  readonly expected: string;
  readonly found: string;
  /** What it means, in a sentence. */
  readonly explanation: string;
}

/** Where in the log a damage was met. */
export type DamagePlace = Partial<Pick<BundleDamage, 'stream' | 'revision' | 'position'>>;

/** How much of a text from the file a damage shows. */
const SHOWN = 120;

/** Ends a verification; caught by `verifyBundle`, which knows the line. */
export class BundleDamageError extends Error {
  override readonly name = 'BundleDamageError';
  constructor(
    readonly kind: BundleDamageKind,
    readonly expected: string,
    readonly found: string,
    readonly place: DamagePlace = {},
  ) {
    super(`${kind}: expected ${expected}, found ${found}`);
  }
}

export function damageOf({ kind, expected, found, place }: BundleDamageError, line: number): BundleDamage {
  const { stream, revision, position } = place;
  return {
    kind,
    line,
    ...(stream !== undefined && { stream }),
    ...(revision !== undefined && { revision }),
    ...(position !== undefined && { position }),
    expected: shown(expected),
    found: shown(found),
    explanation: EXPLANATIONS[kind],
  };
}

/** Throws unless the two are the same. */
export function mustBe(
  kind: BundleDamageKind,
  what: string,
  expected: string | number | null,
  found: string | number | null,
  place: DamagePlace = {},
): void {
  if (expected !== found) throw new BundleDamageError(kind, `${what} ${String(expected)}`, String(found), place);
}

const shown = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

const EXPLANATIONS: Readonly<Record<BundleDamageKind, string>> = {
  Truncated: 'The file broke off: it is not the whole bundle.',
  Malformed: 'The line is not one the format knows, or not written in its one canonical way.',
  FormatUnknown: 'The bundle is of a format this program does not know; use a newer one.',
  Misplaced: 'The line is where one of its kind cannot be.',
  AlgorithmUnknown: 'Another algorithm is named than the one the format allows.',
  HashDiffers: 'The event is not as it was when it was recorded.',
  PreviousHashDiffers: 'The event does not follow the one before it in its stream.',
  RevisionMissing: 'An event of the stream is missing, or there twice.',
  OrdinalDiffers: 'An event of the log is missing, or there twice.',
  ForeignEvent: 'The event is of another execution than the bundle says.',
  EventMissing: 'Events that the seal covers are missing.',
  RootDiffers: 'The events are not those the seal was made over, or not in their order.',
  ProofDiffers: 'The proof does not show that the event is under the seal.',
  SealDiffers: 'The seal does not fit the seal before it, the log, or what the bundle says of it.',
  KeyDiffers: 'Another key was used than the one in force.',
  SignatureDiffers: 'The signature is not by the key, or not over this.',
  StoreDiffers: 'It is of another log.',
  StreamHeadDiffers: 'The bundle says that the stream ends elsewhere than it does.',
  CountDiffers: 'Lines are missing, or there twice.',
  DigestDiffers: 'Bytes were changed after the bundle was made.',
  KeyUnproven: 'Nothing that was given as trusted vouches for the key.',
  Unsigned: 'The bundle is not signed, so nobody vouches that it is whole.',
  HeadMissing: 'The log was cut or rolled back, or the bundle is older than the published head.',
  HeadDiffers: 'The log was written anew: the published head says something else.',
};
