import type { KubeObject, ManagedFieldsEntry } from '../../store/object.ts';
import { apiVersionOf } from '../types/served-type.ts';
import type { ServedType } from '../types/served-type.ts';
import { mergedWith } from './apply-merge.ts';
import { conflictError, conflictsOf, withoutConflicts } from './conflicts.ts';
import { fieldsOf } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import { entriesOf, entryOf, ownershipsOf } from './managed-fields.ts';
import type { Author, Ownership } from './managed-fields.ts';

/** What an apply makes of a live object. */
export interface Applied {
  readonly object: KubeObject;
  readonly managedFields: ManagedFieldsEntry[];
}

/** @throws ApiError 409 naming the fields of others that the wish would change, unless forced */
export function applied(live: KubeObject, wish: KubeObject, type: ServedType, author: Author, force: boolean): Applied {
  const wished = fieldsOf(wish, type.schema, false);
  const owners = ownersOf(live, type, author);
  const mine = owners.find(({ entry }) => isEntryOf(entry, type, author));
  const others = owners.filter((owner) => owner !== mine);
  const conflicts = conflictsOf(live, wished, others, type.schema);
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);
  const claims = { wished, formerly: mine?.paths ?? new Set<string>(), others: withoutConflicts(others, conflicts) };
  const object = mergedWith(live, wish, claims, type.schema);
  const left = fieldsOf(object, type.schema, true);
  const still = claims.others.map((owner) => ({ ...owner, paths: intersection(owner.paths, left) }));
  const entry = mine && sameMembers(mine.paths, wished) ? mine.entry : entryOf('Apply', type, author);
  return { object, managedFields: entriesOf([...still, { entry, paths: new Set(wished.keys()) }]) };
}

/** Fields of an object that nobody owns are taken to be somebody's from before. */
function ownersOf(live: KubeObject, type: ServedType, author: Author): Ownership[] {
  const owners = ownershipsOf(live);
  if (owners.length > 0) return owners;
  const before: Author = { manager: 'before-first-apply', now: author.now };
  return [{ entry: entryOf('Update', type, before), paths: new Set(fieldsOf(live, type.schema, true).keys()) }];
}

function isEntryOf(entry: ManagedFieldsEntry, type: ServedType, author: Author): boolean {
  return (
    entry.operation === 'Apply' &&
    entry.manager === author.manager &&
    entry.apiVersion === apiVersionOf(type) &&
    entry.subresource === author.subresource
  );
}

/** What is gone belongs to nobody. */
function intersection(paths: ReadonlySet<string>, left: FieldSet): Set<string> {
  return new Set([...paths].filter((path) => left.has(path)));
}

function sameMembers(paths: ReadonlySet<string>, wished: FieldSet): boolean {
  return paths.size === wished.size && [...wished.keys()].every((path) => paths.has(path));
}
