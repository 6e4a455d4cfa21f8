import { createHash } from 'node:crypto';
import type { Meddler } from '../meddling.ts';
import { hashOf } from '../meddling.ts';
import type { Row } from '../sealed-log.ts';
import type { Case } from './damage.ts';
import { isSealLog } from './damage.ts';

/** Puts an event after a row, into its stream, moving everything behind it. */
function inserted(meddler: Meddler, row: Row): void {
  const like = meddler.row(row.at);
  meddler.makeRoom(row.at + 1);
  meddler.run('UPDATE events SET revision = -revision WHERE stream = ? AND revision > ?', row.stream, row.revision);
  meddler.run('UPDATE events SET revision = 1 - revision WHERE stream = ? AND revision < 0', row.stream);
  const forged = {
    ...like,
    position: row.at + 1,
    revision: row.revision + 1,
    id: crypto.randomUUID(),
    data: '{"n":-1}',
  };
  meddler.insert({ ...forged, previous_hash: like.hash, hash: hashOf(like.hash, forged) });
  meddler.setCounter();
}

export const INSERTIONS: readonly Case[] = [
  {
    damage: 'insert',
    how: 'an event into its stream, chained to the one before',
    expected: (row, chart) => {
      if (isSealLog(row)) return [['SealBroken', row.at + 1]];
      const next = chart.next(row);
      // A range that gets one event too many ends one event early; after its last event, that is the next range.
      const range =
        chart.rangeOf(row.at) &&
        (chart.rangeOf(row.at)!.to > row.at ? chart.rangeOf(row.at) : chart.rangeOf(row.at + 1));
      if (next !== undefined && (range === undefined || next.at < range.to)) return [['Inserted', next.at + 1]];
      // An event at the end of a stream, after the last seal, is what an append is.
      return range === undefined ? undefined : [['Rewritten', range.from]];
    },
    inflict: inserted,
  },
  {
    damage: 'insert',
    how: 'an event of a new stream, with a hash out of the air',
    expected: ({ at }) => [['Changed', at + 1]],
    inflict: (meddler, { at }) => {
      const like = meddler.row(at);
      meddler.makeRoom(at + 1);
      const forged = {
        ...like,
        position: at + 1,
        revision: 0,
        stream: 'workflowexecution-forged',
        category: 'workflowexecution',
      };
      meddler.insert({
        ...forged,
        previous_hash: '0'.repeat(64),
        hash: createHash('sha256').update('air').digest('hex'),
      });
      meddler.setCounter();
    },
  },
  {
    damage: 'insert',
    how: 'an event a second time',
    expected: (_, { log }) => [['Duplicated', log.rows.length + 1]],
    inflict: (meddler, { at }) => {
      meddler.run('DROP INDEX events_by_stream');
      meddler.insert({ ...meddler.row(at), position: meddler.all().length + 1 });
      meddler.setCounter();
    },
  },
];
