import type { Schema } from '../schema/schema.ts';
import { compileValidation } from '../schema/validate.ts';
import { columnsOf } from '../table/columns.ts';
import type { ServedType } from './served-type.ts';

/** A type served without a definition: namespaced, and without anything special. */
export function builtin(group: string, version: string, plural: string, kind: string, schema: Schema): ServedType {
  return {
    group,
    version,
    plural,
    kind,
    singular: kind.toLowerCase(),
    listKind: `${kind}List`,
    shortNames: [],
    categories: [],
    namespaced: true,
    collection: `${group}/${plural}`,
    custom: false,
    countsGenerations: false,
    hasStatus: false,
    schema,
    validate: compileValidation(schema),
    columns: columnsOf(undefined),
    selectable: [],
  };
}
