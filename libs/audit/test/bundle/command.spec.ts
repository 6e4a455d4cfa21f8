import { join } from 'node:path';
import { disagreements, INTACT } from './agreement.ts';
import { Files, PATIENCE_MS, runTool, withPython } from './python.ts';
import { exported, fileOf, sampleWorld } from './world.ts';

withPython(() => {
  let file: Buffer;
  let world: Awaited<ReturnType<typeof sampleWorld>>;
  beforeAll(async () => {
    world = await sampleWorld({ rounds: 3 });
    file = fileOf(await exported(world.parts(), { kind: 'all' }));
  });

  test.each(['cryptography', 'openssl'])('signatures are checked the same with %s', async (crypto) => {
    const lines = file.toString().trim().split('\n');
    const forged = file.toString().replace(/"signature":"[^"]{8}/, '"signature":"AAAAAAAA');
    const cases = [
      { name: 'intact', file, expected: INTACT },
      { name: 'forged', file: Buffer.from(forged), expected: 'HashDiffers' },
      {
        name: 'signed otherwise',
        file: fileOf(lines.with(-1, lines.at(-1)!.replace(/"signature":"[^"]{8}/, '"signature":"AAAAAAAA'))),
        expected: 'SignatureDiffers',
      },
    ];
    expect(await disagreements(cases, { head: world.head! }, crypto)).toEqual([]);
  });

  test(
    'the exit code is 0 for intact, 1 for damaged, 2 for not checked, and the highest of several',
    () => {
      using files = new Files();
      const good = files.write('good.ndjson', file);
      const bad = files.write('bad.ndjson', file.subarray(0, -1));
      const anchors = files.anchors({ keys: [world.key.publicKey], head: world.head! });
      const codeOf = (...args: string[]) => runTool(args).status;
      expect(codeOf(good)).toBe(0);
      expect(codeOf(...anchors, good)).toBe(0);
      expect(codeOf(bad)).toBe(1);
      expect(codeOf(good, bad, good)).toBe(1);
      expect(codeOf(join(good, 'not-there'))).toBe(2);
      expect(codeOf(bad, `${good}.not-there`)).toBe(2);
      expect(codeOf('--key', good, good)).toBe(2);
      expect(codeOf('--head', good, good)).toBe(2);
      expect(codeOf('--no-such-option', good)).toBe(2);
      expect(runTool(['-'], file).status).toBe(0);
    },
    PATIENCE_MS,
  );

  test('keys are read as base64, hex and PEM', () => {
    using files = new Files();
    const good = files.write('good.ndjson', file);
    const key = Buffer.from(world.key.publicKey);
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]).toString('base64');
    const forms = [
      key.toString('base64'),
      key.toString('hex'),
      `-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----\n`,
    ];
    for (const [index, form] of forms.entries()) {
      const { status, stdout } = runTool(['--key', files.write(`key-${index}`, form), good]);
      expect([status, stdout.includes('a trusted key vouches for')]).toEqual([0, true]);
    }
  });

  test('a head that does not bear its own signature is not believed', () => {
    using files = new Files();
    const head = files.write('head.json', JSON.stringify({ ...world.head!, total: world.head!.total + 1 }));
    const { status, stderr } = runTool(['--head', head, files.write('good.ndjson', file)]);
    expect([status, stderr]).toEqual([2, expect.stringContaining('NOT CHECKED')]);
  });

  test('the verdict is said in lines for people: what is wrong and where, or what it proves and who vouches', () => {
    using files = new Files();
    const good = files.write('good.ndjson', file);
    expect(runTool([good]).stdout).toMatch(/^INTACT: \d+ events of 4 streams, the whole log/);
    expect(runTool([good]).stdout).toContain('NOBODY VOUCHES');
    const bad = files.write('bad.ndjson', file.toString().replace('"revision":1', '"revision":7'));
    expect(runTool([bad]).stdout).toMatch(/^DAMAGED: \w+ in line \d+ \(stream [a-z-]+, revision 7\)\n/);
  });
});
