import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandboxApi } from '../src/api/index.ts';
import { Journal } from '../src/store/journal.ts';
import { ObjectStore } from '../src/store/object-store.ts';
import { execution, probe } from './differential/steps.ts';
import { TestServer, WFES } from './support/server.ts';

describe('objects kept in a folder', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sandbox-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const journal = () => join(folder, 'cluster.ndjson');

  async function withServer<T>(use: (server: TestServer) => Promise<T>): Promise<T> {
    const server = await new TestServer({ dataFolder: folder }).start();
    try {
      return await use(server);
    } finally {
      await server.api.dispose();
    }
  }

  test('the next start continues with the same objects and later resourceVersions', async () => {
    const before = await withServer(async (server) => {
      const kept = await server.create('p', execution('kept'));
      await server.create('p', probe('gone'));
      await server.ask('DELETE', '/apis/probe.example.com/v1/namespaces/p/probes/gone');
      return { kept, revision: server.api.store.revision };
    });
    await withServer(async (server) => {
      const { items } = await server.expect('GET', `${WFES}/workflowexecutions`);
      expect(items).toEqual([before.kept]);
      expect((await server.expect('GET', '/apis/probe.example.com/v1/probes')).items).toEqual([]);
      const next = await server.create('p', execution('next'));
      expect(Number(next.metadata.resourceVersion)).toBe(before.revision + 1);
    });
  });

  test('a definition that was stored is served after the start, without being installed again', async () => {
    await withServer((server) => server.create('p', execution('a')));
    const api = createSandboxApi({ dataFolder: folder });
    const { url } = await api.listen(0);
    const response = await fetch(`${url}${WFES}/workflowexecutions`);
    expect(((await response.json()) as { items: unknown[] }).items).toHaveLength(1);
    await api.dispose();
  });

  test('a last line cut short by a crash is dropped, and nothing else', async () => {
    await withServer((server) => server.create('p', execution('a')));
    appendFileSync(journal(), '{"type":"ADDED","collection":"workflowexec');
    await withServer(async (server) => {
      expect((await server.expect('GET', `${WFES}/workflowexecutions`)).items).toHaveLength(1);
      await server.create('p', execution('b'));
    });
    await withServer(async (server) => {
      expect((await server.expect('GET', `${WFES}/workflowexecutions`)).items).toHaveLength(2);
    });
  });

  test('a start rewrites the file to one line for each object and the revision', async () => {
    await withServer(async (server) => {
      await server.create('p', execution('a'));
      for (const phase of ['Pending', 'Running', 'Completed']) {
        await server.merge(`${WFES}/namespaces/p/workflowexecutions/a/status`, { status: { phase } });
      }
    });
    const api = createSandboxApi({ dataFolder: folder });
    const objects = api.store.collections().flatMap((collection) => api.store.list(collection)).length;
    expect(readFileSync(journal(), 'utf8').trimEnd().split('\n')).toHaveLength(objects + 1);
    await api.dispose();
  });

  test('the file is written anew before it grows without bound, and loses nothing', () => {
    const journal = new Journal(folder);
    const store = new ObjectStore({ historyLimit: 10, journal, journalLimit: 10 });
    const object = (name: string, n: number) => ({ apiVersion: 'v1', kind: 'Thing', metadata: { name }, n });
    for (let n = 0; n < 100; n += 1) store.put('things', object(n % 2 === 0 ? 'even' : 'odd', n));
    journal.close();
    expect(readFileSync(join(folder, 'cluster.ndjson'), 'utf8').split('\n').length).toBeLessThan(20);
    const again = new ObjectStore({ historyLimit: 10, journal: new Journal(folder) });
    expect([again.revision, again.list('things').map((thing) => thing['n'])]).toEqual([store.revision, [98, 99]]);
  });

  test('a file that is something else is refused with the line and what to do', () => {
    writeFileSync(journal(), '{"hello":"world"}\n');
    expect(() => createSandboxApi({ dataFolder: folder })).toThrow(/line 1 .*remove the file/);
  });
});
