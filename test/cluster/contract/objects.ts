import { refusalOf, specOf, WIDGETS, type Cases } from './scene.ts';

const FINALIZER = 'contract.test/hold';

export const OBJECT_CASES: Cases = {
  'a created object has a uid, a resourceVersion, generation 1, a creation time and its defaults': async (scene) => {
    const { metadata, spec } = await scene.create({ size: 3 });
    expect(metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(metadata.resourceVersion).toMatch(/^\d+$/);
    expect(metadata.generation).toBe(1);
    expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(spec).toEqual({ size: 3, color: 'grey' });
  },

  'an object is read as it was answered': async (scene) => {
    const created = await scene.create({ color: 'red' });
    expect(await scene.get(created)).toEqual(created);
  },

  'a missing object is not-found': async (scene) => {
    expect((await refusalOf(scene.cluster.get(WIDGETS, scene.at(scene.name())))).code).toBe('not-found');
  },

  'a type that is not served is not-found': async (scene) => {
    const type = { ...WIDGETS, plural: 'gadgets', kind: 'Gadget' };
    expect((await refusalOf(scene.cluster.list(type, { limit: 1 }))).code).toBe('not-found');
  },

  'a name in use is already-exists, and the first object stays': async (scene) => {
    const first = await scene.create({ size: 1 });
    const again = scene.widget(first.metadata.name, { size: 2 });
    expect(await refusalOf(scene.cluster.create(WIDGETS, again))).toMatchObject({
      code: 'already-exists',
      details: { status: 409, reason: 'AlreadyExists' },
    });
    expect(specOf(await scene.get(first))['size']).toBe(1);
  },

  'of many creates of one name exactly one succeeds': async (scene) => {
    const name = scene.name();
    const creates = Array.from({ length: 8 }, (_, size) => scene.cluster.create(WIDGETS, scene.widget(name, { size })));
    const outcomes = await Promise.allSettled(creates);
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(refused).toHaveLength(7);
    for (const error of refused) expect(error).toMatchObject({ code: 'already-exists' });
  },

  'generateName makes a name of its own': async (scene) => {
    const { metadata, ...rest } = scene.widget('');
    const object = { ...rest, metadata: { ...metadata, generateName: `w-${scene.tag}-made-` } };
    const created = await scene.cluster.create(WIDGETS, object);
    expect(created.metadata.name).toMatch(new RegExp(`^w-${scene.tag}-made-[a-z0-9]+$`));
  },

  'an unknown field is a bad-request that names it': async (scene) => {
    const error = await refusalOf(scene.create({ colour: 'red' }));
    expect(error).toMatchObject({ code: 'bad-request', details: { status: 400 } });
    expect(error.message).toContain('spec.colour');
  },

  'a value against the schema is invalid, and the cause names the field': async (scene) => {
    const error = await refusalOf(scene.create({ size: -1 }));
    expect(error).toMatchObject({ code: 'invalid', details: { status: 422, reason: 'Invalid' } });
    expect(error.details.causes).toContainEqual(expect.objectContaining({ field: 'spec.size' }));
  },

  'a bad label value is invalid': async (scene) => {
    const error = await refusalOf(scene.create({}, { labels: { note: 'x'.repeat(64) } }));
    expect(error.code).toBe('invalid');
    expect(error.details.causes).toContainEqual(expect.objectContaining({ field: 'metadata.labels' }));
  },

  'a field made immutable by CEL stays, and the cause names it': async (scene) => {
    const created = await scene.create({ serial: 'one' });
    const error = await refusalOf(scene.merge(created, { spec: { serial: 'two' } }));
    expect(error).toMatchObject({ code: 'invalid', details: { status: 422 } });
    expect(error.details.causes).toContainEqual(expect.objectContaining({ field: 'spec.serial' }));
    expect(error.message).toContain('serial cannot be changed');
  },

  'an object over the storage limit is too-large': async (scene) => {
    const error = await refusalOf(scene.create({ note: 'x'.repeat(1_600_000) }));
    expect(error.code).toBe('too-large');
    expect(error.details.outcomeUnknown).toBeUndefined();
  },

  'a dry run is answered like the real one and leaves nothing': async (scene) => {
    const object = scene.widget(scene.name(), { size: 7 });
    const path = `/apis/contract.test/v1/namespaces/${object.metadata.namespace}/widgets?dryRun=All`;
    const { status, body } = await scene.cluster.raw({ method: 'POST', path, body: object });
    expect(status).toBe(201);
    expect(JSON.parse(body)).toMatchObject({ metadata: { uid: expect.any(String) }, spec: { size: 7 } });
    expect((await refusalOf(scene.get(object))).code).toBe('not-found');
  },

  'replacing raises the resourceVersion; replacing with the same does not': async (scene) => {
    const created = await scene.create({ size: 1 });
    const replaced = await scene.cluster.replace(WIDGETS, { ...created, spec: { color: 'blue', size: 2 } });
    expect(BigInt(replaced.metadata.resourceVersion!)).toBeGreaterThan(BigInt(created.metadata.resourceVersion!));
    const same = await scene.cluster.replace(WIDGETS, replaced);
    expect(same.metadata.resourceVersion).toBe(replaced.metadata.resourceVersion);
  },

  'replacing what somebody changed meanwhile is a conflict': async (scene) => {
    const created = await scene.create({ size: 1 });
    await scene.merge(created, { spec: { size: 2 } });
    const error = await refusalOf(scene.cluster.replace(WIDGETS, { ...created, spec: { size: 3 } }));
    expect(error).toMatchObject({ code: 'conflict', details: { status: 409 } });
    expect(specOf(await scene.get(created))['size']).toBe(2);
  },

  'a deleted object is gone, and deleting it again is not-found': async (scene) => {
    const created = await scene.create();
    await scene.delete(created);
    expect((await refusalOf(scene.get(created))).code).toBe('not-found');
    expect((await refusalOf(scene.delete(created))).code).toBe('not-found');
  },

  'deleting with the uid of another object is a conflict and deletes nothing': async (scene) => {
    const created = await scene.create();
    const at = scene.at(created.metadata.name);
    const uid = '00000000-0000-0000-0000-000000000000';
    expect((await refusalOf(scene.cluster.delete(WIDGETS, at, { uid }))).code).toBe('conflict');
    await scene.cluster.delete(WIDGETS, at, { uid: created.metadata.uid! });
    expect((await refusalOf(scene.get(created))).code).toBe('not-found');
  },

  'a name used again belongs to another uid': async (scene) => {
    const first = await scene.create();
    await scene.delete(first);
    const second = await scene.cluster.create(WIDGETS, scene.widget(first.metadata.name));
    expect(second.metadata.uid).not.toBe(first.metadata.uid);
    expect(second.metadata.generation).toBe(1);
  },

  'a finalizer keeps a deleted object until it is taken off': async (scene) => {
    const created = await scene.create({}, { finalizers: [FINALIZER] });
    await scene.delete(created);
    const dying = await scene.get(created);
    expect(dying.metadata.deletionTimestamp).toMatch(/Z$/);
    expect(dying.metadata.generation).toBe(2);
    await scene.delete(created); // asking again changes nothing
    expect((await scene.get(created)).metadata.uid).toBe(created.metadata.uid);
    await scene.merge(created, { metadata: { finalizers: null } });
    expect((await refusalOf(scene.get(created))).code).toBe('not-found');
  },

  'an object that is being deleted takes no new finalizer': async (scene) => {
    const created = await scene.create({}, { finalizers: [FINALIZER] });
    await scene.delete(created);
    const more = { metadata: { finalizers: [FINALIZER, 'contract.test/more'] } };
    expect((await refusalOf(scene.merge(created, more))).code).toBe('invalid');
  },

  'the status of an object that is being deleted can still be written': async (scene) => {
    const created = await scene.create({}, { finalizers: [FINALIZER] });
    await scene.delete(created);
    expect((await scene.mergeStatus(created, { phase: 'Leaving' })).status).toEqual({ phase: 'Leaving' });
  },
};
