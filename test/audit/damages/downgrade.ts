import { createHash, getHashes } from 'node:crypto';
import type { Hashing } from '../meddling.ts';
import type { Case } from './damage.ts';
import { isSealLog } from './damage.ts';

const by =
  (name: string): Hashing =>
  (text) =>
    createHash(name).update(text).digest('hex');
const OTHERS = ['md5', 'sha1', 'sha224', 'sha512-256', 'sha3-256', 'blake2s256', 'sha512'].filter((name) =>
  getHashes().includes(name),
);
const unchained: Hashing = (text) => createHash('sha256').update(text.slice(64)).digest('hex');

export const DOWNGRADES: readonly Case[] = [
  ...[...OTHERS.map((name) => [name, by(name)] as const), ['sha256 without the event before', unchained] as const].map(
    ([name, hashing]): Case => ({
      damage: 'downgrade the algorithm',
      how: `${name}, to the end of the stream`,
      isVariant: true,
      expected: ({ at }) => [['AlgorithmDowngraded', at]],
      inflict: (meddler, { stream, revision }) => meddler.rechain(stream, revision, hashing),
    }),
  ),
  ...['algorithm', 'format'].map((field): Case => ({
    damage: 'downgrade the algorithm',
    how: `${field} of a seal or key, re-chained`,
    expected: (row) => (isSealLog(row) ? [['AlgorithmDowngraded', row.at]] : undefined),
    inflict: (meddler, { at, stream, revision }) => {
      const data = { ...(JSON.parse(meddler.row(at).data) as object), [field]: field === 'format' ? 0 : 'none' };
      meddler.set(at, { data: JSON.stringify(data) });
      meddler.rechain(stream, revision);
    },
  })),
];
