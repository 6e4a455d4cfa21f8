import type { ServedType } from '../types/served-type.ts';
import { basePath, kindExtension, schemaName } from './openapi-schemas.ts';

/** How one version of OpenAPI writes parameters, bodies and answers. */
export interface Dialect {
  readonly parameter: (name: string, where: 'query' | 'path', type: 'string' | 'integer' | 'boolean') => object;
  /** Body and answer of an operation; `accepts` are the media types of the body, none for no body. */
  readonly content: (schema: string, accepts: readonly string[]) => object;
}

const OBJECT = ['application/json', 'application/yaml'];
const PATCH = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json'];

type Parameter = readonly [name: string, type: 'string' | 'integer' | 'boolean'];
const WRITE: readonly Parameter[] = [
  ['dryRun', 'string'],
  ['fieldManager', 'string'],
  ['fieldValidation', 'string'],
];
const LIST: readonly Parameter[] = [
  ['allowWatchBookmarks', 'boolean'],
  ['continue', 'string'],
  ['fieldSelector', 'string'],
  ['labelSelector', 'string'],
  ['limit', 'integer'],
  ['resourceVersion', 'string'],
  ['resourceVersionMatch', 'string'],
  ['sendInitialEvents', 'boolean'],
  ['timeoutSeconds', 'integer'],
  ['watch', 'boolean'],
];
const DELETE: readonly Parameter[] = [
  ['dryRun', 'string'],
  ['gracePeriodSeconds', 'integer'],
  ['propagationPolicy', 'string'],
];

/** Paths of a type with their operations: what kubectl looks up before it applies, validates or explains. */
export function pathsOf(type: ServedType, dialect: Dialect): Record<string, object> {
  const base = basePath(type);
  const collection = type.namespaced ? `${base}/namespaces/{namespace}/${type.plural}` : `${base}/${type.plural}`;
  const path = (...names: string[]): object => ({
    parameters: names.map((name) => dialect.parameter(name, 'path', 'string')),
  });
  const namespace = type.namespaced ? ['namespace'] : [];
  return {
    [collection]: { ...collectionOperations(type, dialect), ...path(...namespace) },
    [`${collection}/{name}`]: { ...objectOperations(type, dialect, ''), ...path(...namespace, 'name') },
    ...(type.hasStatus
      ? { [`${collection}/{name}/status`]: { ...writes(type, dialect, 'Status'), ...path(...namespace, 'name') } }
      : {}),
    ...(type.namespaced ? { [`${base}/${type.plural}`]: { get: listing(type, dialect, 'ForAllNamespaces') } } : {}),
  };
}

function collectionOperations(type: ServedType, dialect: Dialect): object {
  return {
    get: listing(type, dialect, ''),
    post: operation(type, dialect, { action: 'post', verb: 'create', query: WRITE, accepts: OBJECT }),
    delete: operation(type, dialect, {
      action: 'deletecollection',
      verb: 'deleteCollection',
      query: [...LIST, ...DELETE],
    }),
  };
}

function objectOperations(type: ServedType, dialect: Dialect, suffix: string): object {
  return {
    ...writes(type, dialect, suffix),
    delete: operation(type, dialect, { action: 'delete', verb: 'delete', query: DELETE }),
  };
}

function writes(type: ServedType, dialect: Dialect, suffix: string): object {
  const force: Parameter = ['force', 'boolean'];
  const patch = type.custom ? PATCH : [...PATCH, 'application/strategic-merge-patch+json'];
  return {
    get: operation(type, dialect, { action: 'get', verb: 'read', query: [['resourceVersion', 'string']], suffix }),
    put: operation(type, dialect, { action: 'put', verb: 'replace', query: WRITE, accepts: OBJECT, suffix }),
    patch: operation(type, dialect, {
      action: 'patch',
      verb: 'patch',
      query: [...WRITE, force],
      accepts: patch,
      suffix,
    }),
  };
}

function listing(type: ServedType, dialect: Dialect, suffix: string): object {
  return operation(type, dialect, {
    action: 'list',
    verb: 'list',
    query: LIST,
    suffix,
    schema: schemaName({ ...type, kind: type.listKind }),
  });
}

function operation(
  type: ServedType,
  dialect: Dialect,
  what: {
    action: string;
    verb: string;
    query: readonly Parameter[];
    accepts?: readonly string[];
    suffix?: string;
    schema?: string;
  },
): object {
  const owner = `${type.group || 'core'}.${type.version}`.replaceAll(/(^|\W)(\w)/g, (_all, _gap, letter: string) =>
    letter.toUpperCase(),
  );
  return {
    operationId: `${what.verb}${owner}${type.kind}${what.suffix ?? ''}`,
    description: `${what.verb} ${type.kind}`,
    parameters: what.query.map(([name, kind]) => dialect.parameter(name, 'query', kind)),
    ...dialect.content(what.schema ?? schemaName(type), what.accepts ?? []),
    'x-kubernetes-action': what.action,
    ...kindExtension(type),
  };
}
