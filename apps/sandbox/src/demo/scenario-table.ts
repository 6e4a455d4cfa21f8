import Table from 'cli-table3';
import { SCENARIOS } from '../tekton/index.ts';

/** What the scripted Tekton plays, by bundle reference. */
export function scenarioTable(): string {
  const table = new Table({
    head: ['spec.workflowRef.containerImage', 'what happens'],
    colWidths: [36, 84],
    wordWrap: true,
  });
  for (const { reference, title } of SCENARIOS) table.push([reference, title]);
  return table.toString();
}
