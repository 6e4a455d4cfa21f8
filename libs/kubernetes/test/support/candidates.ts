import { VirtualClock } from '../../src/clock.ts';
import type { ObjectName } from '../../src/cluster.ts';
import { readLease, type LeaseRecord } from '../../src/lease/lease-record.ts';
import { LeaderElection, type LeaderElectionOptions } from '../../src/lease/leader-election.ts';
import type { LeadershipNews } from '../../src/lease/leadership-news.ts';
import type { Term } from '../../src/lease/term.ts';
import { LeaseServer } from './lease-server.ts';
import { Machine } from './machine.ts';

export const LEASE: ObjectName = { namespace: 'runs', name: 'workflow-execution' };
/** A longer wait than any sleep in these tests is a loop without time passing. */
const MAX_STEPS = 100_000;

/** A process that wants to lead. While it leads it does nothing but ask whether it may; after the end it takes `windDownMs`. */
export class Candidate {
  readonly news: LeadershipNews[] = [];
  readonly terms: Term[] = [];
  readonly election: LeaderElection;
  private readonly stopping = new AbortController();
  private leads = 0;
  isStopped = false;
  /** What the election threw. */
  failure: unknown;
  windDownMs = 0;
  work: (term: Term) => Promise<void> = untilOver;

  constructor(
    readonly identity: string,
    readonly machine: Machine,
    options: Partial<LeaderElectionOptions> = {},
  ) {
    const { cluster } = machine;
    const report = (news: LeadershipNews): number => this.news.push(news);
    this.election = new LeaderElection({ cluster, clock: machine, lease: LEASE, identity, report, ...options });
  }

  start(): this {
    const running = this.election.run(this.stopping.signal, (term) => this.lead(term));
    void running.then(
      () => (this.isStopped = true),
      (error: unknown) => (this.failure = error),
    );
    return this;
  }

  /** Asks to stop; time has to pass for it to end. */
  stop(): void {
    this.stopping.abort();
  }

  get mayAct(): boolean {
    return this.terms.some((term) => term.mayAct());
  }

  get isLeading(): boolean {
    return this.leads > 0;
  }

  kinds(): readonly string[] {
    return this.news.map(({ kind }) => kind).filter((kind) => kind !== 'renewed');
  }

  private async lead(term: Term): Promise<void> {
    this.leads += 1;
    if (this.leads > 1) throw new Error(`${this.identity} leads twice at once`);
    this.terms.push(term);
    try {
      await this.work(term);
      await this.machine.sleep(this.windDownMs);
    } finally {
      this.leads -= 1;
    }
  }
}

/** Candidates on machines of their own, one server, and the rule that at most one may act, checked whenever anything happens. */
export class Candidates {
  readonly time = new VirtualClock();
  readonly server = new LeaseServer();
  /** Those that are alive, the ones that are stopping included. */
  readonly all: Candidate[] = [];
  private machines = 0;

  start(identity: string, options: Partial<LeaderElectionOptions> = {}, clockRate = 1): Candidate {
    this.machines += 1;
    const machine = new Machine(this.time, this.server, clockRate, 1_000_000 * this.machines);
    const number = this.machines % 1_000;
    const random = (): number => (number + 0.5) / 1_000; // of each its own
    const candidate = new Candidate(identity, machine, { random, ...options }).start();
    this.all.push(candidate);
    return candidate;
  }

  /** The machine loses its power: nothing of the process goes on, what is on the network does. */
  kill(candidate: Candidate): void {
    candidate.machine.kill();
    this.all.splice(this.all.indexOf(candidate), 1);
  }

  async run(ms: number): Promise<void> {
    const endMs = this.time.monotonic() + ms;
    await this.time.advance(0);
    for (let steps = 0; this.time.monotonic() < endMs; steps += 1) {
      if (steps > MAX_STEPS) throw new Error(`expected time to pass, still at ${this.time.monotonic()} ms`);
      const leftMs = endMs - this.time.monotonic();
      await this.time.advance(Math.min(leftMs, Math.max(0, this.time.pendingMs[0] ?? leftMs)));
      this.check();
    }
  }

  /** Runs until the condition holds. @returns the milliseconds that took */
  async until(what: string, condition: () => boolean, limitMs = 60_000): Promise<number> {
    const startMs = this.time.monotonic();
    while (!condition()) {
      if (this.time.monotonic() - startMs >= limitMs) throw new Error(`waited ${limitMs} ms for ${what}`);
      await this.run(Math.min(10, limitMs));
    }
    return this.time.monotonic() - startMs;
  }

  get leaders(): readonly string[] {
    return this.all.filter((candidate) => candidate.mayAct).map(({ identity }) => identity);
  }

  get lease(): LeaseRecord {
    return readLease(this.server.get(LEASE));
  }

  private check(): void {
    for (const { failure } of this.all)
      if (failure !== undefined) throw new Error('an election threw', { cause: failure });
    if (this.leaders.length > 1)
      throw new Error(`at ${this.time.monotonic()} ms ${this.leaders.join(' and ')} may act at once`);
  }
}

function untilOver({ signal }: Term): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
