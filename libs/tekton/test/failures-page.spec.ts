import { readFileSync } from 'node:fs';
import type { FailureReason } from '#execution';
import { nextStep } from '../../execution/src/summary.ts';
import { RUN_CAUSES } from '../src/run-causes.ts';
import { TASK_CAUSES } from '../src/task-causes.ts';
import { ROWS } from './captures-table.ts';
import { Edited } from './edited.ts';

const PAGE = readFileSync(new URL('../../../../docs/failures.md', import.meta.url), 'utf8');

function section(title: string): string {
  const found = PAGE.split(/^## /m).find((part) => part.startsWith(`${title}\n`));
  if (found === undefined) throw new Error(`docs/failures.md has no section "${title}"`);
  return found;
}

/** Cells of a section's table, without its head. */
const rows = (title: string): string[][] =>
  section(title)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll('`', '')));

const SAYS_NOTHING = 'it did not work';

describe('docs/failures.md', () => {
  test('has every reason that there is, each once, with the next step that the summary would give', () => {
    const told = rows('Reasons').map((cells) => [cells[0], cells.at(-1)]);
    expect(told).toEqual(told.map(([reason]) => [reason, nextStep(reason as FailureReason)]));
    expect(told).toHaveLength(11);
    expect(new Set(told.map(([reason]) => reason)).size).toBe(11);
    for (const cells of rows('Reasons')) expect(cells.filter((cell) => cell === '')).toEqual([]);
  });

  test('has every condition reason of a PipelineRun that is a cause of its own, with what it leads to', () => {
    const verdicts = Object.keys(RUN_CAUSES).map((reason) => {
      return [reason, new Edited('pending').runSays(reason, SAYS_NOTHING).failure().reason];
    });
    expect(rows('Condition reasons of a PipelineRun')).toEqual(verdicts);
  });

  test('has every condition reason of a failed TaskRun, with what it leads to', () => {
    const verdicts = Object.keys(TASK_CAUSES).map((reason) => {
      return [reason, new Edited('pending').runSays('Failed').taskSays('work', reason, SAYS_NOTHING).failure().reason];
    });
    expect(rows('Condition reasons of a TaskRun')).toEqual(verdicts);
  });

  test('lists exactly the recorded runs whose cause Tekton leaves open, with what is open', () => {
    const open = Object.entries(ROWS).flatMap(([scenario, row]) =>
      row.open === undefined ? [] : [`- \`${scenario}\`: ${row.reason ?? 'no end'}; ${row.open}.`],
    );
    const listed = section('Where Tekton leaves the cause open')
      .replaceAll('\n  ', ' ')
      .split('\n')
      .filter((line) => line.startsWith('- '));
    expect(listed.sort()).toEqual(open.sort());
  });
});
