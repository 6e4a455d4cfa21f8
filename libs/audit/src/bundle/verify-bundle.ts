import type { Anchor } from '../verify/trust.ts';
import type { BundleAnchors } from './anchors.ts';
import { BundleCheck } from './bundle-check.ts';
import type { BundleDamage } from './damage.ts';
import { BundleDamageError, damageOf } from './damage.ts';
import type { BundleHead } from './format.ts';
import { parseLine } from './parse-line.ts';
import { bundleLines } from './read-lines.ts';
import { statementsOf } from './statements.ts';

/** What is to be said of a bundle; in the words of a verification of the log where it says the same. */
export interface BundleVerdict {
  /** Nothing is wrong with it, and it fits the anchors that were given. */
  readonly ok: boolean;
  /** Lines that were looked at. */
  readonly lines: number;
  readonly events: number;
  readonly streams: number;
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

/**
 * Checks a bundle from its bytes, plain or gzip, top to bottom as docs/reference/bundles.md says, up to the first
 * damage. Keeps one line, and 200 bytes for each stream. Throws only what reading `chunks` throws.
 */
export async function verifyBundle(
  chunks: AsyncIterable<Uint8Array>,
  anchors: BundleAnchors = {},
): Promise<BundleVerdict> {
  const check = new BundleCheck(anchors);
  let line = 1;
  try {
    for await (const bytes of bundleLines(chunks)) {
      check.take(parseLine(bytes), bytes);
      line += 1;
    }
    check.finish();
    return verdictOf(check, line - 1, undefined);
  } catch (error) {
    if (!(error instanceof BundleDamageError)) throw error;
    return verdictOf(check, line, damageOf(error, line));
  }
}

function verdictOf(check: BundleCheck, lines: number, damage: BundleDamage | undefined): BundleVerdict {
  const { head, counts, signedBy, anchor, isHeadMet, acceptedRollbacks } = check;
  const verdict = {
    ok: damage === undefined,
    lines,
    ...{ events: counts.events, streams: check.streamsMet, seals: counts.seals, unsealed: counts.unsealed },
    ...(head !== undefined && { head }),
    ...(signedBy !== undefined && { signedBy }),
    anchor,
    ...(isHeadMet !== undefined && { isHeadMet }),
    acceptedRollbacks,
    ...(damage !== undefined && { firstDamage: damage }),
  };
  return { ...verdict, statements: statementsOf(verdict) };
}
