import { ID, entry, execution, row } from './support/answers.ts';
import { called } from './support/called.ts';
import { ScriptedService } from './support/scripted-service.ts';

const CREATE = 'POST /v1/executions';
const REQUEST = [
  ...[
    'create',
    '--target',
    'a/b/c',
    '--workflow',
    'w',
    '--workflow-version',
    '1',
    '--image',
    'i',
    '--remediation-request',
  ],
  'rr',
];
const CREATED = { executionId: ID, resource: { namespace: 'a', name: 'b' }, revision: 0, position: 's1:0:1' };

describe('commands', () => {
  let service: ScriptedService;
  beforeAll(async () => (service = await ScriptedService.open()));
  afterEach(() => service.forget());
  afterAll(() => service.close());
  const wfe = (...args: string[]) => called([...args, '--server', service.url, '--utc']);

  describe('create', () => {
    test('is sent again with the same key while it is not known whether it was accepted', async () => {
      let turn = 0;
      service.on(CREATE, (_, response) => {
        turn += 1;
        if (turn === 1) return void response.destroy();
        if (turn === 2) return void response.writeHead(503).end('{}');
        response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(CREATED));
      });
      expect(await wfe(...REQUEST, '-o', 'name')).toEqual({ code: 0, out: `${ID}\n`, err: '' });
      const keys = service.asked.map(({ headers }) => headers['idempotency-key']);
      expect([keys.length, new Set(keys).size, keys[0]]).toEqual([3, 1, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    });

    test('gives up after a few times, and a refusal is final', async () => {
      service.problem(CREATE, 503, 'perhaps-applied');
      expect(await wfe(...REQUEST)).toMatchObject({ code: 6 });
      expect(service.asked).toHaveLength(3);
      service.forget();
      service.problem(CREATE, 409, 'resource-exists');
      expect(await wfe(...REQUEST)).toMatchObject({ code: 5 });
      expect(service.asked).toHaveLength(1);
    });

    test('--wait gives up in time, and says that it goes on', async () => {
      service.json(CREATE, CREATED, 201).json(`GET /v1/executions/${ID}`, execution());
      service.json(`GET /v1/executions/${ID}/history`, { items: [entry(0, 'ExecutionCreated')] });
      service.on('GET /v1/events', (_, response) => void response.writeHead(200).write(': silence\n\n'));
      const { code, out, err } = await wfe(...REQUEST, '--wait', '--wait-timeout', '100ms');
      expect([code, out]).toEqual([8, '']);
      expect(err).toContain(`did not end within 0.1 s\n  → It goes on. Look with wfe watch ${ID}`);
    });
  });

  describe('list', () => {
    test('takes as many pages as it needs, and no more', async () => {
      service.on('GET /v1/executions', ({ url }, response) => {
        const limit = Number(url.searchParams.get('limit'));
        const items = Array.from({ length: limit }, () => row());
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items, next: 'more' }));
      });
      const { out } = await wfe('list', '--limit', '1100', '-o', 'json');
      expect((JSON.parse(out) as { items: unknown[] }).items).toHaveLength(1100);
      expect(service.asked.map(({ url }) => [url.searchParams.get('limit'), url.searchParams.get('cursor')])).toEqual([
        ['500', null],
        ['500', 'more'],
        ['100', 'more'],
      ]);
    });

    test('of pages without an end is a failure, not a wait', async () => {
      service.json('GET /v1/executions', { items: [], next: 'more' });
      expect(await wfe('list')).toMatchObject({ code: 6 });
      expect(service.asked).toHaveLength(1);
    });

    test('shows ages and durations of the moment that is shown', async () => {
      service.json('GET /v1/executions', { items: [row()] });
      const cells = async (...args: string[]) =>
        (await wfe('list', ...args)).out.split('\n')[1]?.split(/ {2,}/).slice(-2);
      expect(await cells()).toEqual(['90s', '2m']);
      expect(await cells('--at', '2026-11-20T11:59Z')).toEqual(['30s', '60s']);
    });

    test('of one target: as of the moment that is shown, too', async () => {
      const view = { target: 'a/b', runName: 'r', lock: { state: 'Free' }, waiting: [], history: [row()] };
      service.on('GET /v1/targets/a%2Fb', ({ url }, response) => {
        const at = url.searchParams.get('at');
        response.writeHead(200).end(JSON.stringify({ ...view, ...(at !== null && { at }) }));
      });
      const cells = async (...args: string[]) =>
        (await wfe('targets', 'a/b', ...args)).out.trimEnd().split('\n').at(-1)?.split(/ {2,}/).slice(-2);
      expect(await cells()).toEqual(['90s', '2m']);
      expect(await cells('--at', '2026-11-20T11:59Z')).toEqual(['30s', '60s']);
    });

    test('says when what it shows is being rebuilt', async () => {
      service.json('GET /v1/executions', { items: [row()], rebuilding: { events: 10, of: 40 } });
      const { out, err } = await wfe('list');
      expect(err).toBe('The read model is being rebuilt (10 of 40 events): what is shown may be a little old.\n');
      expect(out).not.toContain('rebuilt');
    });
  });

  test('a defect of wfe is told as one, with where it is', async () => {
    service.json('GET /v1/executions', { items: [row()] });
    const onOut = (): never => {
      throw new Error('it broke');
    };
    const { code, err } = await called(['list', '--server', service.url], { onOut });
    expect([code, err]).toEqual([70, expect.stringMatching(/^wfe: a defect of wfe: Error: it broke\n +at /)]);
  });

  test('an id is sent as a part of a path, a target too', async () => {
    service.on('GET /v1/targets/a%2Fb%2Fc%3Fx', (_, response) => {
      response
        .writeHead(200)
        .end(JSON.stringify({ target: 'a/b/c?x', runName: 'r', lock: { state: 'Free' }, waiting: [], history: [] }));
    });
    expect(await wfe('targets', 'a/b/c?x', '-o', 'name')).toEqual({ code: 0, out: 'a/b/c?x\n', err: '' });
  });
});
