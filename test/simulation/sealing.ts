import type { Cluster } from '#kubernetes';
import type { HeadPublisher, SealerOptions, SealKeys } from '#runtime';
import { HeadConfigMap } from '../../src/seals/head-config-map.ts';
import type { SimulatedProcess } from './process.ts';
import { never } from './process.ts';

export type SealingTimes = Pick<SealerOptions, 'intervalMs' | 'maxEvents'>;

export const HEAD = { namespace: 'workflows', name: 'head' } as const;

/** What a sealer reaches from its process: keys and a file on a disk, a ConfigMap in the cluster. It may die on the way. */
export function faultySealing(
  { keys, ...times }: SealingTimes & { readonly keys: SealKeys },
  cluster: Cluster,
  file: HeadPublisher,
  process: SimulatedProcess,
): Pick<SealerOptions, 'keys' | 'publishers' | 'intervalMs' | 'maxEvents'> {
  return {
    ...times,
    keys: {
      place: keys.place,
      find: (keyId) => process.within(keys.find(keyId)),
      create: () => passing(process, 'keep seal key', () => keys.create()),
    },
    publishers: [
      {
        where: file.where,
        place: file.place,
        read: () => process.within(file.read()),
        publish: (head) => passing(process, 'publish head', () => file.publish(head)),
      },
      new HeadConfigMap(cluster, HEAD),
    ],
  };
}

async function passing<T>(process: SimulatedProcess, what: string, act: () => Promise<T>): Promise<T> {
  if (!process.survives(`before ${what}`)) return never();
  const done = await process.within(act());
  return process.survives(`after ${what}`) ? done : never();
}
