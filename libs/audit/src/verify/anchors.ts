import type { Position, PublishedHead } from '#event-store';
import { keyIdOf } from '#event-store';
import type { Damage } from './damage.ts';
import { damage } from './damage.ts';
import type { SealedHead } from './report.ts';
import type { Anchors } from './trust.ts';

/** What is believed beside the log. Public keys are the 32 raw bytes of Ed25519. */
export interface Vouching {
  /** Newest seals as they were published, checked by `parsePublishedHead`. Get them before the verification begins. */
  readonly heads?: readonly PublishedHead[];
  readonly trustedKeys?: readonly Uint8Array[];
  /** Keys of the service whose private half it has; none of those the log names is an answer too. */
  readonly ownKeys?: readonly Uint8Array[];
}

export function anchorsOf({ heads = [], trustedKeys = [], ownKeys }: Vouching): Anchors {
  return {
    ...(trustedKeys.length > 0 && { 'given-key': trustedKeys.map(keyIdOf) }),
    ...(heads.length > 0 && { 'published-head': heads.map(({ keyId }) => keyId) }),
    ...(ownKeys !== undefined && { 'own-key': ownKeys.map(keyIdOf) }),
  };
}

/** A published head of another log, which is known before anything is read. */
export function foreignHead(heads: readonly PublishedHead[], storeId: string): Damage | undefined {
  const foreign = heads.find((head) => head.storeId !== storeId);
  if (foreign === undefined) return undefined;
  return damage(
    'StoreReplaced',
    {},
    {
      expected: `the log of the published head, ${foreign.storeId}`,
      found: storeId,
      explanation:
        'The published head belongs to another log: this one was put in its place, or its identity was changed.',
    },
  );
}

/** A published head that is ahead of the log, once all seals are known. */
export function rolledBack(
  heads: readonly PublishedHead[],
  newest: SealedHead | undefined,
  end: Position,
): Damage | undefined {
  const ahead = heads.filter(({ number }) => number > (newest?.number ?? -1));
  const head = ahead.sort((a, b) => b.number - a.number)[0];
  if (head === undefined) return undefined;
  return damage(
    'RolledBack',
    { position: end },
    {
      expected: `seal ${head.number}, published ${head.sealedAt}, with ${head.total} events up to ${head.position}`,
      found:
        newest === undefined ? 'no seal at all' : `seal ${newest.number} as the newest, with ${newest.total} events`,
      explanation:
        'A newer seal was published than the log has: its newest part, from here on or a little before, was cut off, or an older copy was put in its place.',
    },
  );
}
