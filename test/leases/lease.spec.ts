import type { ClusterConnection } from '#kubernetes';
import { connectCluster } from '#kubernetes';
import { SandboxCluster } from '../../apps/sandbox/src/sandbox-cluster.ts';
import { aLease, leaseContract, leaseOf, Replica } from './lease-contract.ts';

let sandbox: SandboxCluster;
beforeAll(async () => (sandbox = await SandboxCluster.start({ port: 0, withTekton: false })));
afterAll(() => sandbox.stop());

leaseContract('the sandbox', async () => connectCluster({ server: sandbox.url }));

describe('a leader on a bad connection', () => {
  let cluster: ClusterConnection;
  beforeAll(() => (cluster = connectCluster({ server: sandbox.url })));
  afterAll(() => cluster.close());

  test.each([
    ['an answer is lost', { kind: 'drop', when: 'after' }],
    ['a request is lost', { kind: 'drop', when: 'before' }],
    ['the server fails after it has written', { kind: 'respond', code: 500, applied: true }],
    ['the server is busy', { kind: 'respond', code: 429, retryAfterSeconds: 1 }],
  ] as const)('keeps its term when %s', async (_, fault) => {
    const lease = aLease();
    await using a = new Replica('a', cluster, lease);
    const term = await a.leads();
    sandbox.api.faults.next({ verb: 'update', plural: 'leases', name: lease.name }, fault, 2);
    await a.told('failed', 2);
    const renewals = a.news.filter(({ kind }) => kind === 'renewed').length;
    await a.told('renewed', renewals + 2);
    expect([a.election.term, term.mayAct()]).toEqual([term, true]);
    expect((await leaseOf(cluster, lease)).spec).toMatchObject({ holderIdentity: 'a', leaseTransitions: 0 });
  });
});
