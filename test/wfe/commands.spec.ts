import { join } from 'node:path';
import { packageRoot } from '../../apps/sandbox/src/package-root.ts';
import { openSandboxWorld } from '../e2e/sandbox-world.ts';
import { staged } from '../e2e/stage.ts';
import { specFor } from '../support/rest.ts';
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
        const { code, err } = await wfe.run(['cancel', id, '--reason', 'again']);
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
});
