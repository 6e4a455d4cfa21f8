import { nameOf, WIDGETS, type Cases } from './scene.ts';

export const LIST_CASES: Cases = {
  'a list shows the selected objects whole, with their kind, and a resourceVersion': async (scene) => {
    const created = await scene.create({ size: 1 });
    const page = await scene.cluster.list(WIDGETS, { namespace: 'default', labelSelector: scene.label });
    expect(page.items).toEqual([created]);
    expect(page.items[0]).toMatchObject({ apiVersion: 'contract.test/v1', kind: 'Widget' });
    expect(BigInt(page.resourceVersion)).toBeGreaterThanOrEqual(BigInt(created.metadata.resourceVersion!));
    expect(page.continue).toBeUndefined();
  },

  'a list without a namespace shows all of them, one with a namespace only its own': async (scene) => {
    const created = await scene.create();
    const everywhere = await scene.cluster.list(WIDGETS, { labelSelector: scene.label });
    expect(everywhere.items.map(nameOf)).toEqual([nameOf(created)]);
    expect(await scene.names({ namespace: 'kube-node-lease' })).toEqual([]);
  },

  'pages show each object once, as of one moment': async (scene) => {
    const all = [];
    for (let i = 0; i < 7; i += 1) all.push((await scene.create({ size: i })).metadata.name);
    const first = await scene.cluster.list(WIDGETS, { labelSelector: scene.label, limit: 3 });
    expect(first.items).toHaveLength(3);
    await scene.create({ size: 99 }); // after that moment
    const second = await scene.cluster.list(WIDGETS, {
      labelSelector: scene.label,
      limit: 3,
      continue: first.continue!,
    });
    const third = await scene.cluster.list(WIDGETS, {
      labelSelector: scene.label,
      limit: 3,
      continue: second.continue!,
    });
    expect(third.continue).toBeUndefined();
    const pages = [first, second, third];
    expect(new Set(pages.map(({ resourceVersion }) => resourceVersion)).size).toBe(1);
    expect(pages.flatMap(({ items }) => items.map(({ metadata }) => metadata.name)).sort()).toEqual(all.sort());
  },

  'label selectors compare, choose from a set, and ask for presence': async (scene) => {
    const one = await scene.create({}, { labels: { tier: 'front', extra: 'yes' } });
    const two = await scene.create({}, { labels: { tier: 'back' } });
    const three = await scene.create();
    const select = (more: string) => scene.names({ labelSelector: `${scene.label},${more}` });
    const names = (...objects: { metadata: { name: string } }[]) => objects.map(({ metadata }) => metadata.name).sort();
    expect(await select('tier=front')).toEqual(names(one));
    expect(await select('tier!=front')).toEqual(names(two, three));
    expect(await select('tier in (front,back)')).toEqual(names(one, two));
    expect(await select('tier notin (front)')).toEqual(names(two, three));
    expect(await select('extra')).toEqual(names(one));
    expect(await select('!tier')).toEqual(names(three));
  },

  'field selectors choose by name and by the selectable fields': async (scene) => {
    const red = await scene.create({ color: 'red' });
    const blue = await scene.create({ color: 'blue' });
    await scene.mergeStatus(blue, { phase: 'Up' });
    expect(await scene.names({ fieldSelector: `metadata.name=${red.metadata.name}` })).toEqual([red.metadata.name]);
    expect(await scene.names({ fieldSelector: 'spec.color=blue' })).toEqual([blue.metadata.name]);
    expect(await scene.names({ fieldSelector: 'spec.color!=blue' })).toEqual([red.metadata.name]);
    expect(await scene.names({ fieldSelector: 'spec.color=blue,status.phase=Up' })).toEqual([blue.metadata.name]);
  },

  'a field that is not selectable is a bad-request': async (scene) => {
    await expect(scene.names({ fieldSelector: 'spec.size=1' })).rejects.toMatchObject({ code: 'bad-request' });
  },

  'a table shows the printer columns': async (scene) => {
    const created = await scene.create({ color: 'red', size: 4 });
    await scene.mergeStatus(created, { phase: 'Up' });
    const { body } = await scene.cluster.raw({
      method: 'GET',
      path: `/apis/contract.test/v1/namespaces/default/widgets?labelSelector=${encodeURIComponent(scene.label)}`,
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' },
    });
    const table = JSON.parse(body) as {
      kind: string;
      columnDefinitions: { name: string; priority: number }[];
      rows: { cells: unknown[]; object: { metadata: { name: string } } }[];
    };
    expect(table.kind).toBe('Table');
    expect(table.columnDefinitions.map(({ name }) => name)).toEqual(['Name', 'Color', 'Phase', 'Size', 'Age']);
    expect(table.columnDefinitions.find(({ name }) => name === 'Size')?.priority).toBe(1);
    expect(table.rows[0]?.cells.slice(0, 4)).toEqual([created.metadata.name, 'red', 'Up', 4]);
    expect(table.rows[0]?.object.metadata.name).toBe(created.metadata.name);
  },
};
