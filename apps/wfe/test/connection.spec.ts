import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../../test/support/free-ports.ts';
import { row } from './support/answers.ts';
import { called } from './support/called.ts';
import { ScriptedService } from './support/scripted-service.ts';

const TOKEN = 'very-secret-token';

describe('the way to the service', () => {
  let service: ScriptedService;
  let folder = '';
  beforeAll(async () => {
    service = await ScriptedService.open();
    folder = mkdtempSync(join(tmpdir(), 'wfe-cli-'));
  });
  beforeEach(() => service.json('GET /v1/executions', { items: [row()] }));
  afterEach(() => service.forget());
  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const kubeconfig = (user: object, server = service.url): string =>
    file(
      'kubeconfig',
      JSON.stringify({
        clusters: [{ name: 'c', cluster: { server } }],
        users: [{ name: 'u', user }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'team' } }],
        'current-context': 'x',
      }),
    );
  const PROXY = '/api/v1/namespaces/ops/services/http:wfe:80/proxy';

  test('--server wins over WFE_SERVER, and the scheme may be left out', async () => {
    const env = { WFE_SERVER: 'http://127.0.0.1:1' };
    expect(await called(['list', '--server', service.url.replace('http://', '')], { env })).toMatchObject({ code: 0 });
    expect(await called(['list'], { env: { WFE_SERVER: service.url } })).toMatchObject({ code: 0, err: '' });
  });

  test.each([
    ['--token', ['--token', TOKEN], {}],
    ['WFE_TOKEN', [], { WFE_TOKEN: TOKEN }],
    ['--token before WFE_TOKEN', ['--token', TOKEN], { WFE_TOKEN: 'another' }],
  ])('a token of %s is sent, and shown nowhere', async (_, args, env) => {
    service.problem('GET /v1/executions', 403, 'forbidden');
    const { code, out, err } = await called(['list', '--server', service.url, ...args], { env });
    expect([code, out]).toEqual([7, '']);
    expect(service.asked.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${TOKEN}`]);
    expect(err).not.toContain(TOKEN);
  });

  test('a token file is read without its line end', async () => {
    const { code } = await called(['list', '--server', service.url, '--token-file', file('token', `${TOKEN}\n`)]);
    expect([code, service.asked[0]?.headers.authorization]).toEqual([0, `Bearer ${TOKEN}`]);
  });

  test.each([
    [
      'a token over plain http to another machine',
      ['--server', 'http://wfe.example.test', '--token', TOKEN],
      2,
      'expected https for a token',
    ],
    ['a token that is none', ['--server', 'URL', '--token', `${TOKEN}\nx`], 2, 'printable ASCII'],
    ['two tokens', ['--server', 'URL', '--token', TOKEN, '--token-file', '/x'], 2, 'found both'],
    [
      'a token file that is not there',
      ['--server', 'URL', '--token-file', '/nowhere/token'],
      3,
      'cannot be read (ENOENT)',
    ],
    ['an address with a password', ['--server', `http://me:${TOKEN}@127.0.0.1`], 2, 'without user, password'],
    ['an address that is none', ['--server', 'ftp://x'], 2, 'an http or https address'],
    ['an address and a kubeconfig', ['--server', 'URL', '--context', 'x'], 2, 'found both'],
    ['a token for a kubeconfig', ['--kubeconfig', '/x', '--token', TOKEN], 2, 'expected --server with --token'],
    ['a Service that is none', ['--service', 'a/b/c'], 2, 'namespace/name'],
    ['a kubeconfig that is not there', ['--kubeconfig', '/nowhere/config'], 4, '/nowhere/config could not be read'],
    ['a context that is not there', ['--kubeconfig', 'KUBECONFIG', '--context', 'nonsense'], 4, 'its contexts: x'],
  ])('%s is refused before anything is sent, without the secret', async (_, args, code, says) => {
    const given = args.map((arg) => (arg === 'URL' ? service.url : arg === 'KUBECONFIG' ? kubeconfig({}) : arg));
    const ended = await called(['list', ...given]);
    expect([ended.code, ended.out, service.asked.length]).toEqual([code, '', 0]);
    expect(ended.err).toContain(says);
    expect(ended.err).not.toContain(TOKEN);
  });

  test('a kubeconfig leads through the API server’s proxy, with its credentials', async () => {
    service.json(`GET ${PROXY}/v1/executions`, { items: [] });
    const args = ['list', '--kubeconfig', kubeconfig({ token: TOKEN }), '--service', 'ops/wfe:80'];
    expect(await called(args)).toMatchObject({ code: 0, out: '' });
    expect(service.asked[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  test('a name alone is one in the namespace of the kubeconfig’s context', async () => {
    service.json(`GET ${PROXY}/v1/executions`, { items: [] });
    const args = ['get', 'restart', '--kubeconfig', kubeconfig({}), '--service', 'ops/wfe:80'];
    expect((await called(args)).err).toContain('team/restart');
    expect(service.asked[0]?.url.searchParams.get('namespace')).toBe('team');
  });

  test.each([
    [401, 'Unauthorized', 7, 'does not accept the kubeconfig’s credentials'],
    [403, 'Forbidden', 7, 'services/proxy'],
    [404, 'NotFound', 4, 'there is no service ops/wfe:80'],
    [503, 'ServiceUnavailable', 4, 'cannot reach ops/wfe:80'],
  ])('a %i of the API server itself is told as that, without its words', async (status, reason, code, says) => {
    const refusal = { kind: 'Status', reason, message: `User "me" said ${TOKEN}` };
    service.json(`GET ${PROXY}/v1/executions`, refusal, status);
    const ended = await called(['list', '--kubeconfig', kubeconfig({}), '--service', 'ops/wfe:80']);
    expect([ended.code, ended.out]).toEqual([code, '']);
    expect(ended.err).toContain(says);
    expect(ended.err).toContain(reason);
    expect(ended.err).not.toContain(TOKEN);
  });

  test('no service at the address: unreachable, with what to do', async () => {
    const [port] = await freePorts(1);
    const { code, out, err } = await called(['list', '--server', `127.0.0.1:${port}`]);
    expect([code, out]).toEqual([4, '']);
    expect(err).toBe(
      `wfe: cannot reach http://127.0.0.1:${port}: connection refused (ECONNREFUSED)\n` +
        '  → Is the service running there? Name it with --server or WFE_SERVER, or choose a kubeconfig.\n',
    );
  });

  test('a host that is not there: unreachable', async () => {
    const { code, err } = await called(['list', '--server', 'nothing.invalid']);
    expect([code, err]).toEqual([4, expect.stringMatching(/no such host|cannot be resolved/)]);
  });

  test('an answer that does not come is not waited for, and one whose body stops neither', async () => {
    for (const handler of [
      () => undefined,
      (_: unknown, response: { writeHead(status: number): { write(text: string): void } }) =>
        response.writeHead(200).write('{"items":['),
    ]) {
      service.on('GET /v1/executions', handler);
      const { code, err } = await called(['list', '--server', service.url, '--request-timeout', '200ms']);
      expect([code, err]).toEqual([4, expect.stringContaining('no answer from')]);
      expect(err).toContain('within 0.2 s');
    }
  });

  test('a connection that breaks in an answer: unreachable', async () => {
    service.on('GET /v1/executions', (_, response) => {
      response.writeHead(200).write('{"items":[', () => response.destroy());
    });
    const { code, err } = await called(['list', '--server', service.url]);
    expect([code, err]).toEqual([4, expect.stringContaining('the connection')]);
  });

  test.each([
    ['a page of something else', 200, '<html>\x1b[2J'],
    ['another server', 502, '<html>bad gateway'],
    ['a redirect, which is not followed', 302, ''],
  ])('%s is told as that', async (_, status, body) => {
    service.on('GET /v1/executions', (__, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end(body);
    });
    const { code, err } = await called(['list', '--server', service.url, '--token', TOKEN]);
    expect([code, err]).toEqual([6, expect.stringContaining('Check the address')]);
    expect(err).not.toContain('html');
    expect(service.asked).toHaveLength(1);
  });

  test('an answer without end is cut off', async () => {
    service.on('GET /v1/executions', (_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(' '.repeat(1024 * 1024)));
      };
      response.on('drain', more);
      more();
    });
    const { code, err } = await called(['list', '--server', service.url]);
    expect([code, err]).toEqual([6, expect.stringContaining('expected an answer of at most 67108864 bytes')]);
  });
});
