import type { BundleAnchors } from './anchors.ts';
import { BundleCheck } from './bundle-check.ts';
import type { BundleDamage } from './damage.ts';
import type { BundledEvent } from './format.ts';
import { BundleDamageError, damageOf } from './damage.ts';
import { parseLine } from './parse-line.ts';
import { bundleLines } from './read-lines.ts';
import { statementsOf } from './statements.ts';
import type { BundleVerdict } from './verdict.ts';

/**
 * Checks a bundle from its bytes, plain or gzip, top to bottom as docs/reference/bundles.md says, up to the first
 * damage. Keeps one line, and 200 bytes for each stream. Throws only what reading `chunks` throws.
 * @param onEvent called with each event line that held so far; to be believed only when the verdict is good
 */
export async function verifyBundle(
  chunks: AsyncIterable<Uint8Array>,
  anchors: BundleAnchors = {},
  onEvent?: (event: BundledEvent) => void,
): Promise<BundleVerdict> {
  const check = new BundleCheck(anchors);
  let line = 1;
  try {
    for await (const bytes of bundleLines(chunks)) {
      const taken = parseLine(bytes);
      check.take(taken, bytes);
      if (taken.kind === 'event') onEvent?.(taken.event);
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
    ...{ events: counts.events, streams: check.streamsMet, archived: counts.stubs, archives: check.archives },
    ...{ seals: counts.seals, unsealed: counts.unsealed },
    ...(head !== undefined && { head }),
    ...(signedBy !== undefined && { signedBy }),
    anchor,
    ...(isHeadMet !== undefined && { isHeadMet }),
    acceptedRollbacks,
    ...(damage !== undefined && { firstDamage: damage }),
  };
  return { ...verdict, statements: statementsOf(verdict) };
}
