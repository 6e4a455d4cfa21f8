import { createPublicKey } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { exported, fileOf, sampleWorld, type World } from '../../../libs/audit/test/bundle/world.ts';
import { ID } from './support/answers.ts';
import { called } from './support/called.ts';
import { ScriptedService } from './support/scripted-service.ts';

const EXPORT = 'GET /v1/audit/export';

describe('a bundle', () => {
  let service: ScriptedService;
  let world: World;
  let bundle: Buffer;
  let folder = '';
  beforeAll(async () => {
    service = await ScriptedService.open();
    world = await sampleWorld();
    bundle = fileOf(await exported(world.parts(), { kind: 'all' }));
  });
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'wfe-bundles-'))));
  afterEach(() => {
    service.forget();
    rmSync(folder, { recursive: true });
  });
  afterAll(() => service.close());

  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const served = (content: Uint8Array, isCut = false): void => {
    service.on(EXPORT, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      // In pieces that end anywhere.
      for (let from = 0; from < content.length; from += 777) response.write(content.subarray(from, from + 777));
      if (isCut) response.destroy();
      else response.end();
    });
  };
  const events = (bundle_: Buffer): number =>
    bundle_
      .toString()
      .split('\n')
      .filter((line) => line.includes('"kind":"event"')).length;

  describe('is exported', () => {
    const wfe = (...args: string[]) => called(['export', '--server', service.url, ...args]);

    test('to a file that only its owner can read, byte for byte, and counted', async () => {
      served(bundle);
      const path = join(folder, 'all.ndjson');
      const { code, out, err } = await wfe('-o', path);
      expect([code, out]).toEqual([0, '']);
      expect(err).toContain(`${events(bundle)} events, ${bundle.length} bytes`);
      expect(readFileSync(path).equals(bundle)).toBe(true);
      expect([statSync(path).mode & 0o777, readdirSync(folder)]).toEqual([0o600, ['all.ndjson']]);
    });

    test.each([
      ['when the file is named so', ['-o', 'FILE.gz']],
      ['when that is wanted', ['-o', 'FILE', '--gzip']],
    ])('compressed %s', async (_, args) => {
      served(bundle);
      await wfe(...args.map((arg) => arg.replace('FILE', join(folder, 'bundle'))));
      const [name = ''] = readdirSync(folder);
      expect(gunzipSync(readFileSync(join(folder, name))).equals(bundle)).toBe(true);
    });

    test('to stdout, and nothing else is there', async () => {
      served(bundle);
      for (const args of [[], ['-o', '-']])
        expect(await wfe(...args)).toEqual({ code: 0, out: bundle.toString(), err: '' });
    });

    test('not to a terminal', async () => {
      const ended = await called(['export', '--server', service.url], { terminal: 80 });
      expect([ended.code, service.asked.length]).toEqual([2, 0]);
      expect(ended.err).toContain('expected -o FILE');
    });

    test.each([
      [['--execution', ID], { execution: ID }],
      [
        ['--from', '2026-11-20T00:00Z', '--to', '1h'],
        { from: '2026-11-20T00:00:00.000Z', to: '2026-11-20T11:00:00.000Z' },
      ],
      [[], {}],
    ])('of what %j names', async (args, query) => {
      served(bundle);
      await wfe(...args);
      expect(Object.fromEntries(service.asked.at(-1)!.url.searchParams)).toEqual(query);
    });

    test('or nothing is left: of a broken connection, of an end that is missing, of a refusal', async () => {
      const path = join(folder, 'x');
      served(bundle.subarray(0, 5000), true);
      expect(await wfe('-o', path)).toMatchObject({ code: 4 });
      served(bundle.subarray(0, bundle.lastIndexOf('\n', bundle.length - 2) + 1));
      expect(await wfe('-o', path)).toMatchObject({ code: 6, err: expect.stringContaining('broke off') as string });
      service.problem(EXPORT, 503, 'store-unavailable');
      expect(await wfe('-o', path)).toMatchObject({ code: 6 });
      expect(readdirSync(folder)).toEqual([]);
    });

    test('or nothing is left of a Ctrl-C', async () => {
      const stopping = new AbortController();
      service.on(EXPORT, (_, response) => {
        response.writeHead(200).write(bundle.subarray(0, 5000), () => stopping.abort());
      });
      const { code } = await called(['export', '--server', service.url, '-o', join(folder, 'x')], {
        signal: stopping.signal,
      });
      expect([code, readdirSync(folder)]).toEqual([130, []]);
    });

    test('over no file that is there, unless it is forced', async () => {
      served(bundle);
      const path = file('kept', 'before');
      const refused = await wfe('-o', path);
      expect([refused.code, readFileSync(path, 'utf8'), service.asked.length]).toEqual([2, 'before', 0]);
      expect(await wfe('-o', path, '--force')).toMatchObject({ code: 0 });
      expect(readFileSync(path).equals(bundle)).toBe(true);
    });

    test('not into what another export writes', async () => {
      served(bundle);
      file('x.part', 'of another');
      expect(await wfe('-o', join(folder, 'x'))).toMatchObject({
        code: 2,
        err: expect.stringContaining('under way') as string,
      });
      expect(readFileSync(join(folder, 'x.part'), 'utf8')).toBe('of another');
      expect(existsSync(join(folder, 'x'))).toBe(false);
    });

    test('not where nothing can be written', async () => {
      served(bundle);
      expect(await wfe('-o', join(folder, 'no', 'x'))).toMatchObject({
        code: 2,
        err: expect.stringContaining('ENOENT') as string,
      });
    });
  });

  describe('is verified without any service', () => {
    const wfe = (...args: string[]) => called(['verify', ...args], { env: { WFE_SERVER: 'http://127.0.0.1:1' } });
    const pem = (): string => {
      const prefix = Buffer.from('302a300506032b6570032100', 'hex');
      const der = Buffer.concat([prefix, world.key.publicKey]);
      return createPublicKey({ key: der, format: 'der', type: 'spki' })
        .export({ type: 'spki', format: 'pem' })
        .toString();
    };
    const raw = (): Buffer => Buffer.from(world.key.publicKey);

    test('plain, packed, and from stdin', async () => {
      for (const content of [bundle, gzipSync(bundle)]) {
        const { code, out } = await wfe(file('bundle', content));
        expect([code, out]).toEqual([0, expect.stringContaining('good in itself; nobody vouches for it\n')]);
        expect(out).toContain(`${events(bundle)} events in `);
      }
      expect(await called(['verify', '-'], { stdin: bundle.toString() })).toMatchObject({ code: 0 });
    });

    test.each([
      ['PEM', () => pem()],
      ['base64', () => `${raw().toString('base64')}\n`],
      ['hex', () => raw().toString('hex')],
    ])('with a key that vouches for it, as %s', async (_, key) => {
      const { code, out } = await wfe(file('bundle', bundle), '--key', file('key', key()));
      expect([code, out.split('\n')[0]]).toEqual([0, 'good']);
    });

    test('with a published head', async () => {
      const head = file('head', JSON.stringify(world.head));
      const { code, out } = await wfe(file('bundle', bundle), '--head', head);
      expect([code, out.split('\n')[0]]).toEqual([0, 'good']);
    });

    test('and a key that does not vouch for it is found out', async () => {
      const key = file('key', Buffer.alloc(32, 7).toString('hex'));
      const { code, out } = await wfe(file('bundle', bundle), '--key', key);
      expect([code, out]).toEqual([1, expect.stringMatching(/^damaged\n(.|\n)*^KeyUnproven\b/m)]);
    });

    test('and a changed byte is found, with its line, what was expected and found', async () => {
      const text = bundle.toString().replace('"tester"', '"testor"');
      const { code, out, err } = await wfe(file('bundle', text));
      expect([code, err]).toEqual([1, '']);
      for (const part of ['damaged', /^HashDiffers \(Changed\) at line \d+, position /m, 'expected: ', 'found:    '])
        expect(out).toEqual(typeof part === 'string' ? expect.stringContaining(part) : expect.stringMatching(part));
    });

    test('and one that broke off is damaged', async () => {
      expect(await wfe(file('bundle', bundle.subarray(0, 5000)))).toMatchObject({
        code: 1,
        out: expect.stringContaining('Truncated') as string,
      });
    });

    test('and -o json says the verdict', async () => {
      const { code, out } = await wfe(file('bundle', bundle), '-o', 'json');
      expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ ok: true, events: events(bundle) })]);
    });

    test.each([
      ['a file that is not there', ['/nowhere/bundle'], 3, 'cannot be read (ENOENT)'],
      ['a key that is not there', ['BUNDLE', '--key', '/nowhere/key'], 3, 'cannot be read (ENOENT)'],
      ['a key that is none', ['BUNDLE', '--key', 'BUNDLE'], 2, 'expected an Ed25519 public key'],
      ['a head that is none', ['BUNDLE', '--head', 'BUNDLE'], 2, 'expected a published head'],
    ])('not with %s', async (_, args, code, says) => {
      const path = file('bundle', bundle);
      const ended = await wfe(...args.map((arg) => (arg === 'BUNDLE' ? path : arg)));
      expect([ended.code, ended.out]).toEqual([code, '']);
      expect(ended.err).toContain(says);
    });
  });
});
