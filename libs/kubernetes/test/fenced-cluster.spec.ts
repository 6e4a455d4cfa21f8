import { EVENTS, type Cluster, type KubeObject } from '../src/cluster.ts';
import { fenced, NotLeaderError } from '../src/lease/fenced-cluster.ts';

const NAME = { namespace: 'runs', name: 'one' };
const OBJECT: KubeObject = { apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: NAME };
const PATCH = { type: 'merge', body: {} } as const;

/** Answers everything, and remembers what it was asked. */
class WillingCluster implements Cluster {
  readonly asked: string[] = [];
  list = () => this.answer('list', { items: [], resourceVersion: '1' });
  get = () => this.answer('get', OBJECT);
  create = () => this.answer('create', OBJECT);
  patch = () => this.answer('patch', OBJECT);
  patchStatus = () => this.answer('patchStatus', OBJECT);
  replace = () => this.answer('replace', OBJECT);
  replaceStatus = () => this.answer('replaceStatus', OBJECT);
  delete = () => this.answer('delete', undefined);

  async *watch(): AsyncGenerator<never> {
    this.asked.push('watch');
  }

  private async answer<T>(verb: string, answer: T): Promise<T> {
    this.asked.push(verb);
    return answer;
  }
}

const writes: readonly [string, (cluster: Cluster) => Promise<unknown>][] = [
  ['create', (cluster) => cluster.create(EVENTS, OBJECT)],
  ['patch', (cluster) => cluster.patch(EVENTS, NAME, PATCH)],
  ['patchStatus', (cluster) => cluster.patchStatus(EVENTS, NAME, PATCH)],
  ['replace', (cluster) => cluster.replace(EVENTS, OBJECT)],
  ['replaceStatus', (cluster) => cluster.replaceStatus(EVENTS, OBJECT)],
  ['delete', (cluster) => cluster.delete(EVENTS, NAME, { uid: 'u' })],
];

describe('a fenced cluster', () => {
  test.each(writes)('%s goes through while the term may act, and is not sent otherwise', async (verb, write) => {
    const cluster = new WillingCluster();
    let mayAct = true;
    const fence = fenced(cluster, { mayAct: () => mayAct });
    await write(fence);
    mayAct = false;
    const refused = await write(fence).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NotLeaderError);
    expect(refused).toMatchObject({ isTransient: true, message: expect.stringContaining('events runs/one: not sent') });
    expect(cluster.asked).toEqual([verb]);
  });

  test('reads go through whoever leads', async () => {
    const cluster = new WillingCluster();
    const fence = fenced(cluster, { mayAct: () => false });
    await fence.list(EVENTS);
    await fence.get(EVENTS, NAME);
    const options = { resourceVersion: '1', timeoutSeconds: 1, signal: AbortSignal.abort() };
    for await (const message of fence.watch(EVENTS, options)) expect(message).toBeUndefined();
    expect(cluster.asked).toEqual(['list', 'get', 'watch']);
  });
});
