import type { Case } from './damage.ts';
import { asRewritten } from './damage.ts';

export const BLANKS: readonly Case[] = [
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
