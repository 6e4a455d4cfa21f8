import { createHash } from 'node:crypto';
import type { TypeRegistry } from '../types/registry.ts';
import { pathsOf } from './openapi-paths.ts';
import type { Dialect } from './openapi-paths.ts';
import { schemasOf } from './openapi-schemas.ts';

const V3: Dialect = {
  parameter: (name, where, type) => ({
    name,
    in: where,
    schema: { type },
    ...(where === 'path' ? { required: true } : {}),
  }),
  content: (schema, accepts) => {
    const content = { schema: { $ref: `#/components/schemas/${schema}` } };
    const body = { content: Object.fromEntries(accepts.map((media) => [media, content])) };
    return {
      ...(accepts.length > 0 ? { requestBody: { ...body, required: true } } : {}),
      responses: { '200': { description: 'OK', content: { 'application/json': content } } },
    };
  },
};

/** OpenAPI v3 of one group version. */
export function openApiV3(types: TypeRegistry, group: string, version: string): object {
  const served = types.inGroup(group, version);
  return {
    openapi: '3.0.0',
    info: { title: 'Sandbox: simulates a Kubernetes cluster', version: 'v1' },
    paths: Object.assign({}, ...served.map((type) => pathsOf(type, V3))) as object,
    components: { schemas: schemasOf(served, '#/components/schemas/') },
  };
}

/** Where the documents are; the hash changes with their content, so that clients may keep them. */
export function openApiPaths(types: TypeRegistry): Record<string, object> {
  const all = [{ group: '', versions: ['v1'] }, ...types.groups()];
  const entries = all.flatMap(({ group, versions }) =>
    versions.map((version) => {
      const path = group === '' ? `api/${version}` : `apis/${group}/${version}`;
      const hash = createHash('sha256')
        .update(JSON.stringify(openApiV3(types, group, version)))
        .digest('hex')
        .toUpperCase();
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }] as const;
    }),
  );
  return Object.fromEntries(entries);
}
