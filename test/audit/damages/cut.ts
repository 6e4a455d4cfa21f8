import type { Case } from './damage.ts';
import { isSealLog } from './damage.ts';

export const CUTS: readonly Case[] = [
  {
    damage: 'cut the tail',
    how: 'from here on',
    expected: ({ at }) => [['TailCut', at]],
    inflict: (meddler, { at }) => void meddler.run('DELETE FROM events WHERE position >= ?', at),
  },
  {
    damage: 'cut the tail',
    how: 'from here on, and what the store remembers of it',
    expected: ({ at }, { lastRange }) => (at <= lastRange.sealAt ? [['RolledBack']] : [['TailCut'], ['StreamMissing']]),
    inflict: (meddler, { at }) => {
      meddler.run('DELETE FROM events WHERE position >= ?', at);
      meddler.setCounter();
    },
  },
];

export const EMPTIED: readonly Case[] = [
  {
    damage: 'empty a stream',
    how: 'its rows',
    expected: (row, chart) => {
      const start = chart.stream(row.stream)[0]!;
      const survivor = chart.log.rows.find(({ at, stream }) => at > start.at && stream !== row.stream);
      return survivor === undefined ? [['TailCut', start.at]] : [['Missing', survivor.at]];
    },
    inflict: (meddler, { stream }) => void meddler.run('DELETE FROM events WHERE stream = ?', stream),
  },
  {
    damage: 'empty a stream',
    how: 'its rows, positions numbered anew',
    expected: (row, chart) => {
      if (isSealLog(row)) return [['RolledBack']];
      const events = chart.stream(row.stream);
      const range = chart.rangeOf(events[0]!.at);
      if (range === undefined) return [['StreamMissing']];
      return [['Missing', range.sealAt - events.filter(({ at }) => at < range.sealAt).length]];
    },
    inflict: (meddler, { stream }) => {
      meddler.run('DELETE FROM events WHERE stream = ?', stream);
      meddler.renumber();
    },
  },
];
