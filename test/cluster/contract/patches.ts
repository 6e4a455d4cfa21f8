import { nameOf, refusalOf, specOf, WIDGETS, type Cases, type Scene } from './scene.ts';

export const PATCH_CASES: Cases = {
  'a merge patch sets, replaces and, by null, removes': async (scene) => {
    const created = await scene.create({ size: 1, note: 'old', settings: { a: '1', b: '2' } });
    const patched = await scene.merge(created, { spec: { size: 2, note: null, settings: { b: null, c: '3' } } });
    expect(patched.spec).toEqual({ color: 'grey', size: 2, settings: { a: '1', c: '3' } });
  },

  'a merge patch with a resourceVersion is applied only to that version': async (scene) => {
    const created = await scene.create({ size: 1 });
    const resourceVersion = created.metadata.resourceVersion!;
    await scene.merge(created, { metadata: { resourceVersion }, spec: { size: 2 } });
    const error = await refusalOf(scene.merge(created, { metadata: { resourceVersion }, spec: { size: 3 } }));
    expect(error).toMatchObject({ code: 'conflict', details: { status: 409, reason: 'Conflict' } });
    expect(specOf(await scene.get(created))['size']).toBe(2);
  },

  'a merge patch that changes nothing keeps the resourceVersion': async (scene) => {
    const created = await scene.create({ size: 1 });
    const patched = await scene.merge(created, { spec: { size: 1 } });
    expect(patched.metadata.resourceVersion).toBe(created.metadata.resourceVersion);
  },

  'a patch of a missing object is not-found, its status too': async (scene) => {
    const missing = scene.widget(scene.name());
    expect((await refusalOf(scene.merge(missing, { spec: { size: 1 } }))).code).toBe('not-found');
    expect((await refusalOf(scene.mergeStatus(missing, { phase: 'Up' }))).code).toBe('not-found');
  },

  'a JSON patch adds, replaces and removes': async (scene) => {
    const created = await scene.create({ size: 1, note: 'old', settings: {} });
    const body = [
      { op: 'test', path: '/spec/size', value: 1 },
      { op: 'replace', path: '/spec/size', value: 2 },
      { op: 'remove', path: '/spec/note' },
      { op: 'add', path: '/spec/settings/a', value: '1' },
    ];
    const patched = await scene.cluster.patch(WIDGETS, nameOf(created), { type: 'json', body });
    expect(patched.spec).toEqual({ color: 'grey', size: 2, settings: { a: '1' } });
  },

  'a JSON patch that sets a resourceVersion is applied only to that version, of the status too': async (scene) => {
    const created = await scene.create({ size: 1 });
    const based = { op: 'replace', path: '/metadata/resourceVersion', value: created.metadata.resourceVersion };
    const body = [based, { op: 'add', path: '/status', value: { phase: 'Up' } }];
    const written = await scene.cluster.patchStatus(WIDGETS, nameOf(created), { type: 'json', body });
    expect(written.status).toEqual({ phase: 'Up' });
    const late = scene.cluster.patchStatus(WIDGETS, nameOf(created), { type: 'json', body });
    expect(await refusalOf(late)).toMatchObject({ code: 'conflict', details: { status: 409 } });
    const spec = [based, { op: 'replace', path: '/spec/size', value: 2 }];
    expect((await refusalOf(scene.cluster.patch(WIDGETS, nameOf(created), { type: 'json', body: spec }))).code).toBe(
      'conflict',
    );
  },

  'a JSON patch whose test fails is invalid and changes nothing': async (scene) => {
    const created = await scene.create({ size: 1 });
    const body = [
      { op: 'replace', path: '/spec/size', value: 2 },
      { op: 'test', path: '/spec/size', value: 9 },
    ];
    const error = await refusalOf(scene.cluster.patch(WIDGETS, nameOf(created), { type: 'json', body }));
    expect(error.code).toBe('invalid');
    expect(specOf(await scene.get(created))['size']).toBe(1);
  },

  'a strategic merge patch of a custom resource is an unsupported-media-type': async (scene) => {
    const created = await scene.create({ size: 1 });
    const path = `/apis/contract.test/v1/namespaces/default/widgets/${created.metadata.name}`;
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    const error = await refusalOf(scene.cluster.raw({ method: 'PATCH', path, headers, body: { spec: { size: 2 } } }));
    expect(error.code).toBe('unsupported-media-type');
  },

  'writing the main resource leaves the status alone': async (scene) => {
    const created = await scene.create({}, { status: { phase: 'Forged' } });
    expect(created.status).toBeUndefined();
    const patched = await scene.merge(created, { spec: { size: 1 }, status: { phase: 'Forged' } });
    expect(patched.status).toBeUndefined();
    const replaced = await scene.cluster.replace(WIDGETS, { ...patched, status: { phase: 'Forged' } });
    expect(replaced.status).toBeUndefined();
  },

  'writing the status leaves spec and labels alone': async (scene) => {
    const created = await scene.create({ size: 1 });
    const body = { metadata: { labels: { forged: 'yes' } }, spec: { size: 9 }, status: { phase: 'Up' } };
    const patched = await scene.cluster.patchStatus(WIDGETS, nameOf(created), { type: 'merge', body });
    expect(patched).toMatchObject({ spec: { size: 1 }, status: { phase: 'Up' } });
    expect(patched.metadata.labels).toEqual(created.metadata.labels);
    const replaced = await scene.cluster.replaceStatus(WIDGETS, {
      ...patched,
      spec: { size: 9 },
      status: { count: 2 },
    });
    expect(replaced).toMatchObject({ spec: { size: 1 }, status: { count: 2 } });
  },

  'the generation counts changes of the spec, not of labels or status': async (scene) => {
    const created = await scene.create({ size: 1 });
    const labelled = await scene.merge(created, { metadata: { labels: { more: 'yes' } } });
    const withStatus = await scene.mergeStatus(created, { phase: 'Up' });
    expect([labelled.metadata.generation, withStatus.metadata.generation]).toEqual([1, 1]);
    expect((await scene.merge(created, { spec: { size: 2 } })).metadata.generation).toBe(2);
  },

  'a status write raises the resourceVersion, and with an old one is a conflict': async (scene) => {
    const created = await scene.create();
    const written = await scene.mergeStatus(created, { phase: 'Up' });
    expect(BigInt(written.metadata.resourceVersion!)).toBeGreaterThan(BigInt(created.metadata.resourceVersion!));
    expect((await refusalOf(scene.cluster.replaceStatus(WIDGETS, { ...created, status: { count: 1 } }))).code).toBe(
      'conflict',
    );
  },

  'a status against the schema is invalid': async (scene) => {
    const created = await scene.create();
    const error = await refusalOf(scene.mergeStatus(created, { count: 'many' }));
    expect(error.details.causes).toContainEqual(expect.objectContaining({ field: 'status.count' }));
  },

  'apply creates what is absent, and applying the same again changes nothing': async (scene) => {
    const name = scene.name();
    const created = await apply(scene, name, 'one', { size: 1 });
    expect(created.metadata.generation).toBe(1);
    const again = await apply(scene, name, 'one', { size: 1 });
    expect(again.metadata.resourceVersion).toBe(created.metadata.resourceVersion);
  },

  'apply merges the items of a list by their key': async (scene) => {
    const name = scene.name();
    await apply(scene, name, 'one', { ports: [{ name: 'http', number: 80 }] });
    const merged = await apply(scene, name, 'two', { ports: [{ name: 'https', number: 443 }] });
    expect(specOf(merged)['ports']).toEqual([
      { name: 'http', number: 80 },
      { name: 'https', number: 443 },
    ]);
  },

  'applying a field of another manager is a conflict that names it, and force takes it': async (scene) => {
    const name = scene.name();
    await apply(scene, name, 'one', { size: 1 });
    const error = await refusalOf(apply(scene, name, 'two', { size: 2 }));
    expect(error.code).toBe('conflict');
    expect(error.details.causes).toContainEqual(expect.objectContaining({ field: '.spec.size' }));
    expect(specOf(await apply(scene, name, 'two', { size: 2 }, true))['size']).toBe(2);
    expect((await refusalOf(apply(scene, name, 'one', { size: 1 }))).code).toBe('conflict');
  },

  'a field left out when applied again is removed, if nobody else holds it': async (scene) => {
    const name = scene.name();
    await apply(scene, name, 'one', { note: 'mine', size: 1, settings: { a: '1', b: '2' } });
    await apply(scene, name, 'two', { size: 1 });
    const applied = await apply(scene, name, 'one', { settings: { a: '1' } });
    expect(applied.spec).toEqual({ color: 'grey', size: 1, settings: { a: '1' } });
  },

  'apply writes the status through its subresource': async (scene) => {
    const created = await scene.create({ size: 1 });
    const body = { apiVersion: 'contract.test/v1', kind: 'Widget', status: { phase: 'Up' } };
    const patch = { type: 'apply', body, fieldManager: 'one' } as const;
    const applied = await scene.cluster.patchStatus(WIDGETS, nameOf(created), patch);
    expect(applied).toMatchObject({ spec: { size: 1 }, status: { phase: 'Up' } });
  },
};

function apply(scene: Scene, name: string, fieldManager: string, spec: object, force = false) {
  const { apiVersion, kind, metadata } = scene.widget(name);
  const body = { apiVersion, kind, metadata: { name, labels: metadata.labels }, spec };
  return scene.cluster.patch(WIDGETS, scene.at(name), { type: 'apply', body, fieldManager, force });
}
