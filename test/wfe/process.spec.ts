import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../apps/sandbox/src/package-root.ts';
import { findKubectl } from '../../apps/sandbox/test/support/kubectl.ts';
import { EXIT_CODES } from '../../apps/wfe/src/exit-codes.ts';
import { openSandboxWorld } from '../e2e/sandbox-world.ts';
import { staged } from '../e2e/stage.ts';
import { freePorts } from '../support/free-ports.ts';
import { specFor } from '../support/rest.ts';
import { Wfe, WFE_PROGRAM, type WfeEnded } from './wfe-process.ts';

const LIMIT_MS = 90_000;
/** Executions that give a watcher something to tell, at most. */
const NEWS = 200;
const LAUNCHER = join(packageRoot, 'tools/wfe.mjs');
/** What a terminal could act on, but for line ends. */

const ACTS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]/;
const HOSTILE = 'one\ntwo\r\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil 日本語 👩‍👧';

/** A command line of the shell, with `wfe` in it being the real program. */
async function sh(wfe: Wfe, server: string, script: string, shell = 'bash'): Promise<WfeEnded> {
  const program = `wfe() { '${process.execPath}' '${WFE_PROGRAM}' "$@"; }\n`;
  const options = { env: wfe.environment(server), timeout: LIMIT_MS };
  return promisify(execFile)(shell, ['-c', program + script], options).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({
      code: error.code ?? null,
      out: error.stdout ?? '',
      err: error.stderr ?? '',
    }),
  );
}

describe('the process of wfe', () => {
  const stage = staged(() => openSandboxWorld(5));
  let wfe: Wfe;
  let folder = '';
  let id = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wfe-process-'));
    wfe = new Wfe({ server: stage.service.url });
    const spec = specFor('slow', 'default/deployment/hostile', {
      rationale: HOSTILE,
      parameters: { MESSAGE: HOSTILE },
    });
    id = await stage.client.accepted(spec);
    await stage.client.recorded(id, 'TaskStarted');
    await stage.client.post(id, 'cancel', { mode: 'Immediate', reason: HOSTILE });
    await stage.client.ended(id);
  }, LIMIT_MS);
  afterAll(() => {
    wfe?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('help', () => {
    it('tells of every command, of how the service is found, and of every exit code', async () => {
      const out = await wfe.ok(['--help']);
      for (const { code, meaning } of Object.values(EXIT_CODES)) expect(out).toContain(`${code}  ${meaning}`);
      const commands =
        'create get list history tasks watch at diff why cancel release sync targets preflight verify export replay events completion';
      for (const command of commands.split(' ')) expect(out).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
      expect(out).toContain('WFE_SERVER');
      expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
      // The command that shells ask is theirs.
      expect(out).not.toMatch(/^ {2}complete\b/m);
    });

    it.each(['create', 'list', 'watch', 'verify'])('of %s is the same by --help and by help', async (command) => {
      const out = await wfe.ok([command, '--help']);
      expect(out).toContain(`Usage: wfe ${command}`);
      expect(out).toContain('--server <url>');
      expect(await wfe.ok(['help', command])).toBe(out);
    });

    it('says the version that was built', async () => {
      expect(await wfe.ok(['--version'])).toMatch(/^\S+ \(\S+\)\n$/);
    });
  });

  it.each([
    [[], 'Usage: wfe'],
    [['nonsense'], "unknown command 'nonsense'"],
    [['lst'], 'Did you mean one of list, ls?'],
    [['list', '--nonsense'], "unknown option '--nonsense'"],
    [['list', 'surplus'], 'too many arguments'],
    [['list', '--limit', '0'], 'a whole number from 1 to 10000'],
    [['list', '--phase', 'Nonsense'], 'Allowed choices are Pending'],
    [['list', '-o', 'xml'], 'Allowed choices are table'],
    [['list', '--from', 'yesterday'], 'expected a time as in'],
    [['list', '--request-timeout', 'soon'], 'a duration as in 30s'],
    [['at', 'x'], "missing required argument 'point'"],
    [['at', 'x/y', '2026-13-45T00:00'], 'a revision, a time as in'],
    [['events', '--type', 'Nonsense'], 'expected one of'],
    [['events', '-f', '-o', 'yaml'], 'expected -o table or json'],
    [['events', '--after', 'x'], 'together with --follow'],
    [['create'], '--target, --workflow, --workflow-version, --image, --remediation-request'],
    [['create', '-p', 'secret'], 'expected -p NAME=VALUE'],
    [['create', '--confidence', '2'], 'a number from 0 to 1'],
    [['why', 'x', '--at', '1', '--event', '2'], 'found both'],
    [['targets', '--at', '5m'], 'expected one target'],
    [['verify', '--head', 'x'], 'expected FILE'],
    [['export', '--execution', 'x', '--from', '1h'], 'found both'],
    [['replay'], 'expected --check'],
    [['help', 'nonsense'], "unknown command 'nonsense'"],
    [['targets', 'nonsense'], 'expected a target as namespace/kind/name'],
    [['preflight', 'a/b/c/d', 'w'], 'expected a target as namespace/kind/name'],
    [['list', '--target', 'nonsense'], 'expected a target as namespace/kind/name'],
    [['list', '--from', '99999999h'], 'expected a time as in'],
    [['completion', 'tcsh'], 'Allowed choices are zsh, bash, fish, powershell'],
  ])('%j is refused with 2, on stderr', async (args, says) => {
    const { code, out, err } = await wfe.run(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(says);
    expect(err).not.toContain('at file:');
  });

  describe('a file that cannot be a request', () => {
    const manifest = (more: object) =>
      JSON.stringify({ apiVersion: 'workflowexecution.kubernaut.ai/v1alpha1', kind: 'WorkflowExecution', ...more });
    it.each([
      ['nothing', '', 'one document'],
      ['two documents', '{}\n---\n{}', 'several'],
      ['no YAML', 'spec: "secret-word', 'YAML or JSON'],
      ['a key that is there twice', 'spec: {}\nspec: {}', 'YAML or JSON'],
      ['a list', '[1]', 'expected an object'],
      ['another kind', 'kind: Pod\napiVersion: v1', 'found Pod of v1'],
      ['labels', manifest({ metadata: { name: 'x', labels: {} }, spec: {} }), 'found labels'],
      ['something else', 'foo: 1', 'found foo'],
      ['too much', `# ${'x'.repeat(1024 * 1024)}`, 'at most 1048576 bytes'],
      ['too little', 'spec: {}', '--target'],
    ])('%s', async (_, stdin, says) => {
      const { code, out, err } = await wfe.run(['create', '-f', '-'], { stdin });
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(says);
      expect(err).not.toContain('secret-word');
    });

    it('because it is not there', async () => {
      const { code, err } = await wfe.run(['create', '-f', join(folder, 'nowhere.yaml')]);
      expect([code, err]).toEqual([3, expect.stringContaining('cannot be read (ENOENT)')]);
    });
  });

  it('the service away: 4, within a moment, with what to do', async () => {
    const [port] = await freePorts(1);
    const { code, out, err } = await wfe.run(['list'], { server: `http://127.0.0.1:${port}` });
    expect([code, out]).toEqual([4, '']);
    expect(err).toContain('ECONNREFUSED');
    expect(err).toContain('→ ');
  });

  it('neither server nor kubeconfig: 4, with what to do', async () => {
    const { code, err } = await wfe.run(['list'], { server: '' });
    expect([code, err]).toEqual([4, expect.stringContaining('--server')]);
  });

  describe('what somebody wrote into an execution', () => {
    it.each([
      ['get', ['get']],
      ['history as JSON', ['events', '-o', 'json', '--execution']],
      ['get as YAML', ['get', '-o', 'yaml']],
      ['get as JSON', ['get', '-o', 'json']],
    ])('does not reach the terminal as an order: %s', async (_, args) => {
      const out = await wfe.ok([...args, id]);
      expect(out).toContain('日本語');
      expect(out).not.toMatch(ACTS);
    });

    it('is whole in the answers for machines', async () => {
      const state = await wfe.json<{ spec: { rationale: string; parameters: { MESSAGE: string } } }>(['get', id]);
      expect([state.spec.rationale, state.spec.parameters.MESSAGE]).toEqual([HOSTILE, HOSTILE]);
    });
  });

  describe('colours', () => {
    const ESCAPE = '\x1b[';
    it('are not in what is no terminal', async () => {
      expect(await wfe.ok(['list'])).not.toContain(ESCAPE);
      expect((await wfe.run(['get', 'default/nothing'])).err).not.toContain(ESCAPE);
      expect(await wfe.ok(['--help'])).not.toContain(ESCAPE);
    });

    it('are there with FORCE_COLOR, unless --no-color is given', async () => {
      const env = { FORCE_COLOR: '1' };
      expect(await wfe.ok(['list'], { env })).toContain(ESCAPE);
      expect((await wfe.run(['get', 'default/nothing'], { env })).err).toContain(ESCAPE);
      expect(await wfe.ok(['list', '--no-color'], { env })).not.toContain(ESCAPE);
      expect((await wfe.run(['get', 'default/nothing', '--no-color'], { env })).err).not.toContain(ESCAPE);
      expect(await wfe.ok(['list', '-o', 'json'], { env })).not.toContain(ESCAPE);
    });
  });

  it('times are those of this machine, or UTC with --utc', async () => {
    const env = { TZ: 'Asia/Kolkata' };
    expect(await wfe.ok(['get', id], { env })).toMatch(/^Created: .*\+05:30 /m);
    expect(await wfe.ok(['get', id, '--utc'], { env })).toMatch(/^Created: .*\dZ /m);
  });

  describe('pipes', () => {
    it('a reader that leaves early is no error', async () => {
      const script =
        'set -o pipefail; for i in 1 2 3; do wfe events --limit 1000 -o json | head -c 20 >/dev/null || exit 9; done';
      expect(await sh(wfe, stage.service.url, script)).toEqual({ code: 0, out: '', err: '' });
    });

    const FULL = '/dev/full';
    if (!existsSync(FULL))
      test('NOT RUN: a full disk, for want of /dev/full', () => expect(existsSync(FULL)).toBe(false));
    else {
      it.each(['list', 'events -o json', 'export', 'preflight a/b/c w'])(
        'a full disk is none of the answers that a command has: %s',
        async (command) => {
          const { code, out, err } = await sh(wfe, stage.service.url, `wfe ${command} >${FULL}`);
          expect([code, out, err]).toEqual([74, '', 'wfe: the answer cannot be written to stdout (ENOSPC)\n']);
        },
      );

      it('remarks that cannot be written change nothing of how it ends', async () => {
        expect((await sh(wfe, stage.service.url, `wfe get x/nowhere 2>${FULL}`)).code).toBe(3);
        expect((await sh(wfe, stage.service.url, `wfe list -n x 2>${FULL}`)).code).toBe(0);
      });
    }

    it('a reader that leaves ends what would go on for ever, with the next line', async () => {
      const watching = sh(wfe, stage.service.url, 'set -o pipefail; wfe watch -o json | head -n 1 | wc -l');
      let isOver = false;
      void watching.finally(() => (isOver = true));
      for (let n = 0; !isOver && n < NEWS; n += 1)
        await stage.client.ended(await stage.client.accepted(specFor('quick', `default/deployment/left-${n}`)));
      expect(await watching).toMatchObject({ code: 0, err: '' });
    });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends it quietly with 130', async (signal) => {
    const watching = wfe.start(['watch']);
    await watching.printed('EXECUTION');
    watching.child.kill(signal);
    const { code, err } = await watching.ended();
    expect([code, err]).toEqual([130, '']);
  });

  describe('the launcher', () => {
    const launched = async (name: string, args: readonly string[]): Promise<WfeEnded> => {
      const path = join(folder, name);
      rmSync(path, { force: true });
      symlinkSync(LAUNCHER, path);
      return sh(wfe, stage.service.url, `'${path}' ${args.join(' ')}`);
    };

    it('runs the program with its arguments and its exit code, in the folder of the caller', async () => {
      writeFileSync(join(folder, 'x.yaml'), 'foo: 1');
      const { code, err } = await launched('wfe', [';', 'cd', folder, ';', './wfe', 'create', '-f', 'x.yaml']);
      expect([code, err]).toEqual([2, expect.stringContaining('in x.yaml; found foo')]);
    });

    it('calls itself as it is called', async () => {
      expect((await launched('wfe', ['--help'])).out).toContain('Usage: wfe ');
      expect((await launched('kubectl-wfe', ['--help'])).out).toContain('Usage: kubectl wfe ');
    });

    it('answers kubectl’s question for what may come next', async () => {
      expect((await launched('kubectl_complete-wfe', ['hist'])).out).toMatch(/^history\t.*\n:4\n$/);
    });

    it('is what package.json names, under every name', () => {
      const { bin } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { bin: object };
      const all = Object.fromEntries(
        ['wfe', 'kubectl-wfe', 'kubectl_complete-wfe'].map((name) => [name, './tools/wfe.mjs']),
      );
      expect(bin).toEqual(all);
    });
  });

  const kubectl = findKubectl();
  if (kubectl === undefined)
    // Visible in every report, and no claim that anything holds.
    test('NOT RUN: kubectl wfe, for want of a kubectl (set WFE_TEST_KUBECTL)', () => {
      expect(findKubectl()).toBeUndefined();
    });
  else
    it('kubectl wfe is wfe', async () => {
      const plugin = join(folder, 'kubectl-wfe');
      rmSync(plugin, { force: true });
      symlinkSync(LAUNCHER, plugin);
      const script = `PATH='${folder}${delimiter}'"$PATH" '${kubectl}' wfe list --target default/deployment/hostile -o name`;
      expect(await sh(wfe, stage.service.url, script)).toEqual({ code: 0, out: `${id}\n`, err: '' });
    });
});
