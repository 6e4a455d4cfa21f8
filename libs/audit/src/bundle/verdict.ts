import type { Anchor } from '../verify/trust.ts';
import type { BundleDamage } from './damage.ts';
import type { BundleHead } from './format.ts';

/** What is to be said of a bundle; in the words of a verification of the log where it says the same. */
export interface BundleVerdict {
  /** Nothing is wrong with it, and it fits the anchors that were given. */
  readonly ok: boolean;
  /** Lines that were looked at. */
  readonly lines: number;
  readonly events: number;
  readonly streams: number;
  /** Of the events those of which there is a stub only: what they said is in the archive files, and not proven here. */
  readonly archived: number;
  /** Names of these files. */
  readonly archives: readonly string[];
  readonly seals: number;
  /** Events that no seal of the bundle covers: for these, only its signature speaks. */
  readonly unsealed: number;
  /** First line of the bundle, unless that is damaged. */
  readonly head?: BundleHead;
  /** Key that signed the bundle; undefined when none did. */
  readonly signedBy?: string;
  /** Who vouches for the newest key. `nobody`: the bundle is consistent in itself, and could have been made by anybody. */
  readonly anchor: Anchor;
  /** Whether the seal of the published head was met; undefined when there was no head. */
  readonly isHeadMet?: boolean;
  /** Times somebody accepted that the log does not bear a published head out. */
  readonly acceptedRollbacks: number;
  readonly firstDamage?: BundleDamage;
  /** What this proves and what not, in sentences. */
  readonly statements: readonly string[];
}
