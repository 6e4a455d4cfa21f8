import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PublishedHead } from '#event-store';
import { NO_SEAL, publishedHead, SealFormatError, signedSeal } from '#event-store';
import { ClusterError, CONFIG_MAPS, MemoryCluster, VirtualClock } from '#kubernetes';
import type { HeadPublisher } from '#runtime';
import { numberedKey } from '../../libs/runtime/test/support/sealed-log.ts';
import { quietLog } from '../../libs/runtime/test/support/quiet.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { FileKeyVault } from '../../src/keys/key-vault.file.ts';
import { HeadConfigMap } from '../../src/seals/head-config-map.ts';
import { HeadFile } from '../../src/seals/head-file.ts';
import { HeadLog } from '../../src/seals/head-log.ts';
import { publishersFor } from '../../src/seals/sealer-for.ts';
import { VaultSealKeys } from '../../src/seals/vault-seal-keys.ts';

const NAME = { namespace: 'runs', name: 'head' };
let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'heads-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const key = numberedKey(1);
async function headOf(number: number): Promise<PublishedHead> {
  const covered = { storeId: 's', from: number * 2, events: 2, position: `p${number}` };
  const seal = await signedSeal(key, { number, ...covered, root: 'ab'.repeat(32), previousSeal: NO_SEAL });
  const metadata = {
    time: '2026-01-02T03:04:05.678Z',
    actor: { user: 'x' },
    source: 'scheduler',
    commandId: 'c',
    correlationId: '',
    causationId: 'c',
  } as const;
  return publishedHead({ hash: 'cd'.repeat(32), metadata }, seal, key.publicKey);
}

const places: [string, () => HeadPublisher][] = [
  ['a file', () => new HeadFile(join(root, 'deep', 'head.json'))],
  ['a ConfigMap', () => new HeadConfigMap(new MemoryCluster({ clock: new VirtualClock() }), NAME)],
];

test.each(places)('%s shows nothing at first, then each head in the place of the one before', async (_, make) => {
  const place = make();
  expect(await place.read()).toBeUndefined();
  for (const number of [0, 1, 2]) {
    await place.publish(await headOf(number));
    expect(await place.read()).toEqual(await headOf(number));
  }
});

describe('a file', () => {
  test('is replaced as a whole, leaves nothing beside it, and can be read by everybody', async () => {
    const path = join(root, 'head.json');
    const file = new HeadFile(path);
    await file.publish(await headOf(0));
    writeFileSync(join(root, `head.json.${crypto.randomUUID()}.tmp`), 'what a crash left');
    await file.publish(await headOf(1));
    expect(readdirSync(root)).toEqual(['head.json']);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(await headOf(1));
  });

  test('that holds something else is no head, and is not taken for none', async () => {
    const path = join(root, 'head.json');
    for (const text of ['', '{}', JSON.stringify({ ...(await headOf(1)), number: 7 })]) {
      writeFileSync(path, text);
      await expect(new HeadFile(path).read()).rejects.toThrow(SealFormatError);
    }
  });

  test('in a place where none can be is an error', async () => {
    writeFileSync(join(root, 'taken'), '');
    await expect(new HeadFile(join(root, 'taken', 'head.json')).publish(await headOf(0))).rejects.toThrow('EEXIST');
    expect(readdirSync(root)).toEqual(['taken']);
  });
});

describe('a ConfigMap', () => {
  const clusterWith = async (data: Readonly<Record<string, string>>) => {
    const cluster = new MemoryCluster({ clock: new VirtualClock() });
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: NAME, data };
    await cluster.create(CONFIG_MAPS, object);
    return cluster;
  };

  test('keeps what others put into it', async () => {
    const cluster = await clusterWith({ theirs: 'x' });
    const place = new HeadConfigMap(cluster, NAME);
    expect(await place.read()).toBeUndefined();
    await place.publish(await headOf(0));
    expect(cluster.objects(CONFIG_MAPS)[0]).toMatchObject({ data: { theirs: 'x', 'head.json': expect.any(String) } });
  });

  test('that somebody wrote since it was read is not overwritten', async () => {
    const cluster = await clusterWith({});
    const place = new HeadConfigMap(cluster, NAME);
    await place.read();
    const other = new HeadConfigMap(cluster, NAME);
    await other.read();
    await other.publish(await headOf(5));
    await expect(place.publish(await headOf(4))).rejects.toThrow(expect.objectContaining({ code: 'conflict' }));
    expect((await other.read())?.number).toBe(5);
  });

  test('of a cluster without the core API is trouble that passes, not a missing head', async () => {
    const place = new HeadConfigMap(new MemoryCluster({ clock: new VirtualClock(), types: [] }), NAME);
    await expect(place.read()).rejects.toThrow(ClusterError);
    const code = await place.read().then(
      () => 'read',
      (error: ClusterError) => error.code,
    );
    expect(code).toBe('unavailable');
  });
});

test('the log of the service gets one line with the whole head, and is never read back', async () => {
  const lines: unknown[] = [];
  const place = new HeadLog({ ...quietLog, info: (fields, message) => lines.push([fields, message]) });
  await place.publish(await headOf(3));
  expect(lines).toEqual([[{ head: await headOf(3) }, 'the log is sealed']]);
  expect(await place.read()).toBeUndefined();
});

test('the configuration says where heads are shown', () => {
  const shownBy = (text: string): string[] => {
    const cluster = new MemoryCluster({ clock: new VirtualClock() });
    return publishersFor(readConfig({ path: 'c', text }, {}), cluster, quietLog).map(({ place }) => place);
  };
  expect(shownBy('store: { dataFolder: /data }')).toEqual([
    'the file /data/head.json',
    'the ConfigMap kubernaut-workflows/workflow-execution-head',
    'the log of the service',
  ]);
  expect(shownBy('audit: { headFile: /safe/h, namespace: n, headConfigMap: h }').slice(0, 2)).toEqual([
    'the file /safe/h',
    'the ConfigMap n/h',
  ]);
  expect(shownBy('audit: { headFile: off, headConfigMap: off }')).toEqual(['the log of the service']);
});

describe('keys that sign', () => {
  test('are found again by their id, and sign the same', async () => {
    const keys = new VaultSealKeys(new FileKeyVault(root, quietLog));
    const made = await keys.create();
    const found = (await keys.find(made.keyId))!;
    expect([found.keyId, Buffer.from(found.publicKey)]).toEqual([made.keyId, Buffer.from(made.publicKey)]);
    expect(await found.sign(Buffer.of(1))).toEqual(await made.sign(Buffer.of(1)));
    expect(await keys.find('ab'.repeat(32))).toBeUndefined();
    expect((await keys.create()).keyId).not.toBe(made.keyId);
    expect(readdirSync(root).every((file) => /^seal-[0-9a-f]{64}\.key$/.test(file))).toBe(true);
  });

  test('that were put under another name, or cut short, are refused', async () => {
    const vault = new FileKeyVault(root, quietLog);
    const id = 'ab'.repeat(32);
    await vault.create(`seal-${id}`, Buffer.alloc(32, 7));
    await expect(new VaultSealKeys(vault).find(id)).rejects.toThrow('found another or a damaged one');
    await vault.create(`seal-${'cd'.repeat(32)}`, Buffer.alloc(31, 7));
    await expect(new VaultSealKeys(vault).find('cd'.repeat(32))).rejects.toThrow('found another or a damaged one');
  });
});
