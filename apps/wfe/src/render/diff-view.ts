import type { Diff } from '../api/answers.ts';
import { clean } from './clean.ts';
import type { Layout } from './table.ts';
import { stamp, type Times } from './times.ts';

type Change = Diff['changes'][number];

/** What changed, as diff prints it: the two points, then every field with what it was and what it became. */
export function diffView({ from, to, changes }: Diff, times: Times, { colours }: Layout): string {
  const point = ({ revision, time }: Diff['to']): string =>
    `revision ${revision} at ${stamp(times, time, 'milliseconds')}`;
  const heads = `${colours.red(`--- ${from === undefined ? 'before the first event' : point(from)}`)}\n${colours.green(`+++ ${point(to)}`)}\n`;
  const lines = changes.map((change) => {
    const before = change.kind === 'added' ? '' : `${colours.red(`  - ${valueOf(change, 'before')}`)}\n`;
    const after = change.kind === 'removed' ? '' : `${colours.green(`  + ${valueOf(change, 'after')}`)}\n`;
    return `${colours.bold(clean(change.path))}\n${before}${after}`;
  });
  return heads + lines.join('');
}

const valueOf = (change: Change, side: 'before' | 'after'): string => {
  const value = change[side];
  return clean(typeof value === 'string' ? value : JSON.stringify(value ?? null));
};
