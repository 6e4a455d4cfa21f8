import type { Chart, Place } from '../places.ts';
import { BLANKS } from './blank.ts';
import { CHANGES } from './change.ts';
import { CUTS, EMPTIED } from './cut.ts';
import type { Case, Expected } from './damage.ts';
import { DELETIONS } from './delete.ts';
import { DOWNGRADES } from './downgrade.ts';
import { INSERTIONS } from './insert.ts';
import { RECHAINED } from './rechain.ts';
import { REORDERINGS } from './reorder.ts';
import { SWAPS } from './swap.ts';

const CASES: readonly Case[] = [
  ...[...CHANGES, ...DELETIONS, ...INSERTIONS, ...REORDERINGS, ...CUTS, ...EMPTIED, ...SWAPS],
  ...[...RECHAINED, ...DOWNGRADES, ...BLANKS],
];

/** How many of the cases that can be are tried at one place: one in so many. */
export interface Turns {
  /** Of those that differ only in the column or the algorithm. */
  readonly variants: number;
  readonly others: number;
}

/** Cases at the places where they are damage. They take turns over the places, so that each place and each case has its share. */
export const damagesAt = (chart: Chart, turns: Turns): readonly (readonly [Case, Place, Expected])[] =>
  CASES.flatMap((one, number) =>
    chart.places.flatMap((place, index) => {
      const expected = one.expected(place.row, chart);
      const isItsTurn = (number + index) % (one.isVariant === true ? turns.variants : turns.others) === 0;
      return expected === undefined || !isItsTurn ? [] : [[one, place, expected] as const];
    }),
  );
