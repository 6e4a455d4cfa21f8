import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Definition } from '../../apps/sandbox/src/api/types/definition.ts';
import { servedAsDefined } from '../../apps/sandbox/src/schema-admission.ts';
import type { ClusterConnection } from '#kubernetes';
import { ClusterError, MemoryCluster, systemClock } from '#kubernetes';
import { clusterContract } from '../cluster/cluster-contract.ts';
import { WIDGETS_CRD } from '../cluster/support/files.ts';

/** What the memory cluster is without: HTTP (no raw requests), server-side apply. Its schema comes from the sandbox. */
const UNSUPPORTED = [
  'a dry run is answered like the real one and leaves nothing',
  'a table shows the printer columns',
  'a strategic merge patch of a custom resource is an unsupported-media-type',
  'apply creates what is absent, and applying the same again changes nothing',
  'apply merges the items of a list by their key',
  'applying a field of another manager is a conflict that names it, and force takes it',
  'a field left out when applied again is removed, if nobody else holds it',
  'apply writes the status through its subresource',
];

const widgets = servedAsDefined(parse(readFileSync(WIDGETS_CRD, 'utf8')) as Definition);
const memory = new MemoryCluster({ clock: systemClock, types: [widgets], collectorDelayMs: 5 });

const connection: ClusterConnection = Object.assign(memory, {
  server: 'memory:',
  raw: () => Promise.reject(new ClusterError('bad-request', 'the memory cluster has no HTTP')),
  close: () => Promise.resolve(),
});

clusterContract('the memory cluster', {
  connect: () => Promise.resolve(connection),
  hasTypes: true,
  restart: async () => memory.cutWatches('unavailable'),
  compact: async () => memory.compact(),
  unsupported: UNSUPPORTED,
});
