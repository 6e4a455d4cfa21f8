import type { StoreFault } from '#event-store';
import type { Damage } from './damage.ts';
import { damage } from './damage.ts';

const EXPLANATIONS: Readonly<Record<StoreFault['kind'], string>> = {
  TailCut: 'The store remembers newer events than it has: the newest were cut off.',
  CounterMoved: 'What the store remembers of the newest position it gave was changed by hand.',
  OutOfLog: 'An event stands where no reader of the log comes by: it was put there by hand.',
  Misfiled: 'An event is not where readers of a part of the log look for it.',
  TablesChanged: 'The tables of the file are not as this program made them, so they may say anything.',
  FileDamaged: 'The file of the store is damaged.',
};

/** What the store found wrong with itself, as damage of the log. */
export const storeDamages = (faults: readonly StoreFault[]): readonly Damage[] =>
  faults.map(({ kind, position, expected, found }) =>
    damage(
      kind === 'TailCut' ? 'TailCut' : 'StoreDamaged',
      { ...(position !== undefined && { position }) },
      { expected, found, explanation: EXPLANATIONS[kind] },
    ),
  );
