import { omit } from '../../store/object.ts';
import type { KubeObject } from '../../store/object.ts';
import type { Schema } from '../schema/schema.ts';
import { compileValidation } from '../schema/validate.ts';
import { columnsOf } from '../table/columns.ts';
import type { PrinterColumn } from '../table/columns.ts';
import { compilePath } from '../table/json-path.ts';
import type { SelectableField, ServedType } from './served-type.ts';

/** The parts of a CustomResourceDefinition that decide what is served. */
export interface Definition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: DefinitionNames;
    readonly versions: readonly DefinitionVersion[];
  };
}

export interface DefinitionNames {
  readonly plural: string;
  readonly singular?: string;
  readonly kind: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly schema?: { readonly openAPIV3Schema?: Schema };
  readonly subresources?: { readonly status?: object; readonly scale?: object };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

/** The types that an accepted definition serves, the preferred version first. */
export function servedBy({ spec }: Definition): ServedType[] {
  const { names, group } = spec;
  const served = spec.versions.filter((version) => version.served);
  return served.map((version) => {
    const schema = withoutEnvelope(version.schema?.openAPIV3Schema ?? {});
    return {
      group,
      version: version.name,
      plural: names.plural,
      kind: names.kind,
      singular: names.singular ?? names.kind.toLowerCase(),
      listKind: names.listKind ?? `${names.kind}List`,
      shortNames: names.shortNames ?? [],
      categories: names.categories ?? [],
      namespaced: spec.scope === 'Namespaced',
      collection: `${group}/${names.plural}`,
      custom: true,
      countsGenerations: true,
      hasStatus: version.subresources?.status !== undefined,
      schema,
      validate: compileValidation(schema),
      columns: columnsOf(version.additionalPrinterColumns),
      selectable: (version.selectableFields ?? []).map(({ jsonPath }) => selectable(jsonPath)),
    };
  });
}

/** apiVersion, kind and metadata are checked apart, for every type alike. */
function withoutEnvelope(schema: Schema): Schema {
  return { ...schema, properties: omit(schema.properties ?? {}, 'apiVersion', 'kind', 'metadata') };
}

export function selectable(jsonPath: string): SelectableField {
  const read = compilePath(jsonPath);
  return {
    path: jsonPath.replace(/^\./, ''),
    read: (object) => {
      const [value] = read(object);
      return isPlain(value) ? String(value) : '';
    },
  };
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
