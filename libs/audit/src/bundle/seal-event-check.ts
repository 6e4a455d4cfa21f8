import type { SealEvent, SealEventType } from '#event-store';
import { hashOfTexts, parseSealEvent, SEAL_STREAM, SealFormatError } from '#event-store';
import type { DamagePlace } from './damage.ts';
import { BundleDamageError, mustBe } from './damage.ts';
import type { BundledEvent } from './format.ts';

/** The event of a key or seal line, as seals.md says it must be. Its signatures are not checked by that. @throws BundleDamageError */
export function checkedSealEvent(event: BundledEvent, types: readonly SealEventType[], algorithm: string): SealEvent {
  const place = placeOf(event);
  mustBe('Malformed', 'stream', SEAL_STREAM, event.stream, place);
  if (!types.some((type) => type === event.type))
    throw new BundleDamageError('Malformed', types.join(' or '), event.type, place);
  checkHash(event);
  const named = event.data['algorithm'];
  if (named !== algorithm)
    throw new BundleDamageError('AlgorithmUnknown', algorithm, JSON.stringify(named) ?? 'none', place);
  try {
    return parseSealEvent(event);
  } catch (error) {
    if (!(error instanceof SealFormatError)) throw error;
    throw new BundleDamageError('Malformed', 'an event as seals.md has it', error.message, place);
  }
}

/** @throws BundleDamageError `HashDiffers` */
export function checkHash(event: BundledEvent): void {
  mustBe('HashDiffers', 'hash', hashOfTexts(event.previousHash, event), event.hash, placeOf(event));
}

export const placeOf = ({
  stream,
  revision,
  position,
}: Pick<BundledEvent, 'stream' | 'revision' | 'position'>): Required<DamagePlace> => ({
  stream,
  revision,
  position,
});
