import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DatabaseSync } from 'node:sqlite';
import type { ClusterConnection, KubeObject, ResourceType } from '#kubernetes';
import { CONFIG_MAPS, EVENTS, PIPELINE_RUNS, SECRETS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { ServiceProcess } from '../support/service-process.ts';
import type { Place } from './planted.ts';
import { placeOf } from './planted.ts';

/** Only these may hold what hashes are made with. */
const KEYS = 'keys';
const ANSWER_LIMIT_MS = 5_000;

/** Every file of the data folder as it lies on the disk, unpacked, and every row of every database. The service has to be stopped. */
export function filesOf(service: ServiceProcess): readonly Place[] {
  const folder = join(service.folder, 'data');
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(folder, KEYS)));
  const raw = paths.map((path) => placeOf(path.slice(folder.length + 1), readFileSync(path)));
  const packed = paths.filter((path) => path.endsWith('.gz'));
  return [
    ...raw,
    ...packed.map((path) => placeOf(`unpacked ${path}`, gunzipSync(readFileSync(path)))),
    ...paths.filter((path) => path.endsWith('.sqlite')).map(rowsOf),
  ];
}

/** A text can be spread over pages of the file: read by the database it is whole. */
function rowsOf(path: string): Place {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const rows = tables.map(({ name }) => database.prepare(`SELECT * FROM "${String(name)}"`).all());
    const text = JSON.stringify(rows, (_, value: unknown) =>
      value instanceof Uint8Array
        ? Buffer.from(value).toString('latin1')
        : typeof value === 'bigint'
          ? `${value}`
          : value,
    );
    return placeOf(`rows of ${path}`, text);
  } finally {
    database.close();
  }
}

/** What the cluster has from the service: whole objects, and of those that hold the true values, what it writes to them. */
export async function clusterPlaces(cluster: ClusterConnection): Promise<readonly Place[]> {
  const all = async (type: ResourceType, part: (object: KubeObject) => unknown = (object) => object) =>
    (await cluster.list(type)).items.map((object) => placeOf(`${type.kind} ${object.metadata.name}`, part(object)));
  const places = [
    all(WORKFLOW_EXECUTIONS, ({ metadata, status }) => ({ metadata, status })),
    all(PIPELINE_RUNS, ({ metadata }) => metadata),
    ...[EVENTS, CONFIG_MAPS, SECRETS].map((type) => all(type)),
  ];
  return (await Promise.all(places)).flat();
}

interface Document {
  readonly paths: Readonly<Record<string, { readonly get?: object }>>;
}

/** The answer of every GET the API's document names, for every execution and target; and what is told beside the API. */
export async function restPlaces(
  service: ServiceProcess,
  ids: readonly string[],
  targets: readonly string[],
): Promise<readonly Place[]> {
  const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as Document;
  const paths = Object.entries(document.paths).flatMap(([path, { get }]) => (get === undefined ? [] : [path]));
  const asked = paths.flatMap((path) =>
    path.includes('{id}')
      ? ids.flatMap((id) => [path.replace('{id}', id), `${path.replace('{id}', id)}?at=0`])
      : path.includes('{target}')
        ? targets.map((target) => path.replace('{target}', target))
        : [path],
  );
  const unknown = asked.filter((path) => path.includes('{'));
  if (unknown.length > 0) throw new Error(`expected no GET that is not looked at; found ${unknown.join(', ')}`);
  const urls = [
    ...asked.map((path) => service.url + path),
    ...['/healthz', '/readyz'].map((path) => service.healthUrl + path),
    `${service.metricsUrl}/metrics`,
  ];
  return Promise.all(urls.map(async (url) => placeOf(`GET ${new URL(url).pathname}`, (await answered(url)).text)));
}

/** Head and body of an answer; of one that does not end, what came in time. */
export async function answered(url: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
  const head = JSON.stringify([...response.headers]);
  let body = '';
  try {
    for await (const chunk of response.body ?? []) body += Buffer.from(chunk).toString();
  } catch {
    body += ' (did not end)';
  }
  return { status: response.status, text: `${response.status} ${head}\n${body}` };
}
