import type { PublishedHead, RecordedEvent } from '#event-store';
import { LOG_SEALED, SEAL_STREAM } from '#event-store';
import type { LogSealed } from '#event-store';
import type { ConfigMapObject, MemoryCluster } from '#kubernetes';
import { CONFIG_MAPS } from '#kubernetes';
import { HEAD_KEY } from '../../../src/seals/head-config-map.ts';
import type { LogView } from '../log-view.ts';
import type { Violation } from './violation.ts';

const isSeal = ({ stream, type }: RecordedEvent): boolean => stream === SEAL_STREAM && type === LOG_SEALED;

/** What is recorded and not sealed, and the newest seal when it is not shown; empty when all is done. */
export function unsealed({ log }: LogView, cluster: MemoryCluster): Violation[] {
  const newest = log.stream(SEAL_STREAM).findLast(isSeal);
  const seal = newest?.data as unknown as LogSealed | undefined;
  const total = seal === undefined ? 0 : seal.from + seal.events;
  const open = log.events.slice(total).find((event) => !isSeal(event));
  const shown = headIn(cluster);
  return [
    ...(open === undefined ? [] : [remains(`${open.type} of ${open.stream} is not sealed`)]),
    ...(shown?.sealHash === newest?.hash ? [] : [remains(`seal ${seal?.number} is not shown, but ${shown?.number}`)]),
  ];
}

/** Every head that was ever shown is that of a seal of the log. */
export function wrongHeads({ log }: LogView, heads: readonly PublishedHead[]): Violation[] {
  const hashes = new Set(
    log
      .stream(SEAL_STREAM)
      .filter(isSeal)
      .map(({ hash }) => hash),
  );
  return heads
    .filter(({ sealHash }) => !hashes.has(sealHash))
    .map(({ number }) => ({ invariant: 'seals', message: `head ${number} was shown and is no seal of the log` }));
}

function headIn(cluster: MemoryCluster): PublishedHead | undefined {
  const configMap = cluster.objects(CONFIG_MAPS)[0] as ConfigMapObject | undefined;
  const text = configMap?.data?.[HEAD_KEY];
  return text === undefined ? undefined : (JSON.parse(text) as PublishedHead);
}

const remains = (message: string): Violation => ({ invariant: 'converged', message });
