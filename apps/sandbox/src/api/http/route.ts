import type { Verb } from '../context.ts';
import type { TypeRegistry } from '../types/registry.ts';
import type { ServedType } from '../types/served-type.ts';

/** What a path leads to: objects of a type, or a document such as discovery. */
export type Route =
  | {
      readonly kind: 'resource';
      readonly type: ServedType;
      readonly namespace?: string;
      readonly name?: string;
      readonly subresource?: string;
    }
  | { readonly kind: 'document'; readonly segments: readonly string[] };

/** Undefined: nothing is served there. */
export function routeOf(path: string, types: TypeRegistry): Route | undefined {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeURIComponent);
  const [root, ...rest] = segments;
  if (root === 'api' && rest.length > 1) return resource('', rest[0] ?? '', rest.slice(1), types);
  if (root === 'apis' && rest.length > 2) return resource(rest[0] ?? '', rest[1] ?? '', rest.slice(2), types);
  return { kind: 'document', segments };
}

function resource(group: string, version: string, path: readonly string[], types: TypeRegistry): Route | undefined {
  const [first = '', second, third] = path;
  // /namespaces/x is a namespace, /namespaces/x/leases are the leases in it.
  const inNamespace = first === 'namespaces' && third !== undefined && !(group === '' && isSubresource(third));
  const [plural = '', name, subresource, ...more] = inNamespace ? path.slice(2) : path;
  const type = types.find(group, version, plural);
  if (!type || more.length > 0 || (inNamespace && !type.namespaced)) return undefined;
  if (!inNamespace && type.namespaced && name !== undefined) return undefined;
  return {
    kind: 'resource',
    type,
    ...(inNamespace && second !== undefined ? { namespace: second } : {}),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function isSubresource(segment: string): boolean {
  return segment === 'status' || segment === 'finalize';
}

/** The verb of a request, or undefined when the method means nothing there. */
export function verbOf(method: string, named: boolean, watch: boolean): Verb | undefined {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return named ? 'get' : watch ? 'watch' : 'list';
    case 'POST':
      return named ? undefined : 'create';
    case 'PUT':
      return named ? 'update' : undefined;
    case 'PATCH':
      return named ? 'patch' : undefined;
    case 'DELETE':
      return named ? 'delete' : 'deletecollection';
    default:
      return undefined;
  }
}
