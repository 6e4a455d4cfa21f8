import type { Position } from '#event-store';
import type { Damage } from './damage.ts';
import type { Anchor } from './trust.ts';

/** How far a verification is. */
export interface VerificationProgress {
  readonly events: number;
  readonly seals: number;
  readonly position: Position;
}

/** The newest seal of the log. */
export interface SealedHead {
  readonly number: number;
  /** Events covered by it and all seals before it. */
  readonly total: number;
  readonly sealHash: string;
  readonly keyId: string;
}

export interface VerificationReport {
  readonly ok: boolean;
  /** What was looked at, and held: all of the log, or what is before the first damage. */
  readonly events: number;
  readonly streams: number;
  /** Of the events those whose texts are in archive files: their hashes, chains and seals were judged. */
  readonly archived: number;
  /** Archive files the log names, and how many of them were looked at and are as it says. */
  readonly archives: { readonly named: number; readonly held: number };
  readonly seals: number;
  readonly head: {
    /** Of the newest event looked at. */
    readonly position: Position;
    readonly seal?: SealedHead;
    /** Events after those the newest seal covers: for these, only their own chains speak. */
    readonly unsealed: number;
    /** Published heads, or how many of them the log bears out. */
    readonly published: number;
  };
  /** Who vouches for the key of the newest seal. */
  readonly anchor: Anchor;
  /** Resources whose newest event shown is in the log as they show it. */
  readonly witnesses: number;
  /** Times somebody accepted that the log does not bear a published head out. */
  readonly acceptedRollbacks: number;
  readonly firstDamage?: Damage;
}
