import type { EventStore } from '#event-store';
import type { Clock, Cluster } from '#kubernetes';
import type { ArchiveFiles } from './archiving/archiver.ts';
import type { Ids } from './ids.ts';
import type { Leadership } from './leadership.ts';
import type { ReadModel } from './read-model.ts';
import type { ExecutionDefaults } from './resource-spec.ts';
import type { Sensitivity } from './sensitive/sensitivity.ts';
import type { Sealer } from './sealing/sealer.ts';
import type { Log, Telemetry } from './telemetry.ts';
import type { Webhook } from './webhooks/webhook.ts';

export interface RuntimeOptions {
  readonly store: EventStore;
  readonly readModel: ReadModel;
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly ids: Ids;
  /** In [0, 1); for jitter. */
  readonly random: () => number;
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly defaults: ExecutionDefaults;
  /** What is done about sensitive parameters; absent: those with the usual names are refused. */
  readonly sensitivity?: Sensitivity;
  readonly watchedNamespaces: readonly string[];
  readonly workers: number;
  /** Name of this process in the notices it writes: the pod's. */
  readonly instance?: string;
  /** Which replica acts; absent: this one, because nobody else can open the store. */
  readonly leadership?: Leadership;
  /** Told when this replica begins and ends to act. */
  readonly onLeading?: (isLeading: boolean) => void;
  /** Where closed histories go, and how long after their last event; absent: they stay in the log whole. */
  readonly archiving?: { readonly files: ArchiveFiles; readonly afterMs: number };
  /** Seals the log while this replica leads. Absent: the log is not sealed. */
  readonly sealer?: Pick<Sealer, 'check' | 'run' | 'finish' | 'trouble'>;
  /** Where events are sent while this replica acts. */
  readonly webhooks?: readonly Webhook[];
  /** Everything open is looked at again this often. */
  readonly resyncMs: number;
}
