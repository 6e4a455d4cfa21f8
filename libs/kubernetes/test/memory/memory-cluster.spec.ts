import { LEASES, MemoryCluster, PIPELINE_RUNS, TASK_RUNS, VirtualClock } from '../../src/index.ts';
import type { Admission, KubeObject, MemoryClusterOptions, ResourceType } from '../../src/index.ts';

const NAMESPACE = 'jobs';
const at = (name: string) => ({ namespace: NAMESPACE, name });

function world(options: Partial<MemoryClusterOptions> = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1, 0, 0, 0, 700));
  return { clock, cluster: new MemoryCluster({ clock, ...options }) };
}

const object = (type: ResourceType, name: string, metadata: object = {}, spec: object = {}): KubeObject => ({
  apiVersion: `${type.group}/${type.version}`,
  kind: type.kind,
  metadata: { ...at(name), ...metadata },
  spec,
});

const ownedBy = (owner: KubeObject, blockOwnerDeletion = true) => ({
  ownerReferences: [
    {
      apiVersion: owner.apiVersion,
      kind: owner.kind,
      name: owner.metadata.name,
      uid: owner.metadata.uid!,
      blockOwnerDeletion,
    },
  ],
});

describe('what is stored', () => {
  test('carries counted uids and versions, and the whole second of its clock', async () => {
    const { cluster, clock } = world();
    const first = await cluster.create(PIPELINE_RUNS, object(PIPELINE_RUNS, 'a'));
    await clock.advance(1_000);
    const second = await cluster.create(PIPELINE_RUNS, object(PIPELINE_RUNS, 'b'));
    expect([first, second].map(({ metadata }) => metadata)).toEqual([
      {
        ...at('a'),
        uid: 'c0000000-0000-4000-8000-000000000001',
        resourceVersion: '1',
        generation: 1,
        creationTimestamp: '2026-01-01T00:00:00Z',
      },
      {
        ...at('b'),
        uid: 'c0000000-0000-4000-8000-000000000002',
        resourceVersion: '2',
        generation: 1,
        creationTimestamp: '2026-01-01T00:00:01Z',
      },
    ]);
  });

  test('is frozen through and through, and shares nothing with what was given', async () => {
    const { cluster } = world();
    const params = [{ name: 'x' }];
    const given = object(PIPELINE_RUNS, 'a', {}, { params });
    const created = await cluster.create(PIPELINE_RUNS, given);
    params[0]!.name = 'changed afterwards';
    expect((await cluster.get(PIPELINE_RUNS, at('a'))).spec).toEqual({ params: [{ name: 'x' }] });
    expect(() => Object.assign((created.spec as { params: object[] }).params[0]!, { name: 'y' })).toThrow(TypeError);
  });

  test('a lease has neither a generation nor a status of its own path', async () => {
    const { cluster } = world();
    const lease = await cluster.create(LEASES, object(LEASES, 'leader', {}, { holderIdentity: 'a' }));
    expect(lease.metadata.generation).toBeUndefined();
    const replaced = await cluster.replace(LEASES, { ...lease, spec: { holderIdentity: 'b' } });
    expect(replaced.spec).toEqual({ holderIdentity: 'b' });
    await expect(cluster.replace(LEASES, { ...lease, spec: {} })).rejects.toMatchObject({ code: 'conflict' });
    await expect(cluster.replaceStatus(LEASES, replaced)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test.each(['patch', 'patchStatus'] as const)(
    'a JSON %s that says an old resourceVersion is a conflict',
    async (verb) => {
      const { cluster } = world();
      await cluster.create(PIPELINE_RUNS, object(PIPELINE_RUNS, 'a'));
      const body = [
        { op: 'replace', path: '/metadata/resourceVersion', value: '1' },
        { op: 'add', path: verb === 'patch' ? '/spec/status' : '/status', value: { at: 'once' } },
      ];
      const patch = () => cluster[verb](PIPELINE_RUNS, at('a'), { type: 'json', body });
      await patch();
      await expect(patch()).rejects.toMatchObject({ code: 'conflict', details: { status: 409, reason: 'Conflict' } });
    },
  );

  test('a merge patch with the uid of another object is invalid', async () => {
    const { cluster } = world();
    await cluster.create(PIPELINE_RUNS, object(PIPELINE_RUNS, 'a'));
    const patch = cluster.patch(PIPELINE_RUNS, at('a'), { type: 'merge', body: { metadata: { uid: 'other' } } });
    await expect(patch).rejects.toMatchObject({
      code: 'invalid',
      details: { causes: [{ field: 'metadata.uid', reason: 'FieldValueInvalid' }] },
    });
  });

  test('server-side apply is refused', async () => {
    const { cluster } = world();
    await cluster.create(PIPELINE_RUNS, object(PIPELINE_RUNS, 'a'));
    const patch = cluster.patch(PIPELINE_RUNS, at('a'), { type: 'apply', body: {}, fieldManager: 'me' });
    await expect(patch).rejects.toMatchObject({ code: 'unsupported-media-type' });
  });

  test('every version is told with the one before it, and every removal', async () => {
    const told: string[] = [];
    const { cluster } = world({
      onStored: ({ metadata }, previous) =>
        told.push(`${metadata.name} ${previous?.metadata.resourceVersion ?? '-'}>${metadata.resourceVersion}`),
      onRemoved: ({ metadata }) => told.push(`${metadata.name} gone at ${metadata.resourceVersion}`),
    });
    await cluster.create(PIPELINE_RUNS, object(PIPELINE_RUNS, 'a'));
    await cluster.patchStatus(PIPELINE_RUNS, at('a'), { type: 'merge', body: { status: { x: 1 } } });
    await cluster.delete(PIPELINE_RUNS, at('a'));
    expect(told).toEqual(['a ->1', 'a 1>2', 'a gone at 3']);
  });
});

describe('admission', () => {
  const admission: Admission = {
    mutate: (given) => ({ ...given, spec: { tier: 'default', ...(given.spec as object) } }),
    validate: ({ spec }, { previous }) =>
      previous !== undefined && JSON.stringify(spec) !== JSON.stringify(previous.spec)
        ? { code: 400, reason: 'BadRequest', message: 'admission webhook "w" denied the request: immutable' }
        : undefined,
  };
  const types = [{ type: PIPELINE_RUNS, hasStatus: true, admission }];

  test('completes an object before it is stored', async () => {
    const { cluster } = world({ types });
    expect((await cluster.create(PIPELINE_RUNS, object(PIPELINE_RUNS, 'a'))).spec).toEqual({ tier: 'default' });
  });

  test('refuses with its own words, and nothing is stored', async () => {
    const { cluster } = world({ types });
    await cluster.create(PIPELINE_RUNS, object(PIPELINE_RUNS, 'a'));
    const patch = cluster.patch(PIPELINE_RUNS, at('a'), { type: 'merge', body: { spec: { tier: 'gold' } } });
    await expect(patch).rejects.toMatchObject({
      code: 'bad-request',
      message: 'patch pipelineruns jobs/a: admission webhook "w" denied the request: immutable',
      details: { status: 400, reason: 'BadRequest' },
    });
    expect(cluster.resourceVersion).toBe('1');
  });
});

describe('the garbage collector', () => {
  async function family(options: Partial<MemoryClusterOptions> = {}) {
    const { clock, cluster } = world(options);
    const run = await cluster.create(PIPELINE_RUNS, object(PIPELINE_RUNS, 'run'));
    for (const name of ['one', 'two']) await cluster.create(TASK_RUNS, object(TASK_RUNS, name, ownedBy(run)));
    await clock.advance(1);
    const left = () =>
      [PIPELINE_RUNS, TASK_RUNS].flatMap((type) => cluster.objects(type)).map(({ metadata }) => metadata.name);
    return { clock, cluster, run, left };
  }

  test('is as late as it is told to be, and goes step by step', async () => {
    const { clock, cluster, left } = await family();
    cluster.collector.setDelay(1_000);
    await cluster.delete(PIPELINE_RUNS, at('run'), { propagation: 'Foreground' });
    await clock.advance(999);
    expect(left()).toEqual(['run', 'one', 'two']);
    await clock.advance(1);
    expect(left()).toEqual(['run']);
    await clock.advance(1_000);
    expect(left()).toEqual([]);
  });

  test('does all there is to do at once when asked', async () => {
    const { cluster, left } = await family();
    cluster.collector.pause();
    await cluster.delete(PIPELINE_RUNS, at('run'), { propagation: 'Foreground' });
    cluster.collector.collect();
    expect(left()).toEqual([]);
  });

  test('an owner waits in the foreground for the dependents that block it, and for no other', async () => {
    const { clock, cluster, run, left } = await family();
    const hold = { finalizers: ['test/hold'] };
    await cluster.create(TASK_RUNS, object(TASK_RUNS, 'blocking', { ...ownedBy(run), ...hold }));
    await cluster.create(TASK_RUNS, object(TASK_RUNS, 'free', { ...ownedBy(run, false), ...hold }));
    await cluster.delete(PIPELINE_RUNS, at('run'), { propagation: 'Foreground' });
    await clock.advance(10);
    expect(left()).toEqual(['run', 'blocking', 'free']);
    await cluster.patch(TASK_RUNS, at('blocking'), { type: 'merge', body: { metadata: { finalizers: null } } });
    await clock.advance(10);
    expect(left()).toEqual(['free']);
  });

  test('deleting in the background leaves the dependents to it: with it away they stay', async () => {
    const { clock, cluster, left } = await family();
    cluster.collector.pause();
    await cluster.delete(PIPELINE_RUNS, at('run'));
    await clock.advance(3_600_000);
    expect(left()).toEqual(['one', 'two']);
    cluster.collector.resume();
    await clock.advance(1);
    expect(left()).toEqual([]);
  });

  test('orphaned dependents stay, without their owner', async () => {
    const { clock, cluster, left } = await family();
    await cluster.delete(PIPELINE_RUNS, at('run'), { propagation: 'Orphan' });
    await clock.advance(10);
    expect(left()).toEqual(['one', 'two']);
    expect((await cluster.get(TASK_RUNS, at('one'))).metadata.ownerReferences).toBeUndefined();
  });

  test('a dependent with another owner that stays is kept', async () => {
    const { clock, cluster, run, left } = await family();
    const other = await cluster.create(PIPELINE_RUNS, object(PIPELINE_RUNS, 'other'));
    const ownerReferences = [run, other].flatMap((owner) => ownedBy(owner).ownerReferences);
    await cluster.create(TASK_RUNS, object(TASK_RUNS, 'shared', { ownerReferences }));
    await cluster.delete(PIPELINE_RUNS, at('run'), { propagation: 'Foreground' });
    await clock.advance(10);
    expect(left()).toEqual(['other', 'shared']);
  });

  test('one born to an owner that is gone, or was replaced under its name, goes', async () => {
    const { clock, cluster, run, left } = await family();
    await cluster.delete(PIPELINE_RUNS, at('run'));
    await cluster.create(PIPELINE_RUNS, object(PIPELINE_RUNS, 'run'));
    await cluster.create(TASK_RUNS, object(TASK_RUNS, 'late', ownedBy(run)));
    await clock.advance(10);
    expect(left()).toEqual(['run']);
  });
});
