import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { parse, stringify } from 'yaml';
import type { PublishedHead, RecordedEvent } from '#event-store';
import { openSqliteEventStore, START } from '#event-store';
import type { ConfigMapObject } from '#kubernetes';
import { CONFIG_MAPS } from '#kubernetes';
import { faultsOfSeals } from '../../libs/runtime/test/support/sealed-log.ts';
import { rest, specFor } from '../support/rest.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { Client } from './client.ts';
import { openSandboxWorld } from './sandbox-world.ts';
import type { World } from './stage.ts';

const LIMIT_MS = 120_000;

describe('a sealed log', () => {
  let world: World;
  let service: ServiceProcess;
  beforeAll(async () => {
    world = await openSandboxWorld(3);
    service = await ServiceProcess.prepare({ cluster: world.clusterConfig });
    await service.start();
  }, LIMIT_MS);
  afterAll(async () => {
    await service?.remove();
    await world?.close();
  });

  const headFile = (): string => join(service.folder, 'data', 'head.json');
  const copy = (): string => join(service.folder, 'older.sqlite');
  const inFile = async (): Promise<PublishedHead> => JSON.parse(await readFile(headFile(), 'utf8')) as PublishedHead;
  const inCluster = async (): Promise<PublishedHead> => {
    const { items } = await world.cluster.list(CONFIG_MAPS, { namespace: 'kubernaut-workflows' });
    return JSON.parse((items[0] as ConfigMapObject).data?.['head.json'] ?? '') as PublishedHead;
  };
  const run = async (target: string): Promise<void> => {
    const client = new Client(service.url, world.cluster);
    await client.ended(await client.accepted(specFor('quick', target)));
  };

  /** The whole log; the service has to be stopped. */
  async function log(): Promise<{ readonly events: readonly RecordedEvent[]; readonly storeId: string }> {
    const store = await openSqliteEventStore({ file: service.logFile });
    const events: RecordedEvent[] = [];
    for (let page = await store.readAll(START); ; page = await store.readAll(page.next)) {
      events.push(...page.events);
      if (page.end) break;
    }
    const { storeId } = store;
    await store.close();
    return { events, storeId };
  }

  it(
    'is sealed when somebody asks, and the seal is shown in file, ConfigMap and log',
    async () => {
      await run('shop/deployment/first');
      const { body } = await rest(`${service.url}/v1/audit/seal`, 'POST');
      const { sealHash, number } = body as { sealHash: string; number: number };
      await until('the head to be shown', async () => (await inFile()).sealHash === sealHash);
      await until('the head to be shown in the cluster', async () => (await inCluster()).sealHash === sealHash);
      expect(number).toBe(0);
      expect(service.log).toContain('"msg":"the log is sealed"');
      expect(service.log).toContain(sealHash);
    },
    LIMIT_MS,
  );

  it(
    'is sealed to its last event when the service stops in order, and every seal checks',
    async () => {
      expect(await service.stop()).toBe(0);
      await copyFile(service.logFile, copy());
      const { events, storeId } = await log();
      expect(faultsOfSeals(events, storeId)).toEqual([]);
      const head = await inFile();
      expect(events.at(-1)?.hash).toBe(head.sealHash);
      expect(head.total).toBe(events.length - 1);
    },
    LIMIT_MS,
  );

  it(
    'that was rolled back to an older copy keeps the service from starting, and nothing is overwritten',
    async () => {
      await service.start();
      await run('shop/deployment/second');
      const rotated = await rest(`${service.url}/v1/audit/keys/rotate`, 'POST', { reason: 'routine' });
      expect(rotated.status).toBe(201);
      await service.stop();
      const before = await readFile(headFile(), 'utf8');
      for (const beside of ['-wal', '-shm']) await rm(`${service.logFile}${beside}`, { force: true });
      await copyFile(copy(), service.logFile);
      const [code] = (await once(service.launch(), 'exit')) as [number];
      expect(code).toBe(1);
      expect(service.tail).toMatch(
        /head\.json holds seal \d+ of the log .*; this log ends with seal \d+: it was cut, or an/,
      );
      expect(await readFile(headFile(), 'utf8')).toBe(before);
    },
    LIMIT_MS,
  );

  it(
    'goes on when somebody accepts that, which is recorded, and then needs no acceptance any more',
    async () => {
      const { sealHash } = await inFile();
      const path = join(service.folder, 'config.yaml');
      const config = parse(await readFile(path, 'utf8')) as { audit: object };
      await writeFile(path, stringify({ ...config, audit: { ...config.audit, acceptHeads: [sealHash] } }));
      await service.start();
      await until('another head to be shown', async () => (await inFile()).sealHash !== sealHash);
      await service.stop();
      await writeFile(path, stringify(config));
      await service.start();
      await service.stop();
      const { events, storeId } = await log();
      const accepted = events.filter(({ type }) => type === 'RollbackAccepted');
      expect(accepted.map(({ data }) => data['publishedSeal'])).toEqual([sealHash]);
      expect(faultsOfSeals(events, storeId)).toEqual([]);
      expect((await inCluster()).sealHash).toBe((await inFile()).sealHash);
    },
    LIMIT_MS,
  );
});
