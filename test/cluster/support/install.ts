import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { ClusterError, type ClusterConnection, type KubeObject } from '#kubernetes';
import { until } from '../../support/until.ts';

const CRDS_PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Applies every object of a YAML file: created where absent, else applied over what is there. CRDs are served for good afterwards. */
export async function applyYaml(cluster: ClusterConnection, file: string): Promise<readonly KubeObject[]> {
  const documents = parseAllDocuments(await readFile(file, 'utf8'));
  const objects = documents.map((document) => document.toJS() as KubeObject | null).filter((object) => object !== null);
  const fresh: KubeObject[] = [];
  for (const object of objects) {
    const isNew = await applyObject(cluster, object);
    if (object.kind !== 'CustomResourceDefinition') continue;
    await served(cluster, object);
    if (isNew) fresh.push(object);
  }
  await Promise.all(fresh.map((definition) => settled(cluster, definition)));
  return objects;
}

/** @returns true when it was created */
async function applyObject(cluster: ClusterConnection, object: KubeObject): Promise<boolean> {
  const collection = await collectionOf(cluster, object);
  try {
    await cluster.raw({ method: 'POST', path: collection, body: object });
    return true;
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'already-exists') throw error;
    await cluster.raw({
      method: 'PATCH',
      path: `${collection}/${object.metadata.name}?fieldManager=cluster-tests&force=true`,
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: object,
    });
    return false;
  }
}

async function collectionOf(cluster: ClusterConnection, { apiVersion, kind, metadata }: KubeObject): Promise<string> {
  if (kind === 'CustomResourceDefinition') return CRDS_PATH;
  const { body } = await cluster.raw({ method: 'GET', path: `/apis/${apiVersion}` });
  const { resources } = JSON.parse(body) as { resources: { name: string; kind: string }[] };
  const plural = resources.find((resource) => resource.kind === kind && !resource.name.includes('/'))?.name;
  if (!plural) throw new Error(`expected ${apiVersion} to serve ${kind}; is its CRD installed?`);
  return `/apis/${apiVersion}/namespaces/${metadata.namespace ?? 'default'}/${plural}`;
}

/** A new type is served a moment after its definition was accepted. */
async function served(cluster: ClusterConnection, definition: KubeObject): Promise<void> {
  const spec = definition.spec as { group: string; names: { plural: string }; versions: { name: string }[] };
  for (const { name } of spec.versions) {
    const path = `/apis/${spec.group}/${name}/${spec.names.plural}?limit=1`;
    await until(`${definition.metadata.name} is served`, () => cluster.raw({ method: 'GET', path }));
  }
}

/** Longer than an API server takes to replace the storage of a new type, which it does once, after 8 to 11 s here. */
const SETTLING_SECONDS = 20;

/**
 * Some seconds after a definition was accepted, the API server replaces the storage of its type: watches end, and what is
 * in flight then may hang until it times out. Whoever starts after that is spared it.
 */
async function settled(cluster: ClusterConnection, { spec }: KubeObject): Promise<void> {
  const { group, names, versions } = spec as Definition;
  const [{ name: version }] = versions;
  const type = { group, version, plural: names.plural, kind: names.kind };
  const { resourceVersion } = await until(`a list of ${names.plural}`, () => cluster.list(type, { limit: 1 }));
  const options = { resourceVersion, timeoutSeconds: SETTLING_SECONDS, signal: new AbortController().signal };
  const watch = cluster.watch(type, options)[Symbol.asyncIterator]();
  while ((await watch.next()).done !== true);
}

interface Definition {
  readonly group: string;
  readonly names: { readonly plural: string; readonly kind: string };
  readonly versions: readonly [{ readonly name: string }];
}
