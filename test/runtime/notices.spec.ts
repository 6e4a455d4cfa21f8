import { API_VERSION, streamOf } from '#execution';
import { EVENTS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { EventObject } from '../../libs/runtime/src/notice-event.ts';
import { until } from '../support/until.ts';
import { within } from '../support/within.ts';
import { NAMESPACE, Scene } from './scene.ts';

const eventsAbout = async (scene: Scene, name: string): Promise<readonly EventObject[]> => {
  const { items } = await scene.cluster.list(EVENTS, {
    namespace: NAMESPACE,
    fieldSelector: `regarding.name=${name}`,
  });
  return items as readonly EventObject[];
};

/** Waits until the last of them has this reason. @returns all */
const toldUntil = (scene: Scene, name: string, reason: string): Promise<readonly EventObject[]> =>
  until(`${name} to be told as ${reason}`, async () => {
    const events = await eventsAbout(scene, name);
    return events.at(-1)?.reason === reason ? events : false;
  });

describe('the transitions of an execution', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene.close());

  it('are Events about its resource, in the order and at the times of the log', async () => {
    const id = await scene.create(scene.spec('quick'), 'by-rest');
    const told = await toldUntil(scene, 'by-rest', 'Completed');
    expect(told.map(({ reason }) => reason)).toEqual(['Accepted', 'RunCreated', 'Started', 'Completed']);
    const { metadata } = await scene.cluster.get(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name: 'by-rest' });
    const regarding = { apiVersion: API_VERSION, kind: 'WorkflowExecution', namespace: NAMESPACE, name: 'by-rest' };
    const { events } = await scene.store.readStream(streamOf(id));
    for (const event of told) {
      expect(event.regarding).toEqual({ ...regarding, uid: metadata.uid });
      const { time } = events[Number(event.metadata.name.split('.').at(-1))]?.metadata ?? {};
      expect(Date.parse(event.eventTime)).toBe(Date.parse(time ?? ''));
    }
  });

  it('are told once: a runtime that starts again finds what the one before it told', async () => {
    await scene.create(scene.spec('quick'), 'told-twice');
    const before = await toldUntil(scene, 'told-twice', 'Completed');
    await scene.runtime.stop();
    // The Event that is missing shows when the next runtime has been through.
    await scene.cluster.delete(EVENTS, { namespace: NAMESPACE, name: before.at(-1)?.metadata.name ?? '' });
    await scene.start();
    const after = await toldUntil(scene, 'told-twice', 'Completed');
    expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
    expect(after.map(({ reason }) => reason)).toEqual(before.map(({ reason }) => reason));
  });

  it('happen also where no Event is taken, or answered: they are no record and keep nothing waiting', async () => {
    const { faults } = scene.sandbox.api;
    faults.next({ plural: EVENTS.plural, verb: 'create' }, { kind: 'delay', ms: 60_000 }, 100);
    try {
      const id = await scene.create(scene.spec('quick'), 'untold');
      await scene.endsWith(id, 'ExecutionCompleted');
      await until('the status to show it', async () => {
        const { status } = await scene.cluster.get(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name: 'untold' });
        return (status as { phase?: string } | undefined)?.phase === 'Completed';
      });
      expect(await eventsAbout(scene, 'untold')).toEqual([]);
      await within('the runtime to stop', scene.runtime.stop(), 5_000);
    } finally {
      faults.clear();
      await scene.start();
    }
    await toldUntil(scene, 'untold', 'Completed');
  });
});
