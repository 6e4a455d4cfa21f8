import type { DamageKind } from '#audit';
import type { Chart } from '../places.ts';
import type { Row } from '../sealed-log.ts';
import type { Case, Expected } from './damage.ts';
import { seenByWitness } from './damage.ts';

const first = (...found: readonly (readonly [DamageKind, number] | undefined)[]): Expected => {
  const there = found.filter((each) => each !== undefined).sort((a, b) => a[1] - b[1]);
  return there.slice(0, 1);
};

/** What shows when events are gone and everything was numbered anew. */
function goneWithoutGap(row: Row, chart: Chart): Expected {
  const next = chart.next(row);
  const range = chart.rangeOf(row.at);
  const shown = first(next && ['Missing', next.at - 1], range && ['Missing', range.sealAt - 1]);
  return shown.length > 0 ? shown : seenByWitness(row, chart);
}

export const DELETIONS: readonly Case[] = [
  {
    damage: 'delete',
    how: 'the row',
    expected: ({ at }, { log }) => (at === log.rows.length ? [['TailCut', at]] : [['Missing', at + 1]]),
    inflict: (meddler, { at }) => void meddler.run('DELETE FROM events WHERE position = ?', at),
  },
  {
    damage: 'delete',
    how: 'the row, positions numbered anew',
    expected: goneWithoutGap,
    inflict: (meddler, { at }) => {
      meddler.run('DELETE FROM events WHERE position = ?', at);
      meddler.renumber();
    },
  },
  {
    damage: 'delete',
    how: 'the row, positions and revisions numbered anew',
    expected: goneWithoutGap,
    inflict: (meddler, { at, stream }) => {
      meddler.run('DELETE FROM events WHERE position = ?', at);
      meddler.renumber();
      meddler.renumberStream(stream);
    },
  },
  {
    damage: 'delete',
    how: 'a seal, numbered anew and re-chained',
    expected: (row, chart) => {
      const index = chart.seals.indexOf(row);
      const next = chart.seals[index + 1];
      if (index < 0) return undefined;
      return next === undefined ? [['RolledBack']] : [['SealMissing', next.at - 1]];
    },
    inflict: (meddler, { at, stream }) => {
      meddler.run('DELETE FROM events WHERE position = ?', at);
      meddler.renumber();
      meddler.renumberStream(stream);
      meddler.rechain(stream);
    },
  },
];
