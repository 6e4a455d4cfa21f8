import type { ClusterConnection, KubeObject, LeadershipNews, ObjectName, Term } from '#kubernetes';
import { LeaderElection, LEASES, systemClock } from '#kubernetes';
import { until } from '../support/until.ts';
import { within } from '../support/within.ts';

/** Little of real time, and still every rule between the three. */
const TIMING = { leaseDurationMs: 2_000, renewDeadlineMs: 1_500, retryMs: 200 };
/** So many renewals take longer than the Lease lasts. */
const RENEWALS = Math.ceil((2 * TIMING.leaseDurationMs) / TIMING.retryMs);
const MICRO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;

let count = 0;

/** A process that leads until it is told to stop. */
export class Replica implements AsyncDisposable {
  readonly news: LeadershipNews[] = [];
  readonly election: LeaderElection;
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  constructor(identity: string, cluster: ClusterConnection, lease: ObjectName) {
    const report = (news: LeadershipNews): number => this.news.push(news);
    this.election = new LeaderElection({ cluster, clock: systemClock, lease, identity, report, ...TIMING });
    this.running = this.election.run(this.stopping.signal, untilOver);
  }

  leads(): Promise<Term> {
    return until('a term that may act', () => (this.election.term?.mayAct() ? this.election.term : false));
  }

  told(kind: LeadershipNews['kind'], times = 1): Promise<true> {
    return until(`${kind} to be told ${times} times`, () => this.news.filter((n) => n.kind === kind).length >= times);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopping.abort();
    await within('the election to end', this.running);
  }
}

export function leaseOf(cluster: ClusterConnection, lease: ObjectName): Promise<KubeObject> {
  return cluster.get(LEASES, lease);
}

export function aLease(): ObjectName {
  return { namespace: 'default', name: `election-${process.pid}-${(count += 1)}` };
}

/** What leader election relies on of an API server's Leases. */
export function leaseContract(name: string, connect: () => Promise<ClusterConnection>): void {
  describe(`leader election on ${name}`, () => {
    let cluster: ClusterConnection;
    let lease: ObjectName;
    beforeAll(async () => {
      cluster = await connect();
    });
    beforeEach(() => (lease = aLease()));
    afterEach(() => cluster.delete(LEASES, lease));
    afterAll(() => cluster.close());

    test('the first one leads, and the server keeps what it wrote, to the microsecond', async () => {
      await using a = new Replica('a', cluster, lease);
      expect((await a.leads()).number).toBe(0);
      const { spec } = await leaseOf(cluster, lease);
      const { acquireTime, renewTime, ...rest } = spec as { acquireTime: string; renewTime: string };
      expect(rest).toEqual({ holderIdentity: 'a', leaseDurationSeconds: 2, leaseTransitions: 0 });
      expect(acquireTime).toMatch(MICRO_TIME);
      expect(renewTime).toMatch(MICRO_TIME);
    });

    test('the second one waits as long as the first renews', async () => {
      await using a = new Replica('a', cluster, lease);
      const term = await a.leads();
      await using b = new Replica('b', cluster, lease);
      await a.told('renewed', RENEWALS);
      expect([a.election.term, b.election.term, b.news[0]]).toEqual([
        term,
        undefined,
        { kind: 'waiting', holder: 'a' },
      ]);
    });

    test('one that is stopped gives the Lease back, and the next term is the next one’s', async () => {
      const a = new Replica('a', cluster, lease);
      await a.leads();
      await using b = new Replica('b', cluster, lease);
      await b.told('waiting');
      await a[Symbol.asyncDispose]();
      expect(a.news.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['acquired', 'released']));
      expect((await b.leads()).number).toBe(1);
    });

    test('one that can no longer reach the server loses its term, and another takes over', async () => {
      const own = await connect();
      await using a = new Replica('a', own, lease);
      const term = await a.leads();
      await using b = new Replica('b', cluster, lease);
      await b.told('waiting');
      await own.close();
      await b.leads();
      expect([term.mayAct(), term.signal.aborted]).toEqual([false, true]);
      expect(a.news).toContainEqual({ kind: 'lost', term: 0, reason: 'Overdue' });
    });
  });
}

function untilOver({ signal }: Term): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
