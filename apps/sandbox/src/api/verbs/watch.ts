import type { Change } from '../../store/history.ts';
import type { KubeObject } from '../../store/object.ts';
import type { ApiContext, ResourceRequest } from '../context.ts';
import { ApiError, expired, invalidOptions } from '../status.ts';
import { apiVersionOf, present } from '../types/served-type.ts';
import type { ServedType } from '../types/served-type.ts';
import { selectionOf } from './list.ts';
import type { Selection } from './list.ts';
import { booleanParameter } from './options.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: object;
}

/** Where a watch starts and what it may send. */
export interface WatchPlan {
  readonly type: ServedType;
  readonly matches: Selection;
  readonly bookmarks: boolean;
  /** What is sent at once, before anything new; `ends` closes the watch after it. */
  readonly first: readonly WatchEvent[];
  readonly ends: boolean;
  /** Changes up to this revision are not sent. */
  readonly after: number;
}

/** Reads the request and what it has missed. Too old a resourceVersion is no error of HTTP but the watch's only event. */
export function planWatch(api: ApiContext, request: ResourceRequest): WatchPlan {
  const { type, query } = request;
  const initial = query.get('sendInitialEvents');
  if (initial !== null) checkInitial(query);
  const wanted = startRevision(query.get('resourceVersion'));
  const matches = selectionOf(request);
  const bookmarks = booleanParameter(query, 'allowWatchBookmarks');
  const plan = { type, matches, bookmarks, ends: false };
  if (initial === 'true' || (initial === null && wanted === 0)) {
    const added = api.store
      .list(type.collection)
      .map((object) => present(type, object))
      .filter(matches)
      .map(addedEvent);
    const end = initial === 'true' && bookmarks ? [bookmark(type, api.store.revision, true)] : [];
    return { ...plan, first: [...added, ...end], after: api.store.revision };
  }
  const after = wanted === 0 ? api.store.revision : wanted;
  const changes = api.store.changesAfter(after);
  if (!changes) return { ...plan, first: [gone(after, api.store.revision)], ends: true, after };
  return {
    ...plan,
    first: changes.flatMap((change) => eventOf(plan, change) ?? []),
    after: Math.max(after, api.store.revision),
  };
}

/** The event of a change for this watch: one that enters the selection is ADDED, one that leaves it is DELETED. */
export function eventOf(plan: Pick<WatchPlan, 'type' | 'matches'>, change: Change): WatchEvent | undefined {
  const { type, matches } = plan;
  if (change.collection !== type.collection) return undefined;
  const object = present(type, change.object);
  const previous = change.previous && present(type, change.previous);
  const before = previous !== undefined && matches(previous);
  const now = change.type !== 'DELETED' && matches(object);
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object };
  if (!before) return undefined;
  return { type: 'DELETED', object: change.type === 'DELETED' ? object : asOf(previous, change.revision) };
}

/** An object that left the selection is shown as it last was in it, at the revision of leaving. */
function asOf(previous: KubeObject, revision: number): KubeObject {
  return { ...previous, metadata: { ...previous.metadata, resourceVersion: String(revision) } };
}

function addedEvent(object: KubeObject): WatchEvent {
  return { type: 'ADDED', object };
}

export function bookmark(type: ServedType, revision: number, endOfInitialEvents = false): WatchEvent {
  const annotations = endOfInitialEvents ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  return {
    type: 'BOOKMARK',
    object: {
      kind: type.kind,
      apiVersion: apiVersionOf(type),
      metadata: { resourceVersion: String(revision), ...annotations },
    },
  };
}

function gone(wanted: number, oldest: number): WatchEvent {
  return { type: 'ERROR', object: expired(`too old resource version: ${wanted} (${oldest})`).status() };
}

function startRevision(text: string | null): number {
  if (text === null || text === '') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  const shown = JSON.stringify(text);
  throw new ApiError(
    500,
    undefined,
    `resourceVersion: Invalid value: ${shown}: strconv.ParseUint: parsing ${shown}: invalid syntax`,
  );
}

function checkInitial(query: URLSearchParams): void {
  if (query.get('resourceVersionMatch') === 'NotOlderThan') return;
  const message = 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
  throw invalidOptions('ListOptions', { reason: 'FieldValueForbidden', message, field: 'resourceVersionMatch' });
}
