import type { ApiContext, Reply, ResourceRequest } from '../context.ts';
import { badRequest, methodNotAllowed, notFound, resourceVersionTooLarge } from '../status.ts';
import { present } from '../types/served-type.ts';
import { create } from '../verbs/create.ts';
import { remove, removeCollection } from '../verbs/delete.ts';
import { list, parsedRevision } from '../verbs/list.ts';
import { patch } from '../verbs/patch.ts';
import { storedObject, update } from '../verbs/update.ts';

/** Carries out every verb but watch. Synchronous, and so atomic. */
export function dispatch(api: ApiContext, request: ResourceRequest): Reply {
  checkSubresource(request);
  switch (request.verb) {
    case 'get':
      return { code: 200, body: present(request.type, storedObject(api, request)) };
    case 'list':
      return list(api, request);
    case 'create':
      return create(api, request);
    case 'update':
      return update(api, request);
    case 'patch':
      return patch(api, request);
    case 'delete':
      return remove(api, request);
    case 'deletecollection':
      return removeCollection(api, request);
    case 'watch':
      throw badRequest('a watch is not answered at once');
  }
}

function checkSubresource({ type, subresource, name = '', verb }: ResourceRequest): void {
  if (subresource === undefined) return;
  if (subresource !== 'status' || !type.hasStatus) throw notFound(type, name);
  if (verb !== 'get' && verb !== 'update' && verb !== 'patch') throw methodNotAllowed();
}

const POLL_MS = 20;

/** Waits for a resourceVersion that the client has seen elsewhere. @throws ApiError 504 when it does not come */
export async function awaitRevision(api: ApiContext, { verb, query }: ResourceRequest, limitMs: number): Promise<void> {
  if (verb !== 'get' && verb !== 'list') return;
  const wanted = parsedRevision(query.get('resourceVersion')) ?? 0;
  for (let waited = 0; wanted > api.store.revision; waited += POLL_MS) {
    if (waited >= limitMs) throw resourceVersionTooLarge(wanted, api.store.revision);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
