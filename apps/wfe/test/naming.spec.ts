import { ID, OTHER, execution, row } from './support/answers.ts';
import { called } from './support/called.ts';
import { ScriptedService } from './support/scripted-service.ts';

describe('an execution is named', () => {
  let service: ScriptedService;
  beforeAll(async () => (service = await ScriptedService.open()));
  afterEach(() => service.forget());
  afterAll(() => service.close());

  const rows = [
    row({ executionId: OTHER, resource: { namespace: 'shop', name: 'restart' } }),
    row(),
    row({ executionId: 'cafe0000-0000-4000-8000-000000000000', resource: { namespace: 'default', name: 'cafe' } }),
    row({ executionId: 'beef0000-0000-4000-8000-000000000000', resource: { namespace: 'default', name: 'again' } }),
    row({ executionId: 'beef1111-0000-4000-8000-000000000000', resource: { namespace: 'default', name: 'again' } }),
  ];
  beforeEach(() => {
    service.on('GET /v1/executions', ({ url }, response) => {
      const namespace = url.searchParams.get('namespace');
      const items = rows.filter(({ resource }) => namespace === null || resource.namespace === namespace);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items }));
    });
    for (const { executionId } of rows) service.json(`GET /v1/executions/${executionId}`, execution({ executionId }));
  });
  const meant = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await called(['get', ...args, '-o', 'name', '--server', service.url]);
    return code === 0 ? out.trim() : `${code} ${err}`;
  };

  test.each([
    ['by its id', [ID], ID],
    ['by namespace/name', ['payment/restart'], ID],
    ['by name and -n', ['restart', '-n', 'shop'], OTHER],
    ['by the beginning of its id', [ID.slice(0, 22)], ID],
    ['by a name that could be the beginning of an id, with -n', ['cafe', '-n', 'default'], rows[2]?.executionId],
    ['by the name alone in the namespace default', ['again'], rows[3]?.executionId],
    ['by the newest of a name', ['default/again'], rows[3]?.executionId],
  ])('%s', async (_, args, id) => {
    expect(await meant(...args)).toBe(id);
  });

  test('by a whole id without a look at the list', async () => {
    await meant(ID);
    expect(service.asked.map(({ url }) => url.pathname)).toEqual([`/v1/executions/${ID}`]);
  });

  test('not by a beginning that several have: they are told', async () => {
    const said = await meant('beef');
    expect(said).toMatch(/^2 /);
    for (const { executionId } of rows.slice(3)) expect(said).toContain(executionId);
  });

  test.each([
    ['nobody has that name', ['default/nothing'], 3],
    ['nobody has that beginning, nor that name', ['0000'], 3],
    ['it is no name', ['Not A Name\x1b[2J'], 2],
    ['it has too many parts', ['a/b/c'], 2],
  ])('not when %s', async (_, args, code) => {
    const said = await meant(...args);
    expect(said).toMatch(new RegExp(`^${code} wfe: `));

    expect(said).not.toMatch(/\x1b/);
  });

  test('through pages, which have an end', async () => {
    let pages = 0;
    service.on('GET /v1/executions', (_, response) => {
      pages += 1;
      const items = pages === 3 ? [row({ resource: { namespace: 'deep', name: 'down' } })] : [row()];
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items, next: `p${pages}` }));
    });
    expect(await meant('deep/down')).toBe(ID);
    expect(pages).toBe(3);
    expect(await meant('deep/nowhere')).toMatch(/^3 .*among the newest 10000/);
    expect(pages).toBe(23);
  });
});
