import { keyOf } from '../../store/object.ts';
import type { Fields, KubeObject } from '../../store/object.ts';
import type { ApiContext, Reply, ResourceRequest } from '../context.ts';
import { parseFieldSelector } from '../selectors/field-selector.ts';
import { parseLabelSelector } from '../selectors/label-selector.ts';
import { badRequest, expired, invalidOptions } from '../status.ts';
import { apiVersionOf, present } from '../types/served-type.ts';
import { integerParameter } from './options.ts';

/** True for the objects (in the type's own form) that a list or watch is about. */
export type Selection = (object: KubeObject) => boolean;

export function selectionOf({ type, namespace, query }: ResourceRequest): Selection {
  const labels = parseLabelSelector(query.get('labelSelector'));
  const fields = parseFieldSelector(query.get('fieldSelector'), type);
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    labels(object.metadata.labels ?? {}) &&
    fields(object);
}

/** Stored objects of the request's selection, now. */
export function selected(api: ApiContext, request: ResourceRequest): KubeObject[] {
  const matches = selectionOf(request);
  return api.store.list(request.type.collection).filter((object) => matches(present(request.type, object)));
}

/** One page of the selection, at the revision the page belongs to. */
export function list(api: ApiContext, request: ResourceRequest): Reply {
  const { type, query } = request;
  checkMatch(query);
  const limit = Math.max(0, integerParameter(query, 'limit') ?? 0);
  const from = startOf(query);
  const revision = from?.revision ?? exactRevision(query) ?? api.store.revision;
  const objects =
    from || revision < api.store.revision
      ? api.store.listAt(type.collection, revision)
      : api.store.list(type.collection);
  if (!objects) throw from ? continueExpired() : tooOld(revision);
  const matches = selectionOf(request);
  const rest = objects
    .filter((object) => from === undefined || keyOf(object) > from.after)
    .filter((object) => matches(present(type, object)));
  const page = limit > 0 ? rest.slice(0, limit) : rest;
  return { code: 200, body: listBody(request, page, rest.length - page.length, revision) };
}

function listBody(
  { type, query }: ResourceRequest,
  page: readonly KubeObject[],
  remaining: number,
  revision: number,
): Fields {
  const last = page.at(-1);
  const filtered = Boolean(query.get('labelSelector') ?? query.get('fieldSelector'));
  const metadata = {
    continue: last && remaining > 0 ? tokenFor(revision, keyOf(last)) : '',
    ...(last && remaining > 0 && !filtered ? { remainingItemCount: remaining } : {}),
    resourceVersion: String(revision),
  };
  return {
    apiVersion: apiVersionOf(type),
    items: page.map((object) => present(type, object)),
    kind: type.listKind,
    metadata,
  };
}

/** Where a continued list goes on: after this key, at this revision. */
interface Start {
  readonly revision: number;
  readonly after: string;
}

function tokenFor(revision: number, after: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${after}\u0000` })).toString(
    'base64url',
  );
}

function startOf(query: URLSearchParams): Start | undefined {
  const token = query.get('continue');
  if (!token) return undefined;
  try {
    const { rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as {
      rv?: unknown;
      start?: unknown;
    };
    if (typeof rv === 'number' && typeof start === 'string') return { revision: rv, after: start.replace(/\0$/, '') };
  } catch {
    // Falls through to the one refusal for every bad token.
  }
  throw badRequest('invalid continue token: continue key is not valid: it is not one that this server made');
}

function checkMatch(query: URLSearchParams): void {
  const match = query.get('resourceVersionMatch') ?? '';
  if (match === '') return;
  const field = 'resourceVersionMatch';
  const version = query.get('resourceVersion') ?? '';
  const refuse = (reason: string, message: string) => invalidOptions('ListOptions', { reason, message, field });
  if (version === '') {
    throw refuse(
      'FieldValueForbidden',
      'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  if (query.get('continue')) {
    throw refuse('FieldValueForbidden', 'Forbidden: resourceVersionMatch is forbidden when continue is provided');
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    throw refuse(
      'FieldValueNotSupported',
      `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`,
    );
  }
  if (match === 'Exact' && version === '0') {
    throw refuse('FieldValueForbidden', 'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
}

/** The revision a list must be from exactly; every other list is from now, which is as new as any. */
function exactRevision(query: URLSearchParams): number | undefined {
  const limited = (integerParameter(query, 'limit') ?? 0) > 0 && !query.get('resourceVersionMatch');
  const version = parsedRevision(query.get('resourceVersion'));
  if (version === undefined || version === 0) return undefined;
  return query.get('resourceVersionMatch') === 'Exact' || limited ? version : undefined;
}

/** @throws ApiError 400 when it is no number */
export function parsedRevision(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw badRequest(
    `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

function continueExpired() {
  return expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
      'the continue parameter.',
  );
}

function tooOld(revision: number) {
  return expired(`The resourceVersion for the provided list is too old: ${revision}.`);
}
