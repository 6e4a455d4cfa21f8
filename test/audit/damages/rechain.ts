import { merkleRoot, SEAL_STREAM } from '#event-store';
import type { Case } from './damage.ts';
import { asRewritten, isSealLog } from './damage.ts';

export const RECHAINED: readonly Case[] = [
  {
    damage: 're-chain without the key',
    how: 'changed, its stream hashed anew to the end',
    expected: asRewritten,
    inflict: (meddler, { at, stream, revision }) => {
      meddler.set(at, { data: '{"n":-1}' });
      meddler.rechain(stream, revision);
    },
  },
  {
    damage: 're-chain without the key',
    how: 'changed, re-chained, and the seal over it given the new root',
    expected: (row, chart) => {
      const range = chart.rangeOf(row.at);
      return range === undefined || isSealLog(row) ? undefined : [['SealBroken', range.sealAt]];
    },
    inflict: (meddler, row, chart) => {
      meddler.set(row.at, { data: '{"n":-1}' });
      meddler.rechain(row.stream, row.revision);
      const { from, to, sealAt } = chart.rangeOf(row.at)!;
      const root = merkleRoot(
        meddler
          .all()
          .slice(from - 1, to)
          .map(({ hash }) => hash),
      );
      const seal = meddler.row(sealAt);
      meddler.set(sealAt, { data: seal.data.replace(/"root":"\w+"/, `"root":"${root}"`) });
      meddler.rechain(SEAL_STREAM, seal.revision);
    },
  },
];
