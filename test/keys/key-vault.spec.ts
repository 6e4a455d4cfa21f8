import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '#kubernetes';
import { ClusterError, MemoryCluster, SECRETS, VirtualClock } from '#kubernetes';
import { keyVaultFor } from '../../src/keys/key-vault-for.ts';
import { FileKeyVault } from '../../src/keys/key-vault.file.ts';
import { KeyExistsError, keyOf } from '../../src/keys/key-vault.ts';
import type { KeyVault } from '../../src/keys/key-vault.ts';
import { SecretKeyVault } from '../../src/keys/key-vault.secret.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { sensitivityFor } from '../../src/wiring/sensitivity.ts';

const NAME = { namespace: 'runs', name: 'keys' };
let root: string;
let warnings: string[];
const log = { warn: (_: object, message: string) => void warnings.push(message) };
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'keys-'));
  warnings = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const vaults: [string, () => KeyVault][] = [
  ['of files', () => new FileKeyVault(join(root, 'keys'), log)],
  ['in a Secret', () => new SecretKeyVault(new MemoryCluster({ clock: new VirtualClock() }), NAME)],
];

describe.each(vaults)('a vault %s', (_, make) => {
  test('gives back what it was given, under its name only', async () => {
    const vault = make();
    const [a, b] = [randomBytes(32), randomBytes(64)];
    expect(await vault.read('a')).toBeUndefined();
    await vault.create('a', a);
    await vault.create('b', b);
    expect([Buffer.from((await vault.read('a'))!), Buffer.from((await vault.read('b'))!)]).toEqual([a, b]);
    expect(await vault.read('constructor')).toBeUndefined();
  });

  test('never overwrites, and takes the same bytes again', async () => {
    const vault = make();
    const first = randomBytes(32);
    await vault.create('a', first);
    await vault.create('a', first);
    await expect(vault.create('a', randomBytes(32))).rejects.toThrow(KeyExistsError);
    expect(Buffer.from((await vault.read('a'))!)).toEqual(first);
  });

  test('of many who make a key at once, all get the same', async () => {
    const vault = make();
    const made = await Promise.all(Array.from({ length: 5 }, () => keyOf(vault, 'shared', () => randomBytes(16))));
    expect(new Set(made.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    expect(await vault.read('shared')).toEqual(made[0]);
  });

  test('takes no name that means something to a file system, and no bytes without end', async () => {
    const vault = make();
    for (const name of ['', '..', '../a', 'a/b', 'A', 'a.b', 'x'.repeat(101)])
      await expect(vault.create(name, randomBytes(1))).rejects.toThrow(RangeError);
    for (const length of [0, 4097]) await expect(vault.create('a', randomBytes(length))).rejects.toThrow(RangeError);
  });
});

describe('key files', () => {
  test('can be read by their owner only, and nothing else is left in the folder', async () => {
    const vault = new FileKeyVault(join(root, 'keys'), log);
    await vault.create('a', randomBytes(32));
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect([mode(join(root, 'keys')), mode(join(root, 'keys', 'a.key'))]).toEqual(['700', '600']);
    expect(readdirSync(join(root, 'keys'))).toEqual(['a.key']);
    await expect(vault.create('a', randomBytes(32))).rejects.toThrow(KeyExistsError);
    expect(readdirSync(join(root, 'keys'))).toEqual(['a.key']);
    expect(warnings).toEqual([]);
  });

  test('what a crash left of one that was being written is removed with the next, and nothing else is', async () => {
    const vault = new FileKeyVault(root, log);
    for (const file of [`.${crypto.randomUUID()}.tmp`, 'notes.tmp', '.hidden'])
      writeFileSync(join(root, file), 'half a ke');
    await vault.create('a', randomBytes(32));
    expect(readdirSync(root).sort()).toEqual(['.hidden', 'a.key', 'notes.tmp']);
  });

  test('a folder that was there and open to others is closed', async () => {
    mkdirSync(join(root, 'keys'), { mode: 0o755 });
    await new FileKeyVault(join(root, 'keys'), log).create('a', randomBytes(32));
    expect((statSync(join(root, 'keys')).mode & 0o777).toString(8)).toBe('700');
  });

  test('one that others can read is told of, and used', async () => {
    const vault = new FileKeyVault(root, log);
    await vault.create('a', randomBytes(32));
    chmodSync(join(root, 'a.key'), 0o644);
    expect(await vault.read('a')).toHaveLength(32);
    expect(warnings).toEqual([expect.stringContaining('chmod 600')]);
  });

  test('a damaged one is an error that shows nothing of it, and never a missing one', async () => {
    const vault = new FileKeyVault(root, log);
    for (const text of ['', 'not base64!', 'AAAA\nBBBB', 'A'.repeat(20_000)]) {
      writeFileSync(join(root, 'a.key'), text, { mode: 0o600 });
      const message = await vault.read('a').then(String, (error: Error) => error.message);
      expect(message).toContain('is damaged: expected one line of base64');
      if (text !== '') expect(message).not.toContain(text.slice(0, 8));
    }
  });

  test('hold one line of base64, so that people can copy them', async () => {
    const key = randomBytes(32);
    await new FileKeyVault(root, log).create('a', key);
    expect(readFileSync(join(root, 'a.key'), 'utf8')).toBe(`${key.toString('base64')}\n`);
  });
});

describe('a Secret', () => {
  test('keeps what others put into it', async () => {
    const cluster = new MemoryCluster({ clock: new VirtualClock() });
    const theirs = { ...secret(), data: { theirs: 'AAAA' } };
    await cluster.create(SECRETS, theirs);
    await new SecretKeyVault(cluster, NAME).create('ours', Buffer.of(1));
    expect(cluster.objects(SECRETS)[0]).toMatchObject({ data: { theirs: 'AAAA', ours: 'AQ==' } });
  });

  test('that cannot be read is an error, not a missing key', async () => {
    const refused = { get: () => Promise.reject(new ClusterError('forbidden', 'no')) } as unknown as Cluster;
    await expect(new SecretKeyVault(refused, NAME).read('a')).rejects.toThrow('no');
  });

  test('that is refused is told without what the API server says of it: that may be the key', async () => {
    const refusal = new ClusterError('invalid', 'Invalid value: "c2VjcmV0"', { status: 422 });
    const cluster = {
      get: () => Promise.reject(new ClusterError('not-found', 'no')),
      create: () => Promise.reject(refusal),
    } as unknown as Cluster;
    const told = await new SecretKeyVault(cluster, NAME).create('a', Buffer.from('secret')).then(String, String);
    expect(told).toBe('ClusterError: the Secret could not be written (invalid)');
  });

  const secret = () => ({ apiVersion: 'v1', kind: 'Secret', metadata: NAME });
});

test('a vault that cannot be asked keeps the service from starting, with where it is and what to do', async () => {
  const cluster = {
    get: () => Promise.reject(new ClusterError('forbidden', 'get secrets runs/keys: HTTP 403')),
  } as unknown as Cluster;
  const config = readConfig(undefined, {});
  await expect(sensitivityFor(config, new SecretKeyVault(cluster, NAME))).rejects.toThrow(
    /^the keys in the Secret runs\/keys cannot be used: get secrets runs\/keys: HTTP 403\. Let the service read .*audit\.keySecret/,
  );
});

test('the configuration says where keys are kept', () => {
  const place = (text: string) =>
    keyVaultFor(readConfig({ path: 'c', text }, {}), new MemoryCluster({ clock: new VirtualClock() }), log).place;
  expect(place('store: { dataFolder: /data }')).toBe('the folder /data/keys');
  expect(place('audit: { keyFolder: /safe }')).toBe('the folder /safe');
  expect(place('audit: { keys: secret }')).toBe('the Secret kubernaut-workflows/workflow-execution-keys');
  expect(place('audit: { keys: secret, keySecret: k, namespace: vault }')).toBe('the Secret vault/k');
});
