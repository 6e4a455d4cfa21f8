import { once } from 'node:events';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { runTool } from '../../libs/audit/test/bundle/python.ts';
import { rest, specFor } from '../support/rest.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { Wfe } from '../wfe/wfe-process.ts';
import { Client } from './client.ts';
import { openSandboxWorld } from './sandbox-world.ts';
import type { World } from './stage.ts';

const LIMIT_MS = 120_000;
const TARGET = 'shop/deployment/archived';

interface Verification {
  readonly ok: boolean;
  readonly archived: number;
  readonly archives: { readonly named: number; readonly held: number };
  readonly firstDamage?: { readonly kind: string; readonly found: string };
}

describe('closed histories', () => {
  let world: World;
  let service: ServiceProcess;
  let client: Client;
  let wfe: Wfe;
  let id = '';
  let file = '';
  beforeAll(async () => {
    world = await openSandboxWorld(5);
    service = await ServiceProcess.prepare({
      cluster: world.clusterConfig,
      execution: { cooldown: '0s', ttlAfterFinished: '1s' },
      retention: { archiveAfter: '1s' },
    });
    await service.start();
    client = new Client(service.url, world.cluster);
    wfe = new Wfe({ server: service.url });
  }, LIMIT_MS);
  afterAll(async () => {
    wfe?.dispose();
    await service?.remove();
    await world?.close();
  });

  const folder = (): string => join(service.folder, 'data', 'archives');
  const path = (): string => join(folder(), file);
  const get = <Body = Record<string, unknown>>(route: string) => rest<Body>(`${service.url}${route}`);
  const verified = async (query = '?archives=true'): Promise<Verification> =>
    (await get<Verification>(`/v1/audit/verify${query}`)).body;
  const isArchived = async (): Promise<boolean> =>
    (await client.types(id)).join() === 'ExecutionArchived' && (await readdir(folder())).length > 0;
  const keyFile = async (): Promise<string> => {
    const { body } = await get<{ items: { publicKey: string }[] }>('/v1/audit/keys');
    const name = join(service.folder, 'key.txt');
    await writeFile(name, body.items[0]!.publicKey);
    return name;
  };
  /** Exports, and lets both verifiers look at it. */
  const exported = async (query: string): Promise<string> => {
    const name = join(service.folder, 'bundle.ndjson');
    const answer = await fetch(`${service.url}/v1/audit/export${query}`);
    await writeFile(name, Buffer.from(await answer.arrayBuffer()));
    const key = await keyFile();
    expect((await wfe.run(['verify', name, '--key', key])).code).toBe(0);
    expect(runTool(['--key', key, name]).status).toBe(0);
    return readFile(name, 'utf8');
  };

  it(
    'go to a file that only its owner can read, and of which the log keeps the hashes',
    async () => {
      id = await client.accepted(specFor('quick', TARGET));
      const states = await until('the execution to end', async () => {
        const now = await client.get(id);
        return now.status.phase === 'Completed' ? now : undefined;
      });
      await until('it to be archived', isArchived, LIMIT_MS);
      [file = ''] = await readdir(folder());
      expect(file).toMatch(/^archive-\d{8}T\d{6}Z-[0-9a-f]{8}\.ndjson\.gz$/);
      expect([(await stat(path())).mode & 0o777, (await stat(folder())).mode & 0o777]).toEqual([0o600, 0o700]);
      expect((await client.get(id)).status.outcome).toBe(states.status.outcome);
      expect((await get<{ items: object[] }>(`/v1/executions?target=${TARGET}`)).body.items).toEqual([
        expect.objectContaining({ outcome: 'Success' }),
      ]);
    },
    LIMIT_MS,
  );

  it('are told of by the file that has them, by REST and by wfe', async () => {
    const { body } = await get<{ items: { type: string; sentence: string }[] }>(`/v1/executions/${id}/history`);
    expect(body.items.map(({ type }) => type)).toEqual(['ExecutionArchived']);
    expect(body.items[0]?.sentence).toContain(file);
    for (const path of ['?at=0', '/history?at=0']) {
      const before = await get<{ code: string; detail: string }>(`/v1/executions/${id}${path}`);
      expect([path, before.status, before.body.code]).toEqual([path, 410, 'history-archived']);
      expect(before.body.detail).toContain(file);
    }
    const shown = await wfe.ok(['history', id]);
    expect(shown).toContain(file);
    expect(shown).toContain('wfe verify FILE');
    expect((await wfe.run(['history', id, '--at', '0'])).err).toContain(file);
  });

  it(
    'check: the file by itself, with both verifiers, and against the log',
    async () => {
      const key = await keyFile();
      expect((await wfe.run(['verify', path(), '--key', key])).code).toBe(0);
      expect(runTool(['--key', key, path()]).status).toBe(0);
      expect(await verified()).toMatchObject({ ok: true, archives: { named: 1, held: 1 } });
      expect((await verified('')).archives).toEqual({ named: 1, held: 0 });
      expect(await wfe.ok(['verify', '--archives'])).toContain('1 of which were read, and are good');
    },
    LIMIT_MS,
  );

  it(
    'are in every bundle by their hashes',
    async () => {
      const { archived } = await verified('');
      expect(archived).toBeGreaterThan(5);
      for (const query of ['', `?execution=${id}`, `?to=${new Date(Date.now() + 1000).toISOString()}`])
        expect((await exported(query)).split('"kind":"stub"')).toHaveLength(archived + 1);
    },
    LIMIT_MS,
  );

  it(
    'hold after a restart and with the read model made anew, and replaying finds nothing',
    async () => {
      await service.stop();
      const data = join(service.folder, 'data');
      for (const name of await readdir(data)) if (name.startsWith('read-model')) await rm(join(data, name));
      await service.start();
      await until('the list to be there again', async () => {
        const { body } = await get<{ items: object[] }>(`/v1/executions?target=${TARGET}`);
        return body.items.length === 1;
      });
      const { body } = await get('/v1/audit/replay-check');
      expect(body).toMatchObject({ executions: 1, differences: [] });
      expect(await verified()).toMatchObject({ ok: true, archives: { named: 1, held: 1 } });
      const { archived } = await verified('');
      const before = `?to=${new Date(Date.now() - 1000).toISOString()}`;
      expect((await exported(before)).split('"kind":"stub"')).toHaveLength(archived + 1);
      expect(await readdir(folder())).toEqual([file]);
    },
    LIMIT_MS,
  );

  it(
    'whose file was changed, replaced or is gone are found, by name',
    async () => {
      const good = await readFile(path());
      const changed = Buffer.from(good);
      changed[changed.length >> 1]! ^= 1;
      for (const content of [changed, good.subarray(0, -1), Buffer.from('something else'), Buffer.alloc(0)]) {
        await writeFile(path(), content);
        expect((await verified()).firstDamage?.kind).toBe('ArchiveDiffers');
      }
      await rename(path(), `${path()}.moved`);
      expect((await verified()).firstDamage?.kind).toBe('ArchiveMissing');
      const { code, out } = await wfe.run(['verify', '--archives']);
      expect([code, out]).toEqual([1, expect.stringContaining('ArchiveMissing')]);
      expect((await verified('')).ok).toBe(true);
      await writeFile(`${path()}.moved`, good);
      await rename(`${path()}.moved`, path());
      expect((await verified()).ok).toBe(true);
    },
    LIMIT_MS,
  );

  it(
    'cannot be kept where nothing can be written: the service does not start, and says so',
    async () => {
      await service.stop();
      const name = join(service.folder, 'config.yaml');
      const config = parse(await readFile(name, 'utf8')) as Record<string, object>;
      const inTheWay = join(service.folder, 'a-file');
      await writeFile(inTheWay, '');
      await writeFile(name, stringify({ ...config, retention: { archiveAfter: '1s', folder: inTheWay } }));
      const [code] = (await once(service.launch(), 'exit')) as [number];
      expect(code).toBe(1);
      expect(service.tail).toContain(`retention.folder: expected a folder that can be written, found ${inTheWay}`);
    },
    LIMIT_MS,
  );
});
