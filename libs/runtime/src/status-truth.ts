import type { ExecutionStatus } from '#execution';
import { same, statusOf } from '#execution';
import type { Executions } from './executions.ts';

/**
 * Fields of a status that somebody edited while nobody of us looked: they say of the event the status names what the log
 * does not. Only what means the same in every version is compared, so that a new version's words are nobody's edit.
 */
export async function editedFields(
  id: string,
  shown: Partial<ExecutionStatus> | undefined,
  executions: Pick<Executions, 'loadWhile'>,
): Promise<readonly string[]> {
  if (shown === undefined || Object.keys(shown).length === 0) return []; // perhaps it was never written
  const revision = shown.execution?.lastEvent?.revision;
  if (typeof revision !== 'number' || shown.execution?.id !== id) return ['execution'];
  const { execution, last } = await executions.loadWhile(id, (event) => event.revision <= revision);
  const told = last && statusOf(execution, { revision: last.revision, type: last.type, hash: last.hash });
  if (told === undefined) return ['execution'];
  const [found, expected] = [meaningOf(shown), meaningOf(told)];
  return Object.keys(expected).filter((field) => !same(found[field] ?? null, expected[field] ?? null));
}

const meaningOf = ({ phase, outcome, execution, lock, pipelineRunRef }: Partial<ExecutionStatus>) =>
  ({ phase, outcome, execution, lock: lock?.state, pipelineRunRef: pipelineRunRef?.uid }) as Record<string, unknown>;
