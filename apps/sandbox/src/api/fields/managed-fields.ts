import { sameJson } from '../../store/object.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../store/object.ts';
import { timestamp } from '../context.ts';
import { apiVersionOf } from '../types/served-type.ts';
import type { ServedType } from '../types/served-type.ts';
import { CONTAINER, fieldsOf } from './field-set.ts';
import { fromFieldsV1, toFieldsV1 } from './fields-v1.ts';

/** Who owns which fields, by whom they were last set. */
export interface Ownership {
  readonly entry: ManagedFieldsEntry;
  readonly paths: Set<string>;
}

export interface Author {
  readonly manager: string;
  readonly subresource?: string;
  readonly now: Date;
}

export function ownershipsOf(object: KubeObject | undefined): Ownership[] {
  return (object?.metadata.managedFields ?? []).map((entry) => ({ entry, paths: fromFieldsV1(entry.fieldsV1) }));
}

/**
 * managedFields after a create, update or plain patch: what changed now belongs to its author and to nobody else.
 * A client may send its own list, to clear or migrate it; `object` then carries it.
 */
export function updatedBy(
  object: KubeObject,
  previous: KubeObject | undefined,
  type: ServedType,
  author: Author,
): ManagedFieldsEntry[] {
  const given = object.metadata.managedFields;
  const before = ownershipsOf(previous === undefined || isReset(given, previous) ? object : previous);
  // An object whose owners were cleared has none until somebody applies it.
  if (previous !== undefined && before.length === 0) return [];
  const changes = changesBetween(previous, object, type);
  if (previous !== undefined && changes.taken.size === 0 && changes.lost.size === 0) return entriesOf(before);
  const others = before.map(({ entry, paths }) =>
    owned(entry, paths, changes.lost, author, isAuthor(entry, type, author)),
  );
  return entriesOf(withAuthor(others, changes.taken, type, author));
}

/** True when the request replaced managedFields on purpose (an absent list means "as it was"). */
function isReset(given: ManagedFieldsEntry[] | undefined, previous: KubeObject): boolean {
  return given !== undefined && !sameJson(given, previous.metadata.managedFields);
}

/** Paths that got a new value or appeared (`taken`), and those that changed or vanished (`lost` to others). */
function changesBetween(
  previous: KubeObject | undefined,
  object: KubeObject,
  type: ServedType,
): { taken: Set<string>; lost: Set<string> } {
  const before = previous === undefined ? new Map<string, unknown>() : fieldsOf(previous, type.schema, true);
  const after = fieldsOf(object, type.schema, true);
  const taken = new Set<string>();
  const lost = new Set<string>();
  for (const [path, value] of after) {
    if (!before.has(path)) taken.add(path);
    else if (!sameValue(before.get(path), value)) {
      taken.add(path);
      lost.add(path);
    }
  }
  for (const path of before.keys()) if (!after.has(path)) lost.add(path);
  return { taken, lost };
}

/** A container that became empty or filled is the same field; only leaves have values to compare. */
function sameValue(a: unknown, b: unknown): boolean {
  return a === CONTAINER || b === CONTAINER || sameJson(a, b);
}

function owned(
  entry: ManagedFieldsEntry,
  paths: Set<string>,
  lost: ReadonlySet<string>,
  author: Author,
  isAuthors: boolean,
): Ownership {
  const kept = new Set([...paths].filter((path) => !lost.has(path)));
  if (kept.size === paths.size || isAuthors) return { entry, paths: kept };
  return { entry: { ...entry, time: timestamp(author.now) }, paths: kept };
}

function isAuthor(entry: ManagedFieldsEntry, type: ServedType, author: Author): boolean {
  return (
    entry.operation === 'Update' &&
    entry.manager === author.manager &&
    entry.apiVersion === apiVersionOf(type) &&
    entry.subresource === author.subresource
  );
}

function withAuthor(others: Ownership[], taken: Set<string>, type: ServedType, author: Author): Ownership[] {
  const mine = others.find(({ entry }) => isAuthor(entry, type, author));
  const rest = others.filter((ownership) => ownership !== mine);
  const entry = entryOf('Update', type, author);
  return [...rest, { entry, paths: new Set([...(mine?.paths ?? []), ...taken]) }];
}

export function entryOf(operation: 'Apply' | 'Update', type: ServedType, author: Author): ManagedFieldsEntry {
  return {
    manager: author.manager,
    operation,
    apiVersion: apiVersionOf(type),
    time: timestamp(author.now),
    fieldsType: 'FieldsV1',
    ...(author.subresource === undefined ? {} : { subresource: author.subresource }),
  };
}

/** The list as it is stored: no empty entries, applies first, then by time and manager. */
export function entriesOf(ownerships: readonly Ownership[]): ManagedFieldsEntry[] {
  return ownerships
    .filter(({ paths }) => paths.size > 0)
    .map(({ entry, paths }) => ({ ...entry, fieldsV1: toFieldsV1(paths) }))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey({
  operation = '',
  time = '',
  manager = '',
  apiVersion = '',
  subresource = '',
}: ManagedFieldsEntry): string {
  return [operation, time, manager, apiVersion, subresource].join(' ');
}
