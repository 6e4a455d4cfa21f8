import type { Cluster, KubeObject, ListOptions, ObjectPage } from '#kubernetes';
import { ClusterError } from '#kubernetes';
import { ClusterResources } from '../src/cluster-resources.ts';

const ID = '0195a1b2-0000-7000-8000-000000000001';
const AT = { namespace: 'default', name: 'a', uid: 'u-a' };

const object = (name: string, more: Partial<KubeObject['metadata']> = {}, status?: object): KubeObject => ({
  apiVersion: 'workflowexecution.kubernaut.ai/v1alpha1',
  kind: 'WorkflowExecution',
  metadata: { namespace: 'default', name, uid: `u-${name}`, ...more },
  ...(status && { status }),
});

/** A cluster that gives these pages one after another, or the error in place of one, and notes what it was asked. */
class PagedCluster implements Pick<Cluster, 'get' | 'list'> {
  readonly asked: ListOptions[] = [];
  constructor(
    private readonly pages: (ObjectPage | ClusterError)[],
    private readonly objects: readonly KubeObject[] = [],
  ) {}

  async list(_: unknown, options: ListOptions = {}): Promise<ObjectPage> {
    this.asked.push(options);
    const page = this.pages.shift();
    if (page === undefined || page instanceof ClusterError) throw page ?? new Error('expected no more calls');
    return page;
  }

  async get(_: unknown, { name }: { name: string }): Promise<KubeObject> {
    const found = this.objects.find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new ClusterError('not-found', `no ${name}`, { status: 404, reason: 'NotFound' });
    return found;
  }
}

const page = (items: readonly KubeObject[], token?: string): ObjectPage => ({
  items,
  resourceVersion: '1',
  ...(token !== undefined && { continue: token }),
});
const GONE = new ClusterError('gone', 'the list is too old', { status: 410 });

async function listed(resources: ClusterResources): Promise<string[]> {
  const names: string[] = [];
  for await (const all of resources.list()) names.push(...all.map(({ name }) => name));
  return names;
}

test('all pages are listed, of all namespaces or of those that are watched', async () => {
  const everywhere = new PagedCluster([page([object('a')], 'next'), page([object('b')])]);
  expect(await listed(new ClusterResources(everywhere, []))).toEqual(['a', 'b']);
  expect(everywhere.asked).toEqual([{ limit: 500 }, { limit: 500, continue: 'next' }]);
  const some = new PagedCluster([page([object('a')]), page([])]);
  const resources = new ClusterResources(some, ['x', 'y']);
  expect(await listed(resources)).toEqual(['a']);
  expect(some.asked.map(({ namespace }) => namespace)).toEqual(['x', 'y']);
  expect(['x', 'z'].map((namespace) => resources.isServed(namespace))).toEqual([true, false]);
});

test('a list that became too old is begun anew, but not for ever', async () => {
  const once = new PagedCluster([page([object('a')], 'next'), GONE, page([object('a')], 'again'), page([object('b')])]);
  expect(await listed(new ClusterResources(once, []))).toEqual(['a', 'a', 'b']);
  await expect(listed(new ClusterResources(new PagedCluster([GONE, GONE, GONE]), []))).rejects.toThrow(GONE);
});

test('a resource is told with its status, whose it may be, and whether it goes', async () => {
  const labels = { 'workflowexecution.kubernaut.ai/execution-id': ID };
  const status = { phase: 'Running', execution: { id: ID.replace(/1$/, '2') } };
  const a = object('a', { labels, deletionTimestamp: '2026-03-01T10:00:00Z' }, status);
  const cluster = new PagedCluster([], [a]);
  expect(await new ClusterResources(cluster, []).read(AT)).toEqual({
    ...AT,
    status,
    claims: [ID, ID.replace(/1$/, '2')],
    isDeleted: true,
  });
});

test('another object of that name is not the one that was asked for, and none is none', async () => {
  const resources = new ClusterResources(new PagedCluster([], [object('a', { uid: 'another' })]), []);
  expect(await resources.read(AT)).toBeUndefined();
  expect(await resources.read({ ...AT, name: 'b' })).toBeUndefined();
});
