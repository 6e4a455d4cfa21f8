import {
  ClusterError,
  SECRETS,
  type KubeObject,
  type ListOptions,
  type ObjectName,
  type ObjectPage,
  type Patch,
  type Propagation,
  type ResourceType,
  type WatchMessage,
  type WatchOptions,
} from '../cluster.ts';
import { collectionPath, listQuery, objectPath, watchQuery } from './paths.ts';
import type { ClusterConnection, RawAnswer, RawRequest, Verb } from './connection.ts';
import type { ApiRequest, Transport } from './transport.ts';
import { watchMessages } from './watch-stream.ts';

/** The server ends a watch after `timeoutSeconds`; one that is still open this much later hangs. */
const WATCH_GRACE_MS = 30_000;
const CONTENT_TYPE: Record<Patch['type'], string> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml', // JSON is YAML
};

/** `Cluster` over HTTP. Retries nothing. */
export class ClusterClient implements ClusterConnection {
  constructor(
    private readonly transport: Transport,
    readonly server: string,
  ) {}

  async list(type: ResourceType, options: ListOptions = {}): Promise<ObjectPage> {
    const answer = await this.transport.fetch({
      ...attempt('list', type, options),
      method: 'GET',
      path: collectionPath(type, options.namespace),
      query: listQuery(options),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    return pageOf(type, attempt('list', type, options), answer);
  }

  async *watch(type: ResourceType, options: WatchOptions): AsyncGenerator<WatchMessage, void, void> {
    const request: ApiRequest = {
      ...attempt('watch', type, options),
      method: 'GET',
      path: collectionPath(type, options.namespace),
      query: watchQuery(options),
      signal: options.signal,
    };
    try {
      const body = await this.transport.stream(request, options.timeoutSeconds * 1_000 + WATCH_GRACE_MS);
      yield* watchMessages(request, body);
    } catch (error) {
      if (!options.signal.aborted) throw error;
    }
  }

  async get(type: ResourceType, name: ObjectName): Promise<KubeObject> {
    return this.objectFrom({ ...attempt('get', type, name), method: 'GET', path: objectPath(type, name) });
  }

  async create(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    return this.objectFrom({
      ...attempt('create', type, object.metadata),
      method: 'POST',
      path: collectionPath(type, namespaceOf(object)),
      query: { fieldValidation: 'Strict' },
      body: JSON.stringify(object),
    });
  }

  async patch(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    return this.patchAt(attempt('patch', type, name), objectPath(type, name), patch);
  }

  async patchStatus(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    return this.patchAt(attempt('patch-status', type, name), objectPath(type, name, 'status'), patch);
  }

  async replace(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    return this.replaceAt(attempt('replace', type, object.metadata), objectPath(type, nameOf(object)), object);
  }

  async replaceStatus(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    const path = objectPath(type, nameOf(object), 'status');
    return this.replaceAt(attempt('replace-status', type, object.metadata), path, object);
  }

  async delete(
    type: ResourceType,
    name: ObjectName,
    options: { uid?: string; propagation?: Propagation } = {},
  ): Promise<void> {
    await this.transport.fetch({
      ...attempt('delete', type, name),
      method: 'DELETE',
      path: objectPath(type, name),
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        ...(options.propagation ? { propagationPolicy: options.propagation } : {}),
        ...(options.uid ? { preconditions: { uid: options.uid } } : {}),
      }),
    });
  }

  raw({ method, path, headers, body }: RawRequest): Promise<RawAnswer> {
    const url = new URL(path, this.server);
    return this.transport.fetch({
      verb: 'raw',
      what: `${method} ${url.pathname}`,
      isWrite: method !== 'GET',
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      ...(headers ? { headers } : {}),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  close(): Promise<void> {
    return this.transport.close();
  }

  private patchAt(what: Named, path: string, patch: Patch): Promise<KubeObject> {
    return this.objectFrom({
      ...what,
      method: 'PATCH',
      path,
      ...(patch.type === 'apply'
        ? { query: { fieldManager: patch.fieldManager, ...(patch.force ? { force: 'true' } : {}) } }
        : {}),
      headers: { 'content-type': CONTENT_TYPE[patch.type] },
      body: JSON.stringify(patch.body),
    });
  }

  private replaceAt(what: Named, path: string, object: KubeObject): Promise<KubeObject> {
    return this.objectFrom({ ...what, method: 'PUT', path, body: JSON.stringify(object) });
  }

  private async objectFrom(request: ApiRequest): Promise<KubeObject> {
    return parseObject(request, await this.transport.fetch(request));
  }
}

type Named = Pick<ApiRequest, 'what' | 'isWrite' | 'isOfObject' | 'isOfSecret' | 'verb' | 'type'>;

const READS: ReadonlySet<Verb> = new Set(['get', 'list', 'watch']);
const OF_MANY: ReadonlySet<Verb> = new Set(['list', 'watch']);

function attempt(verb: Verb, type: ResourceType, at: { readonly namespace?: string; readonly name?: string }): Named {
  const where = [at.namespace, at.name].filter((part) => part !== undefined && part !== '').join('/');
  const isOfSecret = type.plural === SECRETS.plural;
  const what = `${verb.replace('-', ' ')} ${type.plural}${where === '' ? '' : ` ${where}`}`;
  return { verb, type, what, isWrite: !READS.has(verb), isOfObject: !OF_MANY.has(verb), isOfSecret };
}

function namespaceOf(object: KubeObject): string {
  const { namespace } = object.metadata;
  if (namespace === undefined)
    throw new ClusterError('bad-request', `expected metadata.namespace on ${object.kind} ${object.metadata.name}`);
  return namespace;
}

function nameOf(object: KubeObject): ObjectName {
  return { namespace: namespaceOf(object), name: object.metadata.name };
}

function parseObject(request: Named, answer: RawAnswer): KubeObject {
  const object = parseJson(request, answer) as KubeObject;
  if (typeof object?.metadata !== 'object') throw unexpected(request, answer);
  return object;
}

/** Items of typed (built-in) lists come without apiVersion and kind; here every object says what it is. */
function pageOf(type: ResourceType, request: Named, answer: RawAnswer): ObjectPage {
  const list = parseJson(request, answer) as {
    metadata?: { resourceVersion?: string; continue?: string };
    items?: KubeObject[] | null;
  };
  const resourceVersion = list?.metadata?.resourceVersion;
  if (resourceVersion === undefined) throw unexpected(request, answer);
  const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
  const items = (list.items ?? []).map((item) => ({ ...item, apiVersion, kind: type.kind }));
  const next = list.metadata?.continue;
  return { items, resourceVersion, ...(next ? { continue: next } : {}) };
}

function parseJson(request: Named, answer: RawAnswer): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    throw unexpected(request, answer);
  }
}

function unexpected(request: Named, { status, headers }: RawAnswer): ClusterError {
  return new ClusterError(
    'server-error',
    `${request.what}: expected a Kubernetes object, found HTTP ${status} with ${headers['content-type'] ?? 'no content type'}`,
    { status, ...(request.isWrite ? { outcomeUnknown: true } : {}) },
  );
}
