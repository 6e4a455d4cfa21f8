import { connectCluster } from '../../src/client/connect.ts';
import type { ClusterConnection } from '../../src/client/connection.ts';
import { systemClock } from '../../src/clock.ts';
import { Informer, type InformerNews, type InformerOptions } from '../../src/informer/informer.ts';
import type { Change } from '../../src/informer/object-cache.ts';
import { until } from '../../../../test/support/until.ts';
import { FakeApiServer, fingerprint, WIDGETS } from './fake-api-server.ts';
import { within } from '../../../../test/support/within.ts';

/** Real time, but little of it. */
const QUICK = { backoffBaseMs: 2, backoffCapMs: 10, shortWatchMs: 0, idleMs: 60_000 };

/** A fake API server, a connection to it and an informer on it. */
export class Following implements AsyncDisposable {
  readonly changes: Change[] = [];
  readonly news: InformerNews[] = [];
  readonly informer: Informer;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  private constructor(
    readonly server: FakeApiServer,
    readonly cluster: ClusterConnection,
    options: Partial<InformerOptions>,
  ) {
    this.informer = new Informer(cluster, systemClock, {
      type: WIDGETS,
      onChange: (change) => this.changes.push(change),
      report: (news) => this.news.push(news),
      ...options,
      limits: { ...QUICK, ...options.limits },
    });
  }

  /** Started, with its first list and its first watch there. */
  static async of(names: readonly string[], options: Partial<InformerOptions> = {}): Promise<Following> {
    const following = await Following.notYet(names, options);
    following.start();
    await following.synced();
    await following.watching();
    return following;
  }

  static async notYet(names: readonly string[], options: Partial<InformerOptions> = {}): Promise<Following> {
    const server = new FakeApiServer();
    const url = await server.start();
    for (const name of names) server.put(name);
    return new Following(server, connectCluster({ server: url, requestTimeoutMs: 5_000 }), options);
  }

  start(): void {
    this.running = this.informer.run(this.stopping.signal);
  }

  synced(): Promise<void> {
    return within('the first list is there', this.informer.synced());
  }

  async watching(): Promise<void> {
    await until('a watch is open', () => this.server.openWatches > 0);
  }

  /** The informer shows exactly what the server holds. */
  async caughtUp(): Promise<void> {
    await until(`the informer has caught up: ${this.told.join(', ')}`, () => {
      return this.state.join('\n') === this.server.state.join('\n');
    });
  }

  get state(): string[] {
    return this.informer.list().map(fingerprint).sort();
  }

  /** `added a`, in the order told. */
  get told(): string[] {
    return this.changes.map(({ type, object }) => `${type} ${object.metadata.name}`);
  }

  get interruptions(): number {
    return this.news.filter(({ kind }) => kind === 'interrupted').length;
  }

  get lists(): number {
    return this.server.requests.filter((request) => !request.includes('watch=true')).length;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await within('the informer ends', this.running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.cluster.close();
    await this.server.stop();
  }
}
