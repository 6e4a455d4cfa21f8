import { createHash, getHashes } from 'node:crypto';
import type { DamageKind } from '#audit';
import { merkleRoot, SEAL_STREAM } from '#event-store';
import type { Cells, Hashing, Meddler } from './meddling.ts';
import { hashOf } from './meddling.ts';
import type { Chart, Place } from './places.ts';
import type { Row } from './sealed-log.ts';

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

const isSealLog = ({ stream }: Row): boolean => stream === SEAL_STREAM;
const first = (...found: readonly (readonly [DamageKind, number] | undefined)[]): Expected => {
  const there = found.filter((each) => each !== undefined).sort((a, b) => a[1] - b[1]);
  return there.slice(0, 1);
};

/** What resources show tells of the newest events, when nothing else does. */
const seenByWitness = (row: Row, chart: Chart): Expected =>
  isSealLog(row) ? [['RolledBack']] : [[chart.stream(row.stream).length === 1 ? 'StreamMissing' : 'TailCut']];

// ---- change

const changed = (how: string, change: (cells: Cells) => Partial<Cells>, kind: DamageKind = 'Changed'): Case => ({
  damage: 'change',
  how,
  isVariant: true,
  expected: ({ at }) => [[kind, at]],
  inflict: (meddler, { at }) => meddler.set(at, change(meddler.row(at))),
});

const CHANGES: readonly Case[] = [
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

// ---- delete

/** What shows when events are gone and everything was numbered anew. */
function goneWithoutGap(row: Row, chart: Chart): Expected {
  const next = chart.next(row);
  const range = chart.rangeOf(row.at);
  const shown = first(next && ['Missing', next.at - 1], range && ['Missing', range.sealAt - 1]);
  return shown.length > 0 ? shown : seenByWitness(row, chart);
}

const DELETIONS: readonly Case[] = [
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

// ---- insert

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

const INSERTIONS: readonly Case[] = [
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

// ---- reorder

const REORDERINGS: readonly Case[] = [
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

// ---- cut, empty, swap

const CUTS: readonly Case[] = [
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

const EMPTIED: readonly Case[] = [
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

const SWAPS: readonly Case[] = [
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

// ---- re-chain, downgrade, blank

const asRewritten = (row: Row, chart: Chart): Expected => {
  const range = chart.rangeOf(row.at);
  if (isSealLog(row)) return [['SealBroken', row.at]];
  return range === undefined ? [['Rewritten']] : [['Rewritten', range.from]];
};

const RECHAINED: readonly Case[] = [
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

const by =
  (name: string): Hashing =>
  (text) =>
    createHash(name).update(text).digest('hex');
const OTHERS = ['md5', 'sha1', 'sha224', 'sha512-256', 'sha3-256', 'blake2s256', 'sha512'].filter((name) =>
  getHashes().includes(name),
);
const unchained: Hashing = (text) => createHash('sha256').update(text.slice(64)).digest('hex');

const DOWNGRADES: readonly Case[] = [
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

const BLANKS: readonly Case[] = [
  ...(['data', 'metadata'] as const).flatMap((part) =>
    ['{}', ''].map((blank): Case => ({
      damage: 'blank a payload',
      how: `${part} as ${blank === '' ? 'nothing' : blank}`,
      isVariant: true,
      // No data, and no archive that has it: nothing the service writes looks so.
      expected: ({ at }) => [[part === 'data' && blank === '' ? 'Unreadable' : 'Changed', at]],
      inflict: (meddler, { at }) => meddler.set(at, { [part]: blank }),
    })),
  ),
  {
    damage: 'blank a payload',
    how: 'data as {}, re-chained',
    expected: asRewritten,
    inflict: (meddler, { at, stream, revision }) => {
      meddler.set(at, { data: '{}' });
      meddler.rechain(stream, revision);
    },
  },
];

export const CASES: readonly Case[] = [
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
