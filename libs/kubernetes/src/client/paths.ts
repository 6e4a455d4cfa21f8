import { ClusterError, type ListOptions, type ObjectName, type ResourceType, type WatchOptions } from '../cluster.ts';

/** Path of a collection; without a namespace, of all namespaces. */
export function collectionPath(type: ResourceType, namespace?: string): string {
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  return namespace === undefined ? `${root}/${type.plural}` : `${root}/namespaces/${segment(namespace)}/${type.plural}`;
}

export function objectPath(type: ResourceType, { namespace, name }: ObjectName, subresource?: 'status'): string {
  const path = `${collectionPath(type, namespace)}/${segment(name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** The API server's own rule for a path segment; without it `..` would name another resource. */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..' || /[/%]/.test(text))
    throw new ClusterError(
      'bad-request',
      `expected a name that can be part of a URL path, found ${JSON.stringify(text.slice(0, 80))}`,
    );
  return encodeURIComponent(text);
}

export function listQuery(options: ListOptions): Record<string, string> {
  return present({
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    limit: options.limit === undefined ? undefined : String(options.limit),
    continue: options.continue,
  });
}

export function watchQuery(options: WatchOptions): Record<string, string> {
  return present({
    watch: 'true',
    allowWatchBookmarks: 'true',
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    resourceVersion: options.resourceVersion,
    timeoutSeconds: String(options.timeoutSeconds),
  });
}

function present(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}
