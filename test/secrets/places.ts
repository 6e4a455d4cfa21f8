import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ClusterConnection } from '#kubernetes';
import { EVENTS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { ServiceProcess } from '../support/service-process.ts';
import type { Place } from './planted.ts';
import { placeOf } from './planted.ts';

/** Only these may hold what hashes are made with. */
const KEYS = 'keys';
const ANSWER_LIMIT_MS = 5_000;

/** Every file of the data folder as it lies on the disk, and every row of every database. The service has to be stopped. */
export function filesOf(service: ServiceProcess): readonly Place[] {
  const folder = join(service.folder, 'data');
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(folder, KEYS)));
  const raw = paths.map((path) => placeOf(path.slice(folder.length + 1), readFileSync(path)));
  return [...raw, ...paths.filter((path) => path.endsWith('.sqlite')).map(rowsOf)];
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

/** What the cluster shows of executions to people: statuses and metadata of the resources, and Kubernetes Events. */
export async function clusterPlaces(cluster: ClusterConnection): Promise<readonly Place[]> {
  const resources = (await cluster.list(WORKFLOW_EXECUTIONS)).items;
  const events = (await cluster.list(EVENTS)).items;
  return [
    ...resources.map(({ metadata, status }) => placeOf(`resource ${metadata.name}`, { metadata, status })),
    ...events.map((event) => placeOf(`Event ${event.metadata.name}`, event)),
  ];
}

interface Document {
  readonly paths: Readonly<Record<string, { readonly get?: object }>>;
}

/** The answer of every GET the API's document names, for every execution; and what is told beside the API. */
export async function restPlaces(service: ServiceProcess, ids: readonly string[]): Promise<readonly Place[]> {
  const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as Document;
  const paths = Object.entries(document.paths).flatMap(([path, { get }]) => (get === undefined ? [] : [path]));
  const asked = paths.flatMap((path) =>
    path.includes('{id}')
      ? ids.flatMap((id) => [path.replace('{id}', id), `${path.replace('{id}', id)}?at=0`])
      : [path],
  );
  const urls = [
    ...asked.filter((path) => !path.includes('{')).map((path) => service.url + path),
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
