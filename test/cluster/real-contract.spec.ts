import { clusterContract } from './cluster-contract.ts';
import { lab } from './support/lab.ts';

const server = lab();

/** A server of custom resources alone runs no controllers. */
const NEEDS_THE_GARBAGE_COLLECTOR = [
  'deleting in the foreground removes the dependents before the owner',
  'an owner deleted in the foreground stays while a dependent with a finalizer does',
  'deleting in the background removes the dependents afterwards',
];

/** A cluster of somebody else's is neither restarted nor compacted. */
const NEEDS_OUR_OWN_SERVER = [
  'after a restart the objects are as before',
  'after compaction an old watch and an old continue token are gone',
  'an informer follows the cluster through a restart',
  'an informer follows the cluster through compaction',
];

clusterContract(server.isOurs ? 'the Kubernetes API server of the lab' : 'the cluster of KUBECONFIG', {
  connect: async () => server.connect(),
  restart: () => server.restart(),
  compact: () => server.compact(),
  unsupported: server.isOurs ? NEEDS_THE_GARBAGE_COLLECTOR : NEEDS_OUR_OWN_SERVER,
});
