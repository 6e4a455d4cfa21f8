import type { TypeRegistry } from '../types/registry.ts';
import { pathsOf } from './openapi-paths.ts';
import type { Dialect } from './openapi-paths.ts';
import { schemasOf } from './openapi-schemas.ts';

const V2: Dialect = {
  parameter: (name, where, type) => ({ name, in: where, type, ...(where === 'path' ? { required: true } : {}) }),
  content: (schema, accepts) => ({
    ...(accepts.length > 0 ? { consumes: accepts } : {}),
    produces: ['application/json'],
    responses: { '200': { description: 'OK', schema: { $ref: `#/definitions/${schema}` } } },
  }),
};

/** OpenAPI v2 (Swagger) of everything served, for clients older than v3. */
export function openApiV2(types: TypeRegistry): object {
  return {
    swagger: '2.0',
    info: { title: 'Sandbox: simulates a Kubernetes cluster', version: 'v1.36.0+sandbox' },
    paths: Object.assign({}, ...types.all().map((type) => pathsOf(type, V2))) as object,
    definitions: schemasOf(types.all(), '#/definitions/'),
  };
}
