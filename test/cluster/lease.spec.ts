import { leaseContract } from '../leases/lease-contract.ts';
import { lab } from './support/lab.ts';

const server = lab();

/** The lab serves Leases as a CRD (tools/test-cluster.mjs installs it), a cluster of somebody else's as its own type. */
leaseContract(server.isOurs ? 'the Kubernetes API server of the lab' : 'the cluster of KUBECONFIG', async () =>
  server.connect(),
);
