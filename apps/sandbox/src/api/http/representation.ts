import { isFields } from '../../store/object.ts';
import type { Fields, KubeObject } from '../../store/object.ts';
import type { ResourceRequest } from '../context.ts';
import { partialMetadata, tableOf } from '../table/table.ts';
import type { IncludeObject } from '../table/table.ts';
import type { WatchEvent } from '../verbs/watch.ts';

/** The form in which a client wants objects. Whatever else it asks for (protobuf, CBOR) it gets JSON. */
export type Form = 'object' | 'table' | 'metadata';

function formOf(accept: string): Form {
  for (const wish of accept.split(',')) {
    if (/;\s*as=Table\b/.test(wish) && !/protobuf|cbor/.test(wish)) return 'table';
    if (/;\s*as=PartialObjectMetadata(List)?\b/.test(wish) && !/protobuf|cbor/.test(wish)) return 'metadata';
    if (/^\s*(application\/json|\*\/\*)/.test(wish)) return 'object';
  }
  return 'object';
}

/** A reply of `get`, `list` and the writes, in the form asked for. Status objects stay as they are. */
export function represent(body: Fields, request: ResourceRequest, now: Date): Fields {
  const form = formOf(request.accept);
  if (form === 'object' || body['kind'] === 'Status') return body;
  const items = Array.isArray(body['items']) ? (body['items'] as KubeObject[]) : undefined;
  const metadata = listMetadata(isFields(body['metadata']) ? body['metadata'] : {}, items === undefined);
  if (form === 'table') {
    return tableOf(items ?? [body as KubeObject], request.type.columns, metadata, includeOf(request), now);
  }
  if (items === undefined) return partialMetadata(body as KubeObject);
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    items: items.map(partialMetadata),
  };
}

function listMetadata(metadata: Fields, single: boolean): Fields {
  const kept = Object.entries(metadata).filter(([field, value]) => LIST_METADATA.has(field) && value !== '');
  return Object.fromEntries(single ? kept.filter(([field]) => field === 'resourceVersion') : kept);
}

const LIST_METADATA = new Set(['resourceVersion', 'continue', 'remainingItemCount']);

function includeOf({ query }: ResourceRequest): IncludeObject {
  const wanted = query.get('includeObject');
  return wanted === 'None' || wanted === 'Object' ? wanted : 'Metadata';
}

/** Represents the events of one watch; in tables only the first one carries the column definitions. */
export function eventForm(request: ResourceRequest, clock: () => Date): (event: WatchEvent) => WatchEvent {
  const form = formOf(request.accept);
  if (form === 'object') return (event) => event;
  let first = true;
  return (event) => {
    if (event.type === 'ERROR') return event;
    const object = event.object as KubeObject;
    if (form === 'metadata') return { type: event.type, object: partialMetadata(object) };
    const metadata = { resourceVersion: object.metadata.resourceVersion };
    const rows = event.type === 'BOOKMARK' ? [] : [object];
    const table = tableOf(rows, request.type.columns, metadata, includeOf(request), clock());
    const shown = first ? table : { ...table, columnDefinitions: null };
    first = false;
    return { type: event.type, object: shown };
  };
}
