import type { DamageKind } from '#audit';
import { SEAL_STREAM } from '#event-store';
import type { Meddler } from '../meddling.ts';
import type { Chart } from '../places.ts';
import type { Row } from '../sealed-log.ts';

/** The eleven ways. */
export const DAMAGES = [
  'change',
  'delete',
  'insert',
  'reorder',
  'cut the tail',
  'empty a stream',
  'swap two streams',
  're-chain without the key',
  'downgrade the algorithm',
  'blank a payload',
  'roll back to an older copy',
] as const;

/** What has to be found: one of these kinds, each at its first position where it has one that can be known. */
export type Expected = readonly (readonly [kind: DamageKind, at?: number])[];

export interface Case {
  readonly damage: (typeof DAMAGES)[number];
  readonly how: string;
  /** One of many that differ in little. */
  readonly isVariant?: boolean;
  /** Undefined where this damage is none at this place. */
  expected(row: Row, chart: Chart): Expected | undefined;
  inflict(meddler: Meddler, row: Row, chart: Chart): void;
}

export const isSealLog = ({ stream }: Row): boolean => stream === SEAL_STREAM;

/** What resources show tells of the newest events, when nothing else does. */
export const seenByWitness = (row: Row, chart: Chart): Expected =>
  isSealLog(row) ? [['RolledBack']] : [[chart.stream(row.stream).length === 1 ? 'StreamMissing' : 'TailCut']];

/** Of a stream whose hashes were made to fit again: the seal over it, or what resources show. */
export const asRewritten = (row: Row, chart: Chart): Expected => {
  const range = chart.rangeOf(row.at);
  if (isSealLog(row)) return [['SealBroken', row.at]];
  return range === undefined ? [['Rewritten']] : [['Rewritten', range.from]];
};
