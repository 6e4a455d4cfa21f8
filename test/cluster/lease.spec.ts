import { connectCluster } from '#kubernetes';
import { aLease, leaseContract, Replica } from '../leases/lease-contract.ts';
import { lab } from './support/lab.ts';

const server = lab();

/** The lab serves Leases as a CRD (tools/test-cluster.mjs installs it), a cluster of somebody else's as its own type. */
leaseContract(server.isOurs ? 'the Kubernetes API server of the lab' : 'the cluster of KUBECONFIG', async () =>
  server.connect(),
);

/** What the lab made up beside its own kubeconfig: users with fewer rights. A cluster of somebody else's brings none. */
const lesser = server.isOurs ? (['nobody', 'viewer'] as const) : [];

describe(`a replica without the rights to lead${server.isOurs ? '' : ' (not run: the cluster is not ours)'}`, () => {
  const rights = { nobody: 'get', viewer: 'create' };

  test.each(lesser)('says which it lacks: %s', async (user) => {
    const cluster = connectCluster({ kubeconfig: `${server.kubeconfig}.${user}` });
    try {
      await using replica = new Replica(user, cluster, aLease());
      await replica.told('failed');
      expect(replica.news.find((news) => news.kind === 'failed')?.message).toContain(
        `the service account may not ${rights[user]} leases (coordination.k8s.io) in namespace default`,
      );
    } finally {
      await cluster.close();
    }
  });
});
