import type { StreamSlice } from '#event-store';
import { factOf, MemoryEventStore } from '#event-store';
import type { BoundResource, Command, JsonObject } from '#execution';
import { decide, fold, SCHEMA_VERSIONS, streamOf } from '#execution';
import type { ClusterConnection } from '#kubernetes';
import { connectCluster, EVENTS, VirtualClock } from '#kubernetes';
import type { Log } from '#runtime';
import { SandboxCluster } from '../../../apps/sandbox/src/sandbox-cluster.ts';
import type { Loaded } from '../../../libs/runtime/src/executions.ts';
import { Executions } from '../../../libs/runtime/src/executions.ts';
import { NoticeDriver } from '../../../libs/runtime/src/notice-driver.ts';
import type { EventObject } from '../../../libs/runtime/src/notice-event.ts';
import { quietTelemetry } from '../../../libs/runtime/test/support/quiet.ts';
import { until } from '../../support/until.ts';

export const NAMESPACE = 'default';

/** How the API server answers the create of an Event; it forbids them in one namespace only. */
export type Answer = 'accept' | 'forbid' | 'refuse' | 'overload';

/** A notice driver with its own clock over a log in memory and the sandbox's API. */
export class ToldCluster {
  readonly clock = new VirtualClock();
  readonly store = new CountingStore();
  readonly warnings: object[] = [];
  faults = 0;
  /** Creates of Events that came to be judged. */
  attempts = 0;
  answer: Answer = 'accept';
  driver!: NoticeDriver;

  private constructor(
    readonly sandbox: SandboxCluster,
    readonly cluster: ClusterConnection,
  ) {
    sandbox.api.admission.register(EVENTS, { validate: ({ metadata }) => this.judged(metadata.namespace) });
    this.restart();
  }

  static async open(): Promise<ToldCluster> {
    const sandbox = await SandboxCluster.start({ port: 0, withTekton: false });
    return new ToldCluster(sandbox, connectCluster({ server: sandbox.url }));
  }

  async close(): Promise<void> {
    await this.driver.stop();
    await this.cluster.close();
    await this.sandbox.stop();
  }

  /** A driver that knows nothing but the log and the cluster. */
  restart(): void {
    const { store, cluster, clock, warnings } = this;
    const log: Log = { info: () => undefined, error: () => undefined, warn: (fields) => void warnings.push(fields) };
    const telemetry = { ...quietTelemetry, driverFault: () => void (this.faults += 1) };
    this.driver = new NoticeDriver({ store, cluster, clock, telemetry, log, random: () => 0, instance: 'pod-1' });
  }

  /** Records what the commands lead to, now. @returns the execution afterwards */
  async record(id: string, ...commands: readonly Command[]): Promise<Loaded> {
    for (const command of commands) {
      const { events } = await this.store.readStream(streamOf(id)).catch(() => ({ events: [] }));
      const decision = decide(command, fold(events.map(factOf)));
      if (decision.kind === 'Refused') throw new Error(`${command.type} was refused: ${decision.message}`);
      const fresh = decision.events.map(({ type, data }, index) => ({
        id: crypto.randomUUID(),
        type,
        schemaVersion: SCHEMA_VERSIONS[type],
        data: data as unknown as JsonObject,
        metadata: {
          time: this.now(),
          actor: { user: 'tester' },
          source: 'driver' as const,
          commandId: `${command.type}-${index}`,
          correlationId: 'rr',
          causationId: 'test',
        },
      }));
      await this.store.append(streamOf(id), events.length === 0 ? 'none' : events.length - 1, fresh);
    }
    return new Executions(this.store).load(id);
  }

  now(): string {
    return new Date(this.clock.now()).toISOString();
  }

  async events(resource: BoundResource): Promise<readonly EventObject[]> {
    const { items } = await this.cluster.list(EVENTS, {
      namespace: resource.namespace,
      fieldSelector: `regarding.uid=${resource.uid}`,
    });
    return items as readonly EventObject[];
  }

  async reasons(resource: BoundResource): Promise<readonly string[]> {
    return (await this.events(resource)).map(({ reason }) => reason);
  }

  /** Waits until exactly these are there, in the order of their names. */
  async shows(resource: BoundResource, ...reasons: readonly string[]): Promise<void> {
    let found: readonly string[] = [];
    await until(`the Events ${reasons.join(', ')}`, async () => {
      found = await this.reasons(resource);
      return found.length >= reasons.length;
    });
    expect(found).toEqual(reasons);
  }

  private judged(namespace: string | undefined) {
    this.attempts += 1;
    switch (this.answer) {
      case 'accept':
        return undefined;
      case 'forbid':
        return namespace === NAMESPACE ? { code: 403, reason: 'Forbidden', message: 'events is forbidden' } : undefined;
      case 'refuse':
        return { code: 422, reason: 'Invalid', message: 'the policy wants no such event' };
      case 'overload':
        return { code: 500, reason: 'InternalError', message: 'try again' };
    }
  }
}

/** The log in memory, counting how often a stream is read. */
class CountingStore extends MemoryEventStore {
  reads = 0;

  override readStream(...asked: Parameters<MemoryEventStore['readStream']>): Promise<StreamSlice> {
    this.reads += 1;
    return super.readStream(...asked);
  }
}
