import type { BundleAnchors } from './anchors.ts';
import { BundleCheck } from './bundle-check.ts';
import type { BundleDamage } from './damage.ts';
import { BundleDamageError, damageOf } from './damage.ts';
import type { BundleCounts, BundleHead } from './format.ts';
import { parseLine } from './parse-line.ts';
import { bundleLines } from './read-lines.ts';
import { statementsOf } from './statements.ts';

/** What is to be said of a bundle. */
export interface BundleVerdict {
  /** Nothing is wrong with it, and it fits the anchors that were given. */
  readonly ok: boolean;
  /** Lines that were looked at. */
  readonly lines: number;
  /** Counted from the lines, not read from the last one. */
  readonly counts: BundleCounts;
  /** First line of the bundle, unless that is damaged. */
  readonly head?: BundleHead;
  /** Key that signed the bundle; undefined when none did. */
  readonly signedBy?: string;
  /**
   * What vouches for it. `none`: it is consistent in itself, and could have been made by anybody. `key`: a trusted key.
   * `head`: the published head, whose own seal was met. `head-unmet`: the key of the head; its seal is not in the bundle.
   */
  readonly anchor: 'none' | 'key' | 'head' | 'head-unmet';
  /** `RollbackAccepted` events met. */
  readonly rollbacks: number;
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
  const { head, counts, signedBy, rollbacks } = check;
  const verdict = {
    ok: damage === undefined,
    lines,
    counts,
    ...(head !== undefined && { head }),
    ...(signedBy !== undefined && { signedBy }),
    anchor: check.anchor,
    rollbacks,
    ...(damage !== undefined && { firstDamage: damage }),
  };
  return { ...verdict, statements: statementsOf(verdict) };
}
