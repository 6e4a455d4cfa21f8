import type { ExpectedRevision } from './port.ts';

/** What becomes of an append: written from `revision` on, found to be there already from `revision` on, or refused. */
export type Placement =
  | { readonly kind: 'append'; readonly revision: number }
  | { readonly kind: 'repeated'; readonly revision: number }
  | { readonly kind: 'conflict'; readonly actual: number | 'none' };

/** The stream as the decision needs it. */
export interface StreamEnd {
  /** Last revision, -1 when the stream does not exist. */
  readonly last: number;
  idAt(revision: number): string | undefined;
}

/**
 * Decides by expected revision and event ids, as KurrentDB does for 'none' and exact revisions: an append whose place is
 * taken is a repetition exactly when its ids are the ones at that place, all of them. A prefix of what was appended
 * is a repetition too; a partial overlap or a superset is a conflict. Content is not compared.
 */
export function placementOf(expected: ExpectedRevision, ids: readonly string[], stream: StreamEnd): Placement {
  const { last } = stream;
  const actual = last < 0 ? 'none' : last;
  if (expected === 'any') return { kind: 'append', revision: last + 1 };
  if (expected === 'exists') {
    return last < 0 ? { kind: 'conflict', actual } : { kind: 'append', revision: last + 1 };
  }
  const revision = expected === 'none' ? 0 : expected + 1;
  if (revision === last + 1) return { kind: 'append', revision };
  if (revision + ids.length > last + 1) return { kind: 'conflict', actual };
  const isRepetition = ids.every((id, index) => stream.idAt(revision + index) === id);
  return isRepetition ? { kind: 'repeated', revision } : { kind: 'conflict', actual };
}
