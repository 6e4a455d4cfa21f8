import type { BundleAnchors, BundleVerdict } from '#audit';
import type { PythonVerdict } from './python.ts';
import { pythonVerdicts } from './python.ts';
import { verified } from './world.ts';

/** A file, and what is to be said of it: a check that fails, anything but good, or good. */
export interface Case {
  readonly name: string;
  readonly file: Uint8Array;
  readonly expected: string;
  /** How many lines come out of a damaged packed file before that shows is the decompressor's affair. */
  readonly isPacked?: boolean;
}

/** Any damage at all. */
export const DAMAGED = 'damaged';
export const INTACT = 'intact';

/** What both implementations say, in the same words. */
interface Said {
  readonly check?: string;
  readonly [word: string]: unknown;
}

/** Every case by name, as this implementation and the second one judge it, where they differ from each other or from what is expected. */
export async function disagreements(
  cases: readonly Case[],
  anchors: BundleAnchors,
  crypto?: string,
): Promise<unknown[]> {
  const theirs = pythonVerdicts(
    cases.map(({ file }) => file),
    anchors,
    crypto,
  );
  const found: unknown[] = [];
  for (const [index, { name, file, expected, isPacked = false }] of cases.entries()) {
    const ours = said(fromOurs(await verified(file, anchors)), isPacked);
    const other = said(theirs[index]!, isPacked);
    const check = ours.check ?? INTACT;
    const isExpected = expected === check || (expected === DAMAGED && check !== INTACT);
    if (!isExpected || JSON.stringify(ours) !== JSON.stringify(other))
      found.push({ name, expected, ours, python: other });
  }
  return found;
}

type Comparable = Omit<PythonVerdict, 'file'>;

function fromOurs(verdict: BundleVerdict): Comparable {
  return { ...verdict, anchor: verdict.anchor.kind };
}

/** Of a damaged bundle: which check failed, and where. Of a good one: everything counted. */
function said({ firstDamage, ok, lines, ...rest }: Comparable, isPacked: boolean): Said {
  if (firstDamage !== undefined) return { ok, check: firstDamage.check, ...(!isPacked && { line: firstDamage.line }) };
  const { events, streams, archived, archives, seals, unsealed, anchor, signedBy, isHeadMet, acceptedRollbacks } = rest;
  return {
    ok,
    lines,
    events,
    streams,
    archived,
    archives,
    seals,
    unsealed,
    anchor,
    signedBy,
    isHeadMet,
    acceptedRollbacks,
  };
}
