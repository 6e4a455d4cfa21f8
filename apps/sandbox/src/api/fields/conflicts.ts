import { sameJson } from '../../store/object.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../store/object.ts';
import type { Schema } from '../schema/schema.ts';
import { ApiError } from '../status.ts';
import { CONTAINER, elementsOf, fieldsOf } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import type { Ownership } from './managed-fields.ts';

/** A field that somebody else owns and the wish would change. */
export interface Conflict {
  readonly owner: Ownership;
  readonly path: string;
}

export function conflictsOf(
  live: KubeObject,
  wished: FieldSet,
  others: readonly Ownership[],
  schema: Schema,
): Conflict[] {
  const now = fieldsOf(live, schema, true);
  const changed = [...wished].filter(([path, value]) => isChange(now.get(path), value)).map(([path]) => path);
  return others.flatMap((owner) => changed.filter((path) => owner.paths.has(path)).map((path) => ({ owner, path })));
}

/** To wish for an empty container where there is one with something in it changes nothing. */
function isChange(now: unknown, wished: unknown): boolean {
  if (wished === CONTAINER || (now === CONTAINER && isEmpty(wished))) return false;
  return !sameJson(now, wished);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** The other owners after a forced apply took the disputed fields from them. */
export function withoutConflicts(others: readonly Ownership[], conflicts: readonly Conflict[]): Ownership[] {
  return others.map((owner) => {
    const lost = new Set(conflicts.filter((conflict) => conflict.owner === owner).map(({ path }) => path));
    return { entry: owner.entry, paths: new Set([...owner.paths].filter((path) => !lost.has(path))) };
  });
}

export function conflictError(conflicts: readonly Conflict[]): ApiError {
  const causes = conflicts
    .map(({ owner, path }) => ({ owner, field: readable(path) }))
    .sort((a, b) => (a.field < b.field ? -1 : 1))
    .map(({ owner, field }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${nameOf(owner.entry)}`,
      field,
    }));
  const [only] = causes;
  const noun = causes.length === 1 ? 'conflict' : 'conflicts';
  const list = causes.length === 1 && only ? `${only.message}: ${only.field}` : listed(causes);
  return new ApiError(409, 'Conflict', `Apply failed with ${causes.length} ${noun}: ${list}`, { causes });
}

function listed(causes: readonly { message: string; field: string }[]): string {
  const owners = [...new Set(causes.map(({ message }) => message))];
  return owners
    .map((owner) => {
      const fields = causes.filter(({ message }) => message === owner).map(({ field }) => `- ${field}`);
      return `${owner.replace('conflict with', 'conflicts with')}:\n${fields.join('\n')}`;
    })
    .join('\n');
}

function nameOf({ manager = '', operation, apiVersion = '', subresource }: ManagedFieldsEntry): string {
  const through = subresource === undefined ? '' : ` with subresource "${subresource}"`;
  return `"${manager}"${through}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}

/** f:spec, f:items, k:{"key":"x"}, f:value as .spec.items[key="x"].value. */
function readable(path: string): string {
  return elementsOf(path)
    .map((element) => {
      const text = element.slice(2);
      if (element.startsWith('f:')) return `.${text}`;
      if (element.startsWith('v:')) return `[=${text}]`;
      const keys = Object.entries(JSON.parse(text) as Record<string, unknown>);
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}
