import type { Case } from './damage.ts';

export const REORDERINGS: readonly Case[] = [
  {
    damage: 'reorder',
    how: 'with the next event of its stream',
    expected: (row, chart) => chart.next(row) && [['Reordered', row.at]],
    inflict: (meddler, row, chart) => meddler.swapPositions(row.at, chart.next(row)!.at),
  },
  {
    damage: 'reorder',
    how: 'with the next event of the log',
    expected: (row, chart) => {
      const range = chart.rangeOf(row.at);
      const neighbour = chart.log.rows[row.at];
      if (range === undefined || neighbour === undefined || neighbour.stream === row.stream) return undefined;
      return [
        ['Rewritten', range.from],
        ['Missing', row.at],
      ];
    },
    inflict: (meddler, row) => meddler.swapPositions(row.at, row.at + 1),
  },
];
