import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packageRoot } from '../../apps/sandbox/src/package-root.ts';
import { openSandboxWorld } from '../e2e/sandbox-world.ts';
import { staged } from '../e2e/stage.ts';
import { placeOf, rest, specFor, type EventJson } from '../support/rest.ts';
import { until } from '../support/until.ts';
import { Wfe } from './wfe-process.ts';

const ECHO = join(packageRoot, 'examples/echo.yaml');
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const LIMIT_MS = 90_000;
const TARGET = 'default/deployment/web';

interface Created {
  readonly executionId: string;
}
interface State {
  readonly executionId: string;
  readonly revision: number;
  readonly spec: { readonly parameters: Record<string, string>; readonly rationale?: string };
  readonly status: { readonly phase: string; readonly outcome?: string };
}

describe('wfe on the sandbox', () => {
  const stage = staged(() => openSandboxWorld(5));
  let wfe: Wfe;
  let echo = '';
  beforeAll(() => (wfe = new Wfe({ server: stage.service.url })));
  afterAll(() => wfe?.dispose());

  const flags = (scenario: string, target: string): string[] => [
    ...['--workflow', scenario, '--workflow-version', '1.0.0', '--image', `sandbox.local/${scenario}:1`],
    ...['--target', target, '--remediation-request', `rr-${scenario}`, '-n', 'default'],
  ];

  describe('create', () => {
    it(
      'takes a manifest, waits for the end, and answers how it ended',
      async () => {
        const { code, out, err } = await wfe.run(['create', '-f', ECHO, '--wait', '-o', 'json']);
        expect([code, err]).toEqual([0, '']);
        const state = JSON.parse(out) as State;
        expect(state.status.outcome).toBe('Success');
        expect(state.spec.parameters).toEqual({ MESSAGE: 'hello from a manifest' });
        echo = state.executionId;
      },
      LIMIT_MS,
    );

    it(
      'ends with 1 when what it waited for did not succeed',
      async () => {
        const args = ['create', ...flags('fail', 'default/deployment/failing'), '--wait', '--wait-timeout', '1m'];
        const { code, out } = await wfe.run(args);
        expect(code).toBe(1);
        expect(out).toMatch(/^ {2}Outcome: +Failed$/m);
        expect(out).toMatch(/^ {2}Step: +prepare$/m);
      },
      LIMIT_MS,
    );

    it('says options over the file, from stdin too, and answers with the id by -o name', async () => {
      const spec = specFor('slow', 'default/deployment/slow', { parameters: { A: '1', B: '2' } });
      const options = ['-p', 'B=3=4', '-p', 'C=', '--rationale', 'why not', '--name', 'slow', '-n', 'default'];
      const id = (
        await wfe.ok(['create', '-f', '-', ...options, '-o', 'name'], { stdin: JSON.stringify({ spec }) })
      ).trim();
      expect(id).toMatch(UUID);
      const state = await wfe.json<State>(['get', 'default/slow']);
      expect(state.executionId).toBe(id);
      expect(state.spec).toMatchObject({ parameters: { A: '1', B: '3=4', C: '' }, rationale: 'why not' });
    });

    it('with the same --idempotency-key is accepted once', async () => {
      const args = ['create', ...flags('quick', 'default/deployment/once'), '--idempotency-key', 'k-1'];
      const [first, second] = [await wfe.json<Created>(args), await wfe.json<Created>(args)];
      expect(second.executionId).toBe(first.executionId);
      const { code, err } = await wfe.run([...args, '-p', 'X=1']);
      expect([code, err]).toEqual([5, expect.stringContaining('idempotency-key-reused')]);
    });

    it('shows every field the service refuses', async () => {
      const { code, out, err } = await wfe.run(['create', ...flags('quick', 'nonsense'), '--name', 'Not A Name']);
      expect([code, out]).toEqual([5, '']);
      expect(err).toContain('(validation-failed)');
      expect(err).toMatch(/^ {4}name: expected a DNS subdomain/m);
    });
  });

  describe('get and at', () => {
    it('show it for people', async () => {
      const out = await wfe.ok(['get', echo]);
      for (const line of [
        /^ {2}Phase: +Completed$/m,
        /^ {2}Target: +default\/deployment\/web$/m,
        /^ {2}MESSAGE: +hello from a manifest$/m,
      ])
        expect(out).toMatch(line);

      expect(out).not.toMatch(/\x1b/);
    });

    it('answer exactly what the API answers with -o json, and the same with -o yaml', async () => {
      const state = await stage.client.get(echo);
      expect(await wfe.json(['get', echo])).toEqual(state);
      expect(await wfe.ok(['get', 'default/echo', '-o', 'name'])).toBe(`${echo}\n`);
      expect(await wfe.ok(['get', echo, '-o', 'yaml'])).toContain(`executionId: ${echo}\n`);
    });

    it('show it as it was at a revision and at a time', async () => {
      const [, , third] = await stage.client.history(echo);
      expect(third?.type).toBe('PipelineRunCreated');
      expect((await wfe.json<State>(['at', echo, '2'])).revision).toBe(2);
      expect((await wfe.json<State>(['get', echo, '--at', String(third?.metadata.time)])).revision).toBe(2);
      expect(await wfe.run(['at', echo, '24h'])).toMatchObject({ code: 3, out: '' });
    });

    it('end with 3 for an execution that is not there', async () => {
      const { code, out, err } = await wfe.run(['get', '00000000-0000-4000-8000-000000000000']);
      expect([code, out]).toEqual([3, '']);
      expect(err).toContain('execution-unknown');
    });
  });

  describe('list', () => {
    it('shows a table, newest first, and the whole id with -o wide', async () => {
      const lines = (await wfe.ok(['list', '--target', TARGET])).trimEnd().split('\n');
      expect(lines[0]).toMatch(/^ID +RESOURCE +PHASE +OUTCOME +TARGET +WORKFLOW +DURATION +AGE$/);
      expect(lines[1]).toMatch(
        new RegExp(`^${echo.slice(0, 18)} +default/echo +Completed +Success +${TARGET} +echo +`),
      );
      const wide = await wfe.ok(['list', '--target', TARGET, '-o', 'wide']);
      expect(wide).toContain(echo);
      expect(wide).toContain('REMEDIATION');
    });

    it.each([
      [['--outcome', 'Failed'], ['failing']],
      [['--workflow', 'echo'], ['web']],
      [['--remediation-request', 'rr-slow'], ['slow']],
      [['--phase', 'Completed', '--workflow', 'quick'], ['once']],
      [['--from', '1h', '--workflow', 'echo'], ['web']],
      [['--to', '1h'], []],
      [['-n', 'elsewhere'], []],
    ])('filters by %j', async (args, targets) => {
      const { code, out } = await wfe.run(['list', ...args, '-o', 'json']);
      const page = JSON.parse(out) as { items: { target: string }[] };
      expect([code, page.items.map(({ target }) => target.split('/').at(-1))]).toEqual([0, targets]);
    });

    it('says when there are more, on stderr, and ids only with -o name', async () => {
      const { code, out, err } = await wfe.run(['list', '--limit', '1', '-o', 'name']);
      expect([code, out.trim()]).toEqual([0, expect.stringMatching(/^\S{36}$/)]);
      expect(err).toContain('There are more');
      expect(await wfe.run(['list', '-n', 'elsewhere'])).toEqual({ code: 0, out: '', err: 'No executions found.\n' });
    });
  });

  describe('events', () => {
    it('shows the log, filtered, in either order', async () => {
      const out = await wfe.ok([
        'events',
        '--execution',
        echo,
        '--type',
        'ExecutionCreated',
        '--type',
        'ExecutionCompleted',
      ]);
      const rows = out.trimEnd().split('\n').slice(1);
      expect(rows.map((line) => line.split(/ +/).slice(1, 4))).toEqual([
        [echo, '0', 'ExecutionCreated'],
        [echo, expect.any(String), 'ExecutionCompleted'],
      ]);
      const newest = await wfe.json<{ items: { type: string }[] }>([
        'events',
        '--execution',
        echo,
        '--order',
        'desc',
        '--limit',
        '1',
      ]);
      expect(newest.items.map(({ type }) => type)).toEqual(['ExecutionCompleted']);
    });

    it('is what the API answers, over as many pages as are wanted', async () => {
      const [whole, paged] = [
        await wfe.json<{ items: unknown[]; end: boolean }>(['events', '--execution', echo, '--limit', '1000']),
        await stage.client.history(echo),
      ];
      expect(whole.items).toEqual(paged);
      expect(whole.end).toBe(true);
    });
  });

  describe('sync, cancel and release', () => {
    it('sync says when nothing was new', async () => {
      expect(await wfe.ok(['sync', echo])).toBe(`default/echo (${echo}): nothing new\n`);
    });

    it(
      'cancel asks a run to stop, with the reason kept; what has ended cannot be cancelled',
      async () => {
        const id = (await wfe.ok(['create', ...flags('slow', 'default/deployment/cancelled'), '-o', 'name'])).trim();
        await stage.client.recorded(id, 'TaskStarted');
        const { recorded } = await wfe.json<{ recorded: string[] }>([
          'cancel',
          id,
          '--reason',
          'it cleared',
          '--immediate',
        ]);
        expect(recorded).toEqual(['CancellationRequested']);
        await stage.client.ended(id);
        const [asked] = (await stage.client.history(id)).filter(({ type }) => type === 'CancellationRequested');
        expect(asked?.data).toMatchObject({ mode: 'Immediate', reason: 'it cleared' });
        expect(await wfe.ok(['cancel', id, '--reason', 'again'])).toContain('nothing new');
        const { code, err } = await wfe.run(['cancel', echo, '--reason', 'too late']);
        expect([code, err]).toEqual([5, expect.stringContaining('execution-finished')]);
      },
      LIMIT_MS,
    );

    it(
      'release gives the lock back',
      async () => {
        expect(await wfe.ok(['release', echo, '--reason', 'the target was replaced'])).toContain('ReleaseRequested');
        await stage.client.recorded(echo, 'LockReleased');
      },
      LIMIT_MS,
    );

    it.each(['cancel', 'release'])('%s wants a reason', async (command) => {
      const { code, err } = await wfe.run([command, echo]);
      expect([code, err]).toEqual([2, expect.stringContaining('--reason')]);
    });
  });

  describe('history, diff and why', () => {
    it('history tells every event with its sentence, who did it and why', async () => {
      const out = await wfe.ok(['history', echo]);
      const recorded = await stage.client.history(echo);
      const heads = [...out.matchAll(/^ +(\d+) {2}\S+Z|^ +(\d+) {2}\S+[+-]\d\d:\d\d/gm)].map(([, a, b]) =>
        Number(a ?? b),
      );
      expect(heads).toEqual(recorded.map(({ revision }) => revision));
      expect(out).toMatch(/ +0 .* \+0\.00s +ExecutionCreated +.*, on its own command\n {5}\S/);
      expect(out).toMatch(/ExecutionCompleted.*, because of \d+ \w+\n/);
    });

    it('history at a point ends there', async () => {
      const { items } = await wfe.json<{ items: { revision: number }[] }>(['history', echo, '--at', '2']);
      expect(items.map(({ revision }) => revision)).toEqual([0, 1, 2]);
    });

    it('diff tells what changed between two points, field by field', async () => {
      const out = await wfe.ok(['diff', echo, '--from', '2', '--to', '1']);
      expect(out).toMatch(/^--- revision 2 at .*\n\+\+\+ revision 1 at .*\n/);
      expect(out).toMatch(/^status\.phase\n {2}- Running\n {2}\+ Pending$/m);
      expect(await wfe.run(['diff', echo, '--from', '2', '--to', '2'])).toMatchObject({
        code: 0,
        err: 'Nothing changed between them.\n',
      });
    });

    it('why says it in sentences, and follows one event back to the command that began it', async () => {
      const [stand, ...rest] = (await wfe.ok(['why', echo])).trimEnd().split('\n');
      expect(stand).toMatch(/^Completed: /);
      expect(rest.length).toBeGreaterThan(1);
      const chain = await wfe.ok(['why', echo, '--event', '2']);
      expect(chain.split('\n')[0]).toMatch(/^2 PipelineRunCreated /);
      expect(chain).toMatch(/^because of command CreateExecution /m);
    });

    it('why and history of an execution that is not there end with 3', async () => {
      for (const command of ['why', 'history', 'diff'])
        expect(await wfe.run([command, '00000000-0000-4000-8000-000000000000'])).toMatchObject({ code: 3, out: '' });
    });
  });

  describe('watch', () => {
    it(
      'shows what happens to an execution until it has ended, the same as its history',
      async () => {
        const id = (await wfe.ok(['create', ...flags('echo', 'default/deployment/watched'), '-o', 'name'])).trim();
        const watched = await wfe.ok(['watch', id]);
        await stage.client.ended(id);
        expect(watched).toContain('ExecutionCompleted');
        expect((await wfe.ok(['history', id])).startsWith(watched)).toBe(true);
      },
      LIMIT_MS,
    );

    it(
      'shows the whole log from now on',
      async () => {
        const watching = wfe.start(['watch', '-o', 'json']);
        let tries = 0;
        // Whatever happened before it was connected is not its business.
        await until('the log to be shown', async () => {
          const id = await stage.client.accepted(specFor('quick', `default/deployment/seen-${(tries += 1)}`));
          await stage.client.ended(id);
          return watching.out.includes('ExecutionCompleted');
        });
        const lines = watching.out
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as EventJson);
        const places = lines.map(placeOf);
        expect(places).toEqual([...places].sort((a, b) => a - b));
        watching.child.kill('SIGINT');
        expect((await watching.ended()).code).toBe(130);
      },
      LIMIT_MS,
    );

    it(
      'goes on when the service was away: nothing twice, nothing left out',
      async () => {
        const id = await stage.client.accepted(specFor('slow', 'default/deployment/restarted'));
        const watching = wfe.start(['watch', id, '-o', 'json']);
        await stage.client.recorded(id, 'TaskStarted');
        await watching.printed('TaskStarted');
        await stage.service.kill9();
        await stage.service.start();
        const { code, out, err } = await watching.ended();
        expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/the connection|cannot reach/) as string });
        const shown = out
          .trimEnd()
          .split('\n')
          .map((line) => (JSON.parse(line) as { revision: number }).revision);
        const end = (await stage.client.history(id)).findIndex(({ type }) => type === 'ExecutionCompleted');
        expect(shown.slice(0, end + 1)).toEqual(Array.from({ length: end + 1 }, (_, revision) => revision));
      },
      LIMIT_MS,
    );
  });

  describe('targets and preflight', () => {
    it('targets lists who holds what, and shows one target with its executions', async () => {
      const [titles, ...rows] = (await wfe.ok(['targets', '--locked'])).trimEnd().split('\n');
      expect(titles).toMatch(/^TARGET +LOCK +HOLDER +UNTIL +WAITING +LAST +AGE$/);
      expect(rows.some((row) => /^default\/deployment\/failing +CoolingDown /.test(row))).toBe(true);
      const one = await wfe.ok(['targets', 'default/deployment/failing']);
      expect(one).toMatch(/^Lock: +CoolingDown by default\//m);
      expect(one).toMatch(/^Executions\nID +RESOURCE/m);
      expect(await wfe.ok(['target', 'node/nobody'])).toMatch(/^Lock: +Free\nWaiting: +none\nExecutions\nnone\n$/m);
      expect((await wfe.ok(['targets', '-o', 'name'])).split('\n')).toContain('default/deployment/failing');
    });

    it('and as it was', async () => {
      expect(await wfe.ok(['targets', 'default/deployment/failing', '--at', '24h'])).toMatch(/^Lock: +Free$/m);
    });

    it('preflight says yes with 0, and no with 1, why, by whom and until when', async () => {
      expect(await wfe.run(['preflight', 'node/nobody', 'echo'])).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^yes\n/) as string,
      });
      const { code, out } = await wfe.run(['preflight', 'default/deployment/failing', 'fail']);
      expect(code).toBe(1);
      expect(out).toMatch(/^no: CooldownActive\n(.|\n)*^ {2}until .*\n {2}by default\//m);
      const then = await wfe.run(['preflight', 'default/deployment/failing', 'fail', '--at', '24h', '-o', 'json']);
      expect([then.code, JSON.parse(then.out)]).toEqual([0, expect.objectContaining({ allowed: true })]);
    });
  });

  describe('verify and replay', () => {
    it('verify says that the log is good', async () => {
      const { code, out, err } = await wfe.run(['verify']);
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/^good: nothing was changed, removed or put in\n {2}\d+ events in \d+ streams/);
    });

    it(
      'replay --check finds no difference',
      async () => {
        const { code, out } = await wfe.run(['replay', '--check']);
        expect([code, out]).toEqual([0, expect.stringMatching(/^no differences: \d+ executions/)]);
      },
      LIMIT_MS,
    );
  });

  describe('export', () => {
    let folder = '';
    beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'wfe-export-'))));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it.each([
      ['everything', []],
      ['one execution', ['--execution', 'default/echo']],
      ['a time', ['--from', '1h', '--to', 'now']],
    ])(
      'writes a bundle of %s that wfe verifies without the service, and a changed one is found out',
      async (name, args) => {
        await rest(`${stage.service.url}/v1/audit/seal`, 'POST');
        const path = join(folder, `${name}.ndjson.gz`);
        expect(await wfe.run(['export', ...args, '-o', path])).toMatchObject({ code: 0, out: '' });
        const offline = { server: 'http://127.0.0.1:1' };
        const [{ code, out }, key] = [await wfe.run(['verify', path], offline), join(folder, 'key')];
        expect([code, out]).toEqual([0, expect.stringContaining('good in itself')]);
        const keys = await rest<{ items: { publicKey: string }[] }>(`${stage.service.url}/v1/audit/keys`);
        writeFileSync(key, keys.body.items[0]?.publicKey ?? '');
        expect((await wfe.ok(['verify', path, '--key', key], offline)).split('\n')[0]).toBe('good');
        const changed = join(folder, 'changed');
        writeFileSync(changed, gunzipSync(readFileSync(path)).toString().replace('anonymous', 'anonymouse'));
        expect(await wfe.run(['verify', changed], offline)).toMatchObject({ code: 1 });
      },
      LIMIT_MS,
    );

    it('of an execution that is not there ends with 3 and leaves no file', async () => {
      const path = join(folder, 'nothing');
      const args = ['export', '--execution', '00000000-0000-4000-8000-000000000000', '-o', path];
      expect(await wfe.run(args)).toMatchObject({ code: 3, out: '' });
      expect(existsSync(path)).toBe(false);
    });
  });

  it('list --at shows them as they stood then', async () => {
    const [created] = await stage.client.history(echo);
    const { items } = await wfe.json<{ items: { executionId: string; phase: string }[] }>([
      ...['list', '--target', TARGET, '--at', String(created?.metadata.time)],
    ]);
    expect(items.map(({ executionId, phase }) => [executionId, phase])).toEqual([[echo, 'Pending']]);
    expect(await wfe.run(['list', '--at', '24h'])).toMatchObject({ code: 0, out: '' });
  });
});
