import { execution } from './differential/steps.ts';
import { TestServer, WFES } from './support/server.ts';
import type { Json } from './support/server.ts';

describe('lists', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await new TestServer({ revisionWaitMs: 200 }).start();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await server.create('l', execution(name));
  });
  afterEach(() => server.api.dispose());

  const list = (query: string) => `${WFES}/namespaces/l/workflowexecutions?${query}`;
  const names = (page: Json): string[] => page.items.map(({ metadata }) => metadata.name);

  test('pages show the state of one moment, whatever is written in between', async () => {
    const first = await server.expect('GET', list('limit=2'));
    await server.ask('DELETE', `${WFES}/namespaces/l/workflowexecutions/d`);
    await server.create('l', execution('bb'));
    const second = await server.expect('GET', list(`limit=2&continue=${first.metadata.continue}`));
    const third = await server.expect('GET', list(`limit=2&continue=${second.metadata.continue}`));
    expect([first, second, third].map(names)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect([first, second, third].map(({ metadata }) => metadata.resourceVersion)).toEqual(
      Array(3).fill(first.metadata.resourceVersion),
    );
    expect([first.metadata.remainingItemCount, third.metadata.continue]).toEqual([3, '']);
    expect(names(await server.expect('GET', list('')))).toEqual(['a', 'b', 'bb', 'c', 'e']);
  });

  test('a continue token from before the compaction is 410', async () => {
    const first = await server.expect('GET', list('limit=2'));
    await server.create('l', execution('f'));
    server.api.compact();
    const { code, body } = await server.ask('GET', list(`limit=2&continue=${first.metadata.continue}`));
    expect([code, body.reason]).toEqual([410, 'Expired']);
  });

  test('an exact resourceVersion shows the past, and is 410 once compacted', async () => {
    const { metadata } = await server.expect('GET', list(''));
    await server.create('l', execution('f'));
    const exact = list(`resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact`);
    expect(names(await server.expect('GET', exact))).toEqual(['a', 'b', 'c', 'd', 'e']);
    server.api.compact();
    expect((await server.ask('GET', exact)).code).toBe(410);
  });

  test('a list waits for a resourceVersion that comes', async () => {
    const next = server.api.store.revision + 1;
    const [listed] = await Promise.all([
      server.expect('GET', list(`resourceVersion=${next}`)),
      server.create('l', execution('f')),
    ]);
    expect(names(listed)).toContain('f');
  });

  test('deletecollection deletes what is selected and nothing else', async () => {
    await server.merge(`${WFES}/namespaces/l/workflowexecutions/b`, { metadata: { labels: { go: 'away' } } });
    await server.expect('DELETE', list('labelSelector=go%3Daway'));
    expect(names(await server.expect('GET', list('')))).toEqual(['a', 'c', 'd', 'e']);
  });
});
