import type { components } from '../api/schema.ts';
import { clean } from '../render/clean.ts';
import type { Session } from '../session.ts';
import { print, type Form } from './command.ts';

export type Ordered = components['schemas']['CommandAnswer'];

/** What a command to an execution recorded. */
export function printOrdered(session: Session, form: Form, ordered: Ordered): void {
  const { executionId, resource, revision, recorded } = ordered;
  const what = recorded.length === 0 ? 'nothing new' : `${recorded.map(clean).join(', ')} (revision ${revision})`;
  print(session, form, ordered, {
    text: () => `${clean(`${resource.namespace}/${resource.name}`)} (${clean(executionId)}): ${what}\n`,
    names: () => [executionId],
  });
}
