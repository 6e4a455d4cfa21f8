import { SEAL_STREAM } from '#event-store';
import type { Meddler } from '../meddling.ts';
import type { Chart } from '../places.ts';
import type { Row } from '../sealed-log.ts';
import type { Case } from './damage.ts';
import { isSealLog } from './damage.ts';

/** The names of the stream of a row and of another one, exchanged. */
function swapped(meddler: Meddler, row: Row, chart: Chart): readonly string[] {
  const other = partnerOf(row, chart);
  for (const [from, to] of [
    [row.stream, 'x-x'],
    [other.stream, row.stream],
    ['x-x', other.stream],
  ] as const)
    meddler.run(
      "UPDATE events SET stream = ?, category = substr(?, 1, instr(?, '-') - 1) WHERE stream = ?",
      to,
      to,
      to,
      from,
    );
  return [row.stream, other.stream];
}

const partnerOf = (row: Row, { log }: Chart): Row =>
  log.rows.find(({ at, stream }) => at > 100 && stream !== row.stream && stream !== SEAL_STREAM)!;
const swapStart = (row: Row, chart: Chart): number =>
  Math.min(...[row, partnerOf(row, chart)].map(({ stream }) => chart.stream(stream)[0]!.at));

export const SWAPS: readonly Case[] = [
  {
    damage: 'swap two streams',
    how: 'their names',
    expected: (row, chart) => [['Changed', swapStart(row, chart)]],
    inflict: (meddler, row, chart) => void swapped(meddler, row, chart),
  },
  {
    damage: 'swap two streams',
    how: 'their names, both re-chained',
    expected: (row, chart) =>
      isSealLog(row) ? [['SealBroken'], ['Rewritten', 1]] : [['Rewritten', chart.rangeOf(swapStart(row, chart))!.from]],
    inflict: (meddler, row, chart) => {
      for (const stream of swapped(meddler, row, chart)) meddler.rechain(stream);
    },
  },
];
