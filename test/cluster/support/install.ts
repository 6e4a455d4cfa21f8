import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { ClusterError, type ClusterConnection, type KubeObject } from '#kubernetes';
import { until } from '../../support/until.ts';

const CRDS_PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Applies every object of a YAML file: created where absent, else applied over what is there. CRDs are served afterwards. */
export async function applyYaml(cluster: ClusterConnection, file: string): Promise<readonly KubeObject[]> {
  const documents = parseAllDocuments(await readFile(file, 'utf8'));
  const objects = documents.map((document) => document.toJS() as KubeObject | null).filter((object) => object !== null);
  for (const object of objects) {
    await applyObject(cluster, object);
    if (object.kind === 'CustomResourceDefinition') await served(cluster, object);
  }
  return objects;
}

async function applyObject(cluster: ClusterConnection, object: KubeObject): Promise<void> {
  const collection = await collectionOf(cluster, object);
  try {
    await cluster.raw({ method: 'POST', path: collection, body: object });
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'already-exists') throw error;
    await cluster.raw({
      method: 'PATCH',
      path: `${collection}/${object.metadata.name}?fieldManager=cluster-tests&force=true`,
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: object,
    });
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
