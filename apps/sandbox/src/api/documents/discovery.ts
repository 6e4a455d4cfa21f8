import { apiVersionOf } from '../types/served-type.ts';
import type { ServedType } from '../types/served-type.ts';
import type { GroupVersions, TypeRegistry } from '../types/registry.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const STATUS_VERBS = ['get', 'patch', 'update'];

export function apiGroups(types: TypeRegistry): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: types.groups().map(namedGroup) };
}

export function groupNamed(group: GroupVersions): object {
  return { kind: 'APIGroup', apiVersion: 'v1', ...namedGroup(group) };
}

function namedGroup({ group, versions }: GroupVersions): object {
  const listed = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: listed, preferredVersion: listed[0] };
}

export function apiResources(types: TypeRegistry, group: string, version: string): object {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources: types.inGroup(group, version).flatMap(resourcesOf),
  };
}

function resourcesOf(type: ServedType): object[] {
  const { plural, singular, kind, namespaced, shortNames, categories } = type;
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: VERBS,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
  };
  const status = { name: `${plural}/status`, singularName: '', namespaced, kind, verbs: STATUS_VERBS };
  return type.hasStatus ? [main, status] : [main];
}

/** Discovery in one document (apidiscovery.k8s.io/v2), as kubectl asks for it. */
export function discovery(types: TypeRegistry, groups: readonly GroupVersions[]): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versions.map((version) => ({
        version,
        resources: types.inGroup(group, version).map(discovered),
        freshness: 'Current',
      })),
    })),
  };
}

function discovered({
  group,
  version,
  kind,
  plural,
  singular,
  namespaced,
  shortNames,
  categories,
  hasStatus,
}: ServedType): object {
  const responseKind = { group, version, kind };
  return {
    resource: plural,
    responseKind,
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: VERBS,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(hasStatus ? { subresources: [{ subresource: 'status', responseKind, verbs: STATUS_VERBS }] } : {}),
  };
}
