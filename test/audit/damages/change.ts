import type { DamageKind } from '#audit';
import type { Cells } from '../meddling.ts';
import { hashOf } from '../meddling.ts';
import type { Case } from './damage.ts';
import { isSealLog } from './damage.ts';

const changed = (how: string, change: (cells: Cells) => Partial<Cells>, kind: DamageKind = 'Changed'): Case => ({
  damage: 'change',
  how,
  isVariant: true,
  expected: ({ at }) => [[kind, at]],
  inflict: (meddler, { at }) => meddler.set(at, change(meddler.row(at))),
});

export const CHANGES: readonly Case[] = [
  changed('data', ({ data }) => ({ data: data.replace('{', '{"added":1,') })),
  changed('a space in data', ({ data }) => ({ data: data.replace(':', ': ') })),
  changed('who did it', ({ metadata }) => ({ metadata: metadata.replace('tester', 'nobody') })),
  changed('id', ({ id }) => ({ id: id.replace(/^./, (digit) => (digit === 'f' ? '0' : 'f')) })),
  changed('type', ({ type }) => ({ type: `${type}.` })),
  changed('schema version', () => ({ schema_version: 2 })),
  changed('stream', ({ stream }) => ({ stream: `${stream}0` })),
  changed('revision', ({ revision }) => ({ revision: revision + 5_000 })),
  changed('hash', ({ hash }) => ({ hash: hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) })),
  changed('previous hash', () => ({ previous_hash: 'a'.repeat(64) })),
  {
    ...changed('the hash made to fit, the next event left', () => ({})),
    isVariant: false,
    expected: (row, chart) => {
      const next = chart.next(row);
      const range = chart.rangeOf(row.at);
      if (isSealLog(row)) return [['SealBroken', row.at]];
      if (next !== undefined && (range === undefined || next.at <= range.to)) return [['Rechained', next.at]];
      return range === undefined ? [['Rewritten', row.at]] : [['Rewritten', range.from]];
    },
    inflict: (meddler, { at }) => {
      const row = { ...meddler.row(at), data: '{"n":-1}' };
      meddler.set(at, { data: row.data, hash: hashOf(row.previous_hash, row) });
    },
  },
  {
    ...changed('text moved from data to metadata, the hash still fits', () => ({})),
    isVariant: false,
    expected: (row) => (row.data['a'] === undefined ? undefined : [['Changed', row.at]]),
    inflict: (meddler, { at }) => {
      // What was hashed is data, id and metadata one after the other: the same text, cut elsewhere.
      const { data, id, metadata } = meddler.row(at);
      const [before, within, after] = /^(.*),"id":"([^"]+)","metadata":(.*)$/.exec(data)!.slice(1) as [
        string,
        string,
        string,
      ];
      meddler.set(at, { data: before, id: within, metadata: `${after},"id":"${id}","metadata":${metadata}` });
      const moved = meddler.row(at);
      if (hashOf(moved.previous_hash, moved) !== moved.hash) throw new Error('expected a hash that still fits');
    },
  },
];
