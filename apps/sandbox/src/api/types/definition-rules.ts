import { isFields, sameJson } from '../../store/object.ts';
import type { Fields, KubeObject } from '../../store/object.ts';
import { ruleProblems } from '../schema/cel-rules.ts';
import { compileSchema } from '../schema/json-schema.ts';
import { compilePath } from '../table/json-path.ts';
import type { Schema } from '../schema/schema.ts';
import type { Cause } from '../status.ts';
import type { Definition } from './definition.ts';

export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

/** What the sandbox cannot serve of a definition, in the API server's words. An empty list: it can be served. */
export function definitionProblems(object: unknown): Cause[] {
  if (!isFields(object) || !isFields(object['spec'])) return [required('spec')];
  const spec = object['spec'];
  const missing = ['group', 'scope', 'names', 'versions'].filter((field) => spec[field] === undefined);
  if (missing.length > 0) return missing.map((field) => required(`spec.${field}`));
  const definition = object as unknown as Definition;
  return [...nameProblems(definition), ...scopeProblems(definition), ...versionProblems(definition)];
}

function nameProblems({ metadata, spec }: Definition): Cause[] {
  if (typeof spec.names.plural !== 'string') return [required('spec.names.plural')];
  if (typeof spec.names.kind !== 'string') return [required('spec.names.kind')];
  if (metadata.name === `${spec.names.plural}.${spec.group}`) return [];
  return [wrong('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')];
}

function scopeProblems({ spec }: Definition): Cause[] {
  if (spec.scope === 'Namespaced' || spec.scope === 'Cluster') return [];
  const message = `Unsupported value: ${JSON.stringify(spec.scope)}: supported values: "Cluster", "Namespaced"`;
  return [{ reason: 'FieldValueNotSupported', message, field: 'spec.scope' }];
}

function versionProblems({ spec }: Definition): Cause[] {
  const stored = spec.versions.filter(({ storage }) => storage);
  const storage =
    stored.length === 1
      ? []
      : [wrong('spec.versions', spec.versions, 'must have exactly one version marked as storage version')];
  const versions = spec.versions.flatMap((version, index) => {
    const schema = version.schema?.openAPIV3Schema;
    const path = `spec.versions[${index}].schema.openAPIV3Schema`;
    if (schema === undefined) return [required(path)];
    const paths = [...(version.additionalPrinterColumns ?? []), ...(version.selectableFields ?? [])];
    return [
      ...schemaProblems(schema, spec.versions.length === 1 ? 'spec.validation.openAPIV3Schema' : path),
      ...paths.flatMap(({ jsonPath }) => pathProblems(jsonPath, `spec.versions[${index}]`)),
    ];
  });
  return [...storage, ...versions];
}

function schemaProblems(schema: Schema, path: string): Cause[] {
  if (schema.type !== 'object') return [wrong(`${path}.type`, schema.type ?? '', 'must be object at the root')];
  try {
    compileSchema(schema);
  } catch (error) {
    return [wrong(path, '', error instanceof Error ? error.message : String(error))];
  }
  return ruleProblems(schema, path);
}

function pathProblems(jsonPath: string, path: string): Cause[] {
  try {
    compilePath(jsonPath);
    return [];
  } catch (error) {
    return [wrong(path, jsonPath, error instanceof Error ? error.message : String(error))];
  }
}

function required(field: string): Cause {
  return { reason: 'FieldValueRequired', message: 'Required value', field };
}

function wrong(field: string, value: unknown, problem: string): Cause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${problem}`, field };
}

/** Fills in names and status: in the sandbox a definition is established as soon as it is stored. */
export function completeDefinition(object: KubeObject, previous: KubeObject | undefined, now: Date): KubeObject {
  if (definitionProblems(object).length > 0) return object;
  const { spec, metadata } = object as Definition;
  const names = {
    ...spec.names,
    singular: spec.names.singular ?? spec.names.kind.toLowerCase(),
    listKind: spec.names.listKind ?? `${spec.names.kind}List`,
  };
  const { deletionTimestamp, finalizers = [] } = metadata;
  // Held until its objects are gone, from the moment it is deleted.
  const held = deletionTimestamp !== undefined && previous?.metadata.deletionTimestamp === undefined;
  return {
    ...object,
    metadata: held ? { ...metadata, finalizers: [...finalizers, CLEANUP_FINALIZER] } : metadata,
    spec: { conversion: { strategy: 'None' }, ...spec, names },
    status: statusOf(previous, names, spec.versions.find(({ storage }) => storage)?.name ?? '', now),
  };
}

function statusOf(previous: KubeObject | undefined, names: object, storageVersion: string, now: Date): Fields {
  const before = isFields(previous?.['status']) ? previous['status'] : undefined;
  const stored = Array.isArray(before?.['storedVersions']) ? before['storedVersions'].map(String) : [];
  const time = `${now.toISOString().slice(0, 19)}Z`;
  const conditions = [
    {
      lastTransitionTime: time,
      message: 'no conflicts found',
      reason: 'NoConflicts',
      status: 'True',
      type: 'NamesAccepted',
    },
    {
      lastTransitionTime: time,
      message: 'the initial names have been accepted',
      reason: 'InitialNamesAccepted',
      status: 'True',
      type: 'Established',
    },
  ];
  return {
    acceptedNames: sameJson(before?.['acceptedNames'], names) ? before?.['acceptedNames'] : names,
    conditions: before?.['conditions'] ?? conditions,
    storedVersions: [...new Set([...stored, storageVersion])],
  };
}
