import type { TypeRegistry } from '../types/registry.ts';
import { apiGroups, apiResources, discovery, groupNamed } from './discovery.ts';
import { openApiPaths, openApiV3 } from './openapi-v3.ts';
import { openApiV2 } from './openapi-v2.ts';

export interface Document {
  /** A string is sent as plain text, everything else as JSON. */
  readonly body: object | string;
  readonly code?: number;
  readonly contentType?: string;
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** What is served besides objects: discovery, OpenAPI, version, health. Undefined where nothing is. */
export function documentFor(segments: readonly string[], accept: string, types: TypeRegistry): Document | undefined {
  const [root = '', group, version] = segments;
  const aggregated = accept.includes('g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
  switch (root) {
    case '':
      return { body: { paths: pathsOf(types) } };
    case 'healthz':
    case 'readyz':
    case 'livez':
      return { body: 'ok' };
    case 'version':
      return { body: VERSION };
    case 'api':
      if (group !== undefined) return group === 'v1' ? { body: apiResources(types, '', 'v1') } : undefined;
      if (aggregated) return { body: discovery(types, [{ group: '', versions: ['v1'] }]), contentType: AGGREGATED };
      return { body: { kind: 'APIVersions', apiVersion: 'v1', versions: ['v1'], serverAddressByClientCIDRs: [] } };
    case 'apis':
      if (group === undefined) {
        return aggregated
          ? { body: discovery(types, types.groups()), contentType: AGGREGATED }
          : { body: apiGroups(types) };
      }
      return groupDocument(types, group, version);
    case 'openapi':
      return openApi(segments.slice(1), accept, types);
    default:
      return undefined;
  }
}

function groupDocument(types: TypeRegistry, group: string, version: string | undefined): Document | undefined {
  const found = types.groups().find((served) => served.group === group);
  if (!found) return undefined;
  if (version === undefined) return { body: groupNamed(found) };
  return found.versions.includes(version) ? { body: apiResources(types, group, version) } : undefined;
}

function openApi(path: readonly string[], accept: string, types: TypeRegistry): Document | undefined {
  const [format, ...rest] = path;
  if (format === 'v2') {
    // Only the protobuf form is asked for by old clients; JSON under that name would be taken for it.
    const json = accept === '' || /application\/json|\*\/\*/.test(accept);
    return json
      ? { body: openApiV2(types) }
      : { code: 406, body: { message: 'the sandbox has OpenAPI v2 as JSON only' } };
  }
  if (format !== 'v3') return undefined;
  if (rest.length === 0) return { body: { paths: openApiPaths(types) } };
  const [root, ...groupVersion] = rest;
  const [version = '', group = ''] = groupVersion.toReversed();
  const served = types.inGroup(group, version).length > 0 && root === (group === '' ? 'api' : 'apis');
  return served ? { body: openApiV3(types, group, version) } : undefined;
}

export function pathsOf(types: TypeRegistry): string[] {
  const groups = types
    .groups()
    .flatMap(({ group, versions }) => [`/apis/${group}`, ...versions.map((v) => `/apis/${group}/${v}`)]);
  return [
    '/api',
    '/api/v1',
    '/apis',
    ...groups,
    '/healthz',
    '/livez',
    '/openapi/v2',
    '/openapi/v3',
    '/readyz',
    '/version',
  ];
}

const VERSION = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.0+sandbox',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'sandbox: simulates a cluster on this machine, runs nothing',
};
