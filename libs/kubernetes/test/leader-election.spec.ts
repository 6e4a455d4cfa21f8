import { NotLeaderError } from '../src/lease/fenced-cluster.ts';
import { LeaderElection } from '../src/lease/leader-election.ts';
import { readLease } from '../src/lease/lease-record.ts';
import type { LeaseFailure } from '../src/lease/leadership-news.ts';
import { Candidates, LEASE, type Candidate } from './support/candidates.ts';
import { FINE, type Weather } from './support/lease-server.ts';

const HOUR_MS = 3_600_000;
/** Pause between looks with the longest jitter, and the requests. */
const RETRY_MS = 2_500;
const MUTE: Weather = { ...FINE, fate: 'lost-request' };

async function leading(world: Candidates, identity = 'a'): Promise<Candidate> {
  const candidate = world.start(identity);
  await world.until(`${identity} leads`, () => candidate.mayAct);
  return candidate;
}

describe('a candidate', () => {
  test('leads at once where no Lease is, and writes who, for how long and since when', async () => {
    const world = new Candidates();
    const a = await leading(world);
    expect(world.time.monotonic()).toBeLessThan(RETRY_MS);
    expect(world.lease).toMatchObject({ holder: 'a', durationMs: 15_000, transitions: 0 });
    expect(world.lease.renewTime).toMatch(/^2026-01-01T00:00:00\.\d{6}Z$/);
    expect(a.election.term?.number).toBe(0);
  });

  test('waits as long as the holder renews, and says for whom', async () => {
    const world = new Candidates();
    await leading(world);
    const b = world.start('b');
    await world.run(HOUR_MS / 6);
    expect(b.news).toEqual([{ kind: 'waiting', holder: 'a' }]);
    expect([world.leaders, b.election.holder]).toEqual([['a'], 'a']);
  });

  test('takes over from a dead holder when it has seen no change for the whole duration, and not before', async () => {
    const world = new Candidates();
    const a = await leading(world);
    const b = world.start('b');
    await world.run(30_000);
    world.kill(a);
    const { renewTime } = world.lease;
    const tookMs = await world.until('b leads', () => b.mayAct);
    const unchangedMs = world.time.now() - Date.parse(renewTime!);
    expect(unchangedMs).toBeGreaterThanOrEqual(15_000);
    expect(tookMs).toBeLessThan(15_000 + 2 * RETRY_MS);
    expect(b.election.term?.number).toBe(1);
  });

  test('measures that by its own clock: what time it is there and here means nothing', async () => {
    const world = new Candidates();
    const a = await leading(world);
    const b = world.start('b');
    b.machine.step(10 * HOUR_MS);
    await world.run(60_000);
    a.machine.step(-10 * HOUR_MS);
    await world.run(60_000);
    b.machine.step(-20 * HOUR_MS);
    await world.run(60_000);
    expect([world.leaders, b.terms.length]).toEqual([['a'], 0]);
  });

  test('waits for what the holder was promised, also when that is longer than its own duration', async () => {
    const world = new Candidates();
    const a = world.start('a', { leaseDurationMs: 60_000 });
    await world.until('a leads', () => a.mayAct);
    const b = world.start('b');
    await world.run(5_000);
    world.kill(a);
    await world.run(50_000);
    expect(b.terms).toHaveLength(0);
    await world.until('b leads', () => b.mayAct, 20_000);
  });

  test('does not take a Lease for its own because its name is on it', async () => {
    const world = new Candidates();
    world.kill(await leading(world));
    const again = world.start('a');
    await world.run(14_000);
    expect(again.terms).toHaveLength(0);
    await world.until('it leads', () => again.mayAct, 5_000);
    expect(again.election.term?.number).toBe(1);
  });

  test('knows the Lease it claimed when the answer was lost, and leads with the next write', async () => {
    const world = new Candidates();
    const a = world.start('a');
    a.machine.weather.push({ ...FINE, fate: 'lost-reply' }); // the first look is on its way already
    await world.until('a leads', () => a.mayAct, 2 * RETRY_MS);
    expect(a.kinds()).toEqual(['failed', 'acquired']);
  });

  test('waits a duration when a Lease that was held is deleted: its holder may not know yet', async () => {
    const world = new Candidates();
    const a = await leading(world);
    const b = world.start('b');
    await world.run(5_000);
    world.server.delete(LEASE);
    await world.run(13_000);
    expect([world.leaders, a.news.at(-1)]).toEqual([[], { kind: 'lost', term: 0, reason: 'Deleted' }]);
    await world.until('somebody leads', () => world.leaders.length === 1, 10_000);
    expect(b.terms.length + a.terms.length).toBe(2);
  });

  test('says which right is missing when the API refuses it', async () => {
    const world = new Candidates();
    const a = world.start('a');
    a.machine.weather.push({ ...FINE, fate: 'forbidden' }, { ...FINE, fate: 'forbidden' });
    await world.until('a leads all the same', () => a.mayAct);
    const failures = a.news.filter((news): news is LeaseFailure => news.kind === 'failed');
    expect(failures.map(({ action, failures: count }) => `${action} ${count}`)).toEqual(['create 1', 'read 2']);
    expect(failures[1]?.message).toContain(
      'cannot read the Lease runs/workflow-execution: the service account may not get',
    );
    expect(failures[0]?.message).toContain('may not create leases (coordination.k8s.io) in namespace runs');
  });

  test('goes on through any failure of the API, and leads when it answers again', async () => {
    const world = new Candidates();
    const a = world.start('a');
    a.machine.everyRequest = { ...FINE, fate: 'server-error' };
    await world.run(120_000);
    expect(a.failure).toBeUndefined();
    a.machine.everyRequest = FINE;
    expect(await world.until('a leads', () => a.mayAct)).toBeLessThan(RETRY_MS);
  });

  test.each([{ renewDeadlineMs: 15_000 }, { retryMs: 5_000 }, { retryMs: 0 }])(
    'is refused when the times leave no room: %j',
    (timing) => {
      const { machine } = new Candidates().start('a');
      const make = (): unknown =>
        new LeaderElection({ cluster: machine.cluster, clock: machine, lease: LEASE, identity: 'a', ...timing });
      expect(make).toThrow('expected leaseDuration > renewDeadline');
    },
  );
});

describe('a leader', () => {
  test('that is stopped gives the Lease back when its work has returned, and the next one leads within one retry', async () => {
    const world = new Candidates();
    const a = await leading(world);
    const b = world.start('b');
    await world.run(5_000);
    a.windDownMs = 4_000;
    a.stop();
    await world.run(3_500);
    expect([a.isLeading, a.mayAct, a.terms[0]?.signal.aborted, b.mayAct]).toEqual([true, true, true, false]);
    await world.until('a has stopped', () => a.isStopped, 1_000);
    expect(world.lease).toMatchObject({ durationMs: 1_000, transitions: 0 });
    expect(world.lease.holder).toBeUndefined();
    expect(await world.until('b leads', () => b.mayAct)).toBeLessThan(RETRY_MS);
    expect(a.kinds()).toEqual(['acquired', 'released']);
  });

  test('that is stopped after a renewal whose answer was lost still gives the Lease back', async () => {
    const world = new Candidates();
    const a = await leading(world);
    a.machine.weather.push({ ...FINE, fate: 'lost-reply' });
    await world.until('the answer is lost', () => a.kinds().includes('failed'), 5_000);
    a.stop();
    await world.until('a has stopped', () => a.isStopped, 1_000);
    expect(world.lease.holder).toBeUndefined();
  });

  test('that cannot give the Lease back stops all the same, within its deadline', async () => {
    const world = new Candidates();
    const a = await leading(world);
    a.machine.everyRequest = { ...MUTE, toClientMs: HOUR_MS };
    a.stop();
    expect(await world.until('a has stopped', () => a.isStopped)).toBeLessThan(10_100);
  });

  test('whose renewals fail ends its term before anybody may take over, and leads again when they succeed', async () => {
    const world = new Candidates();
    const a = await leading(world);
    await world.run(5_000);
    const renewedMs = Date.parse(world.lease.renewTime!);
    a.machine.everyRequest = MUTE;
    await world.until('the term is over', () => a.terms[0]?.signal.aborted === true);
    expect(world.time.now() - renewedMs).toBeLessThanOrEqual(10_010);
    expect(a.mayAct).toBe(false);
    expect(a.kinds().filter((kind) => kind !== 'failed')).toEqual(['acquired', 'lost']);
    a.machine.everyRequest = FINE;
    expect(await world.until('a leads', () => a.mayAct)).toBeLessThan(RETRY_MS);
    expect(a.election.term?.number).toBe(1);
  });

  test('survives lost answers and other writers: it reads before it assumes', async () => {
    const world = new Candidates();
    const a = await leading(world);
    for (let round = 0; round < 20; round += 1) {
      if (round % 2 === 0) a.machine.weather.push({ ...FINE, fate: 'lost-reply' });
      else world.server.touch(LEASE);
      await world.run(RETRY_MS);
    }
    expect([a.terms.length, a.mayAct, world.lease.holder]).toEqual([1, true, 'a']);
  });

  test('gives up a renewal that hangs in time for another', async () => {
    const world = new Candidates();
    const a = await leading(world);
    a.machine.weather.push({ ...MUTE, toClientMs: HOUR_MS }, FINE, FINE, { ...FINE, toClientMs: HOUR_MS });
    await world.run(60_000);
    expect([a.terms.length, a.mayAct]).toEqual([1, true]);
    expect(a.kinds()).toEqual(['acquired', 'failed', 'failed']);
  });

  test('counts from when a renewal was sent, not from when it was answered', async () => {
    const world = new Candidates();
    const a = await leading(world);
    a.machine.weather.push({ ...FINE, toClientMs: 3_000 });
    const sentMs = await world.until('it is sent', () => a.machine.requests.at(-1) === 'replace');
    await world.until('it is answered', () => a.news.at(-1)?.kind === 'renewed');
    const answeredMs = world.time.monotonic();
    a.machine.everyRequest = MUTE;
    await world.until('it may not act', () => !a.mayAct);
    expect(sentMs).toBeGreaterThan(0);
    expect(world.time.monotonic() - answeredMs).toBeLessThan(7_100);
  });

  test('that was paused may not act from the moment it goes on, before any of its timers has run', async () => {
    const world = new Candidates();
    const a = await leading(world);
    const b = world.start('b');
    await world.run(1_000);
    a.machine.pause();
    await world.until('b leads', () => b.mayAct);
    expect([a.mayAct, a.isLeading, a.terms[0]?.signal.aborted]).toEqual([false, true, false]);
    a.machine.resume();
    await world.until('a knows', () => !a.isLeading);
    expect([world.leaders, a.kinds()]).toEqual([['b'], ['acquired', 'lost', 'waiting']]);
  });

  test('does not campaign again before its work has returned', async () => {
    const world = new Candidates();
    const a = await leading(world);
    a.windDownMs = 60_000;
    a.machine.everyRequest = MUTE;
    await world.until('the term is over', () => a.terms[0]?.signal.aborted === true);
    a.machine.everyRequest = FINE;
    const asked = a.machine.requests.length;
    await world.run(59_000);
    expect([a.machine.requests.length, a.terms.length]).toEqual([asked, 1]);
    await world.until('a leads again', () => a.mayAct, 2_000);
  });

  test('whose machine is set back by hours goes on, and the Lease shows the new time', async () => {
    const world = new Candidates();
    const a = await leading(world);
    a.machine.step(-5 * HOUR_MS);
    expect(a.mayAct).toBe(true);
    await world.run(60_000);
    expect([a.terms.length, a.mayAct, world.lease.renewTime?.slice(0, 13)]).toEqual([1, true, '2025-12-31T19']);
  });

  test('whose wall clock jumps ahead may have been suspended: it acts again after its next renewal, in the same term', async () => {
    const world = new Candidates();
    const a = await leading(world);
    a.machine.step(HOUR_MS);
    expect(a.mayAct).toBe(false);
    expect(await world.until('it may act', () => a.mayAct)).toBeLessThan(RETRY_MS);
    expect(a.terms).toHaveLength(1);
  });

  test('that renews at the same time of day twice writes two different times: else nobody would see the second', async () => {
    const world = new Candidates();
    const a = await leading(world);
    const first = world.server.get(LEASE);
    const pauseMs = world.time.pendingMs[0]!;
    a.machine.step(Date.parse(readLease(first).renewTime!) - (a.machine.now() + pauseMs));
    await world.run(pauseMs + 10);
    expect(a.news.at(-1)?.kind).toBe('renewed');
    expect(world.server.get(LEASE).metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
  });

  test('whose work returns by itself gives the Lease to whoever wants it', async () => {
    const world = new Candidates();
    const a = world.start('a');
    a.work = () => a.machine.sleep(10_000);
    await world.until('a leads', () => a.mayAct);
    const b = world.start('b');
    await world.until('b leads', () => b.mayAct, 10_000 + RETRY_MS);
    await world.run(RETRY_MS);
    expect(a.kinds()).toEqual(['acquired', 'released', 'waiting']);
  });

  test('whose work was refused as not leading any more just ends its term', async () => {
    const world = new Candidates();
    const a = world.start('a');
    a.work = () => Promise.reject(new NotLeaderError('a write'));
    await world.until('it has led twice', () => a.terms.length === 2);
    expect(a.failure).toBeUndefined();
  });

  test('whose work throws anything else gives the Lease back and throws it on', async () => {
    const world = new Candidates();
    const a = world.start('a');
    const bug = new Error('a bug');
    a.work = () => Promise.reject(bug);
    await expect(world.until('it leads', () => a.terms.length === 1)).rejects.toMatchObject({ cause: bug });
    expect([world.lease.holder, a.mayAct]).toEqual([undefined, false]);
  });
});
