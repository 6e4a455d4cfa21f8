import { Api } from '../src/api/api.ts';
import { reportOf } from '../src/api/reporting.ts';
import { reach } from '../src/connection/reach.ts';
import { called } from './support/called.ts';
import { ScriptedService } from './support/scripted-service.ts';

const VERIFY = 'GET /v1/audit/verify';
const REPLAY = 'GET /v1/audit/replay-check';
const POSITION = 's1:000000000000:42';
const GOOD = {
  ok: true,
  events: 42,
  streams: 3,
  seals: 2,
  head: { position: POSITION, seal: { number: 1, total: 40, sealHash: 'h', keyId: 'k' }, unsealed: 2, published: 2 },
  anchor: { kind: 'published-head', keyId: 'abc' },
  witnesses: 3,
  archived: 0,
  archives: { named: 0, held: 0 },
  acceptedRollbacks: 0,
  without: [] as string[],
};
const DAMAGE = {
  kind: 'Changed',
  position: POSITION,
  stream: 'workflowexecution-x',
  revision: 3,
  expected: 'hash a\x1b[2J',
  found: 'hash b',
  explanation: 'The event is not what its hash says.',
};

describe('long work of the service', () => {
  let service: ScriptedService;
  beforeAll(async () => (service = await ScriptedService.open()));
  afterEach(() => service.forget());
  afterAll(() => service.close());
  const lines = (route: string, ...said: readonly object[]): void => {
    service.on(route, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.end(said.map((line) => `${JSON.stringify(line)}\n`).join(''));
    });
  };
  const wfe = (args: readonly string[], terminal?: number) =>
    called([...args, '--server', service.url], terminal === undefined ? {} : { terminal });

  describe('verify', () => {
    test('says that the log is good, by what it is vouched for, and ends with 0', async () => {
      lines(VERIFY, { progress: { events: 10, seals: 0, position: POSITION } }, { report: GOOD });
      const { code, out, err } = await wfe(['verify']);
      expect([code, err]).toEqual([0, '']);
      expect(out).toBe(
        [
          'good: nothing was changed, removed or put in',
          '  42 events in 3 streams, contiguous, chains good',
          '  2 seals, signed; the newest, number 1, covers 40 events',
          '  2 events that no seal covers yet',
          '  2 published heads, which the log bears out',
          '  key abc: vouched for by a published head',
          '',
        ].join('\n'),
      );
      expect(service.asked[0]?.headers.accept).toBe('application/x-ndjson');
    });

    test('says what the log was not held against, and what somebody accepted', async () => {
      const without = ['the published seal in head.json cannot be read: \x1b[2Jit is no JSON'];
      lines(VERIFY, { report: { ...GOOD, without, acceptedRollbacks: 1 } });
      const { code, out } = await wfe(['verify']);
      expect(code).toBe(0);
      expect(out.split('\n').slice(-4)).toEqual([
        '  key abc: vouched for by a published head',
        '  1 time somebody accepted that the log was rolled back',
        expect.stringMatching(/^ {2}the published seal in head\.json cannot be read: [^\x1b]*it is no JSON$/),
        '',
      ]);
    });

    test('says where the damage is and what it means, and ends with 1', async () => {
      lines(VERIFY, { report: { ...GOOD, ok: false, firstDamage: DAMAGE } });
      const { code, out } = await wfe(['verify']);
      expect(code).toBe(1);
      expect(out).toContain(
        `Changed at position ${POSITION}, stream workflowexecution-x, revision 3\n  expected: hash a\\x1b[2J\n  found:    hash b\n`,
      );
    });

    test('with -o json is the report as the service gave it', async () => {
      lines(VERIFY, { report: GOOD });
      expect(JSON.parse((await wfe(['verify', '-o', 'json'])).out)).toEqual(GOOD);
    });

    test('that stops before it has a result has none', async () => {
      lines(VERIFY, { progress: { events: 10 } });
      expect(await wfe(['verify'])).toMatchObject({ code: 6, out: '' });
    });

    test('that says nothing at all is not waited for for ever', async () => {
      service.on(VERIFY, (_, response) => void response.writeHead(200).flushHeaders());
      const way = await reach({ server: service.url, requestTimeout: 10_000 }, {});
      const { signal } = new AbortController();
      const api = new Api(way, { requestTimeoutMs: 10_000, signal, userAgent: 'test' });
      const report = reportOf(api, 'VerificationReport', { path: '/v1/audit/verify' }, () => undefined, 20);
      await expect(report).rejects.toMatchObject({ exit: 'unreachable' });
      await way.close();
    });

    test('that says what is no line of a report has none', async () => {
      service.on(VERIFY, (_, response) => void response.writeHead(200).end('null\n'));
      expect(await wfe(['verify'])).toMatchObject({ code: 6, out: '' });
    });

    test('shows how far it is on a terminal, and nowhere else; the answer stands alone', async () => {
      lines(VERIFY, { progress: { events: 10, of: 42 } }, { report: GOOD });
      const { out, err } = await wfe(['verify'], 100);
      expect(err).toContain('verifying');
      expect(err).toContain('10 of 42 events');
      expect(out).not.toContain('verifying');
      expect((await wfe(['verify'])).err).toBe('');
    });
  });

  describe('replay --check', () => {
    const difference = { executionId: 'id-1', where: 'status', path: 'phase', log: 'Failed', found: 'Com\nplete' };

    test('says that nothing differs, and ends with 0', async () => {
      lines(
        REPLAY,
        { progress: { executions: 100, differences: 0 } },
        { report: { executions: 150, differences: [], truncated: false } },
      );
      expect(await wfe(['replay', '--check'])).toEqual({
        code: 0,
        out: 'no differences: 150 executions are shown as the log has them\n',
        err: '',
      });
    });

    test('shows what differs, and ends with 1', async () => {
      const differences = [difference, { ...difference, where: 'row', path: '', log: null, found: { a: 1 } }];
      lines(REPLAY, { report: { executions: 2, differences, truncated: true } });
      const { code, out } = await wfe(['replay', '--check']);
      expect(code).toBe(1);
      const rows = out
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/));
      expect(rows).toEqual([
        ['at least 2 differences in 2 executions'],
        ['EXECUTION', 'WHERE', 'PATH', 'LOG', 'FOUND'],
        ['id-1', 'status', 'phase', 'Failed', 'Com\\nplete'],
        ['id-1', 'row', '(all)', '–', '{"a":1}'],
      ]);
    });

    test('with -o yaml is the report', async () => {
      lines(REPLAY, { report: { executions: 2, differences: [], truncated: false } });
      expect((await wfe(['replay', '--check', '-o', 'yaml'])).out).toBe(
        'executions: 2\ndifferences: []\ntruncated: false\n',
      );
    });
  });
});
