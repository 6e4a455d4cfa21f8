import type { BoundResource, Command } from '#execution';
import { EVENTS } from '#kubernetes';
import { eventName } from '../../libs/runtime/src/notice-event.ts';
import { NOTICE_AGE_MS } from '../../libs/runtime/src/notice-driver.ts';
import { cancel, create, NEW_RUN, runSeen, sync } from '../../libs/execution/test/support/examples.ts';
import { until } from '../support/until.ts';
import { within } from '../support/within.ts';
import { NAMESPACE, ToldCluster } from './support/told-cluster.ts';

const MINUTE_MS = 60_000;

/** A resource of its own and the commands of its life. */
function life(namespace = NAMESPACE) {
  const id = crypto.randomUUID();
  const resource: BoundResource = { namespace, name: `w-${id}`, uid: id };
  return {
    id,
    resource,
    created: create({ executionId: id, resource: { namespace, name: resource.name } }),
    bound: sync({ kind: 'ResourceObserved', resource, deletionRequested: false }),
    run: sync(runSeen({ ...NEW_RUN, executionId: id }, 'created')),
    cancelled: cancel('Graceful') as Command,
  };
}

describe('the notice driver', () => {
  let told: ToldCluster;
  beforeEach(async () => {
    told = await ToldCluster.open();
  });
  afterEach(() => told.close());

  it('writes one Event for each transition, about the resource, at the time of the log', async () => {
    const { id, resource, created, bound, run } = life();
    told.driver.tell(await told.record(id, created, bound, run));
    await told.shows(resource, 'Accepted', 'RunCreated');
    const [event] = await told.events(resource);
    expect(event).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { namespace: NAMESPACE, name: eventName(resource.name, id, 0) },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'workflowexecution.kubernaut.ai/controller',
      reportingInstance: 'pod-1',
      action: 'Accept',
      type: 'Normal',
      regarding: { apiVersion: 'workflowexecution.kubernaut.ai/v1alpha1', kind: 'WorkflowExecution', ...resource },
    });
  });

  it('tells nothing before the resource is there, and then all of it', async () => {
    const { id, resource, created, bound } = life();
    told.driver.tell(await told.record(id, created));
    expect(told.store.reads).toBe(2);
    told.driver.tell(await told.record(id, bound));
    await told.shows(resource, 'Accepted');
  });

  it('neither reads nor writes again when nothing is new', async () => {
    const { id, resource, created, bound } = life();
    const loaded = await told.record(id, created, bound);
    told.driver.tell(loaded);
    await told.shows(resource, 'Accepted');
    const { reads } = told.store;
    await until('the driver to be done', () => told.driver.isIdle);
    for (let pass = 0; pass < 10; pass += 1) told.driver.tell(loaded);
    expect([told.driver.isIdle, told.store.reads, told.attempts]).toEqual([true, reads, 1]);
  });

  it('reads on from where it was, not from the beginning', async () => {
    const { id, resource, created, bound, run } = life();
    told.driver.tell(await told.record(id, created, bound));
    await until('the driver to be done', () => told.driver.isIdle);
    const loaded = await told.record(id, run);
    const before = told.attempts;
    told.driver.tell(loaded);
    await told.shows(resource, 'Accepted', 'RunCreated');
    expect(told.attempts - before).toBe(1);
  });

  it('repeats none after a restart: what is there already counts as told', async () => {
    const { id, resource, created, bound, run, cancelled } = life();
    told.driver.tell(await told.record(id, created, bound, run));
    await told.shows(resource, 'Accepted', 'RunCreated');
    const before = await told.events(resource);
    told.restart();
    told.driver.tell(await told.record(id, cancelled));
    await told.shows(resource, 'Accepted', 'RunCreated', 'Cancelling');
    expect((await told.events(resource)).slice(0, 2)).toEqual(before);
  });

  it('leaves to the log what happened longer ago than people look, also where its Event is gone', async () => {
    const { id, resource, created, bound, run } = life();
    await told.record(id, created, bound);
    await told.clock.advance(NOTICE_AGE_MS - MINUTE_MS);
    const loaded = await told.record(id, run);
    await told.clock.advance(MINUTE_MS + 1);
    told.driver.tell(loaded);
    await told.shows(resource, 'RunCreated');
    await told.clock.advance(NOTICE_AGE_MS);
    const { reads } = told.store;
    told.restart();
    told.driver.tell(loaded);
    expect([told.driver.isIdle, told.store.reads, told.attempts]).toEqual([true, reads, 1]);
  });

  it('asks a namespace that forbids Events again only after minutes, and others meanwhile', async () => {
    const [one, other] = [life(), life('elsewhere')];
    told.answer = 'forbid';
    const loaded = await told.record(one.id, one.created, one.bound);
    told.driver.tell(loaded);
    await until('the refusal', () => told.faults === 1);
    told.driver.tell(await told.record(other.id, other.created, other.bound));
    await told.shows(other.resource, 'Accepted');
    told.answer = 'accept';
    told.driver.tell(loaded);
    await told.clock.advance(4 * MINUTE_MS);
    expect([told.attempts, await told.reasons(one.resource)]).toEqual([2, []]);
    await told.clock.advance(MINUTE_MS);
    await told.shows(one.resource, 'Accepted');
  });

  it('goes on after passing trouble with the one that was not taken', async () => {
    const { id, resource, created, bound, run } = life();
    told.driver.tell(await told.record(id, created, bound));
    await told.shows(resource, 'Accepted');
    told.answer = 'overload';
    told.driver.tell(await told.record(id, run));
    await until('the refusal', () => told.faults === 1);
    told.answer = 'accept';
    await told.clock.advance(10_000);
    await told.shows(resource, 'Accepted', 'RunCreated');
    expect(told.attempts).toBe(3);
  });

  it('gives up a notice that is refused for good, and tells the next', async () => {
    const { id, resource, created, bound, run } = life();
    told.answer = 'refuse';
    told.driver.tell(await told.record(id, created, bound));
    await until('the driver to be done', () => told.driver.isIdle);
    told.answer = 'accept';
    told.driver.tell(await told.record(id, run));
    await told.shows(resource, 'RunCreated');
    expect(told.faults).toBe(1);
  });

  it('waits for no answer longer than its limit, and stops at once', async () => {
    const { id, created, bound } = life();
    told.sandbox.api.faults.next({ plural: EVENTS.plural, verb: 'create' }, { kind: 'delay', ms: 60_000 }, 100);
    told.driver.tell(await told.record(id, created, bound));
    await until('the driver to wait', () => told.clock.pendingMs.includes(10_000));
    await told.clock.advance(10_000);
    await until('the driver to give up', () => told.faults === 1);
    expect(told.warnings).toMatchObject([{ executionId: id, err: { code: 'timeout' } }]);
    await told.clock.advance(10_000);
    await until('the driver to try again', () => told.clock.pendingMs.includes(10_000));
    await within('the driver to stop', told.driver.stop());
    expect(told.faults).toBe(1);
  });

  it('counts every fault and speaks of them once a minute', async () => {
    told.answer = 'refuse';
    const fail = async (): Promise<void> => {
      const { id, created, bound } = life();
      const { faults } = told;
      told.driver.tell(await told.record(id, created, bound));
      await until('the refusal', () => told.faults === faults + 1);
    };
    await fail();
    await fail();
    expect(told.warnings).toHaveLength(1);
    await told.clock.advance(MINUTE_MS);
    await fail();
    expect(told.warnings).toHaveLength(2);
  });
});

describe('the name of an Event', () => {
  const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

  it('is one that the API server takes, whatever the name of the resource', () => {
    const long = ['a'.repeat(253), `${'a'.repeat(199)}.b`, `${'a'.repeat(198)}-.a`, `${'a.'.repeat(120)}a`];
    for (const name of ['w', ...long]) {
      const made = eventName(name, 'some-id', 9_999);
      expect(made.length).toBeLessThanOrEqual(253);
      expect(made).toMatch(NAME);
    }
  });

  it('sorts as the events happened, and tells executions of one resource name apart', () => {
    const names = [0, 9, 10, 100, 9_999].map((revision) => eventName('w', 'one', revision));
    expect([...names].sort()).toEqual(names);
    expect(new Set([...names, eventName('w', 'two', 0)]).size).toBe(names.length + 1);
  });
});
