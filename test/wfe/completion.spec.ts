import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Wfe, WFE_PROGRAM } from './wfe-process.ts';

const LIMIT_MS = 60_000;

/** The shell in PATH, if there is one. */
const findShell = (name: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

describe('completion', () => {
  const wfe = new Wfe();
  let folder = '';
  let files = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wfe-completion-'));
    files = join(folder, 'files');
    mkdirSync(files);
    for (const name of ['echo.yaml', 'fail.yaml']) writeFileSync(join(files, name), '');
    writeFileSync(join(folder, 'wfe'), `#!/bin/sh\nexec '${process.execPath}' '${WFE_PROGRAM}' "$@"\n`);
    chmodSync(join(folder, 'wfe'), 0o755);
  });
  afterAll(() => {
    wfe.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a shell prints that has `wfe` in its PATH, in a folder with two files. */
  async function said(shell: string, script: string): Promise<string> {
    const environment = wfe.environment(undefined);
    const env = { ...environment, TERM: 'xterm', PATH: `${folder}${delimiter}${environment['PATH']}` };
    const { stdout, stderr } = await promisify(execFile)(shell, ['-c', script], { cwd: files, env, timeout: LIMIT_MS });
    expect(stderr).toBe('');
    return stdout;
  }
  const suggested = async (...words: string[]): Promise<string[]> =>
    (await wfe.ok(['complete', '--', ...words])).trimEnd().split('\n');

  describe('says what may come next', () => {
    it('commands with a few words each, and nothing that is a file', async () => {
      const lines = await suggested('');
      expect(lines.at(-1)).toBe(':4');
      expect(lines).toContain('why\twhy an execution is as it is, in sentences');
      expect(lines).toContain('completion\tthe completion script of a shell');
    });

    it.each([
      [
        ['list', '--phase', 'P'],
        ['Pending\tphase', ':4'],
      ],
      [
        ['list', '--phase=P'],
        ['Pending\tphase', ':4'],
      ],
      [
        ['list', '--serv'],
        [expect.stringMatching(/^--server\t/), expect.stringMatching(/^--service\t/), ':4'],
      ],
      [
        ['help', 'wh'],
        ['why\twhy an execution is as it is, in sentences', ':4'],
      ],
      [['get', ''], [':4']],
      [['list', '--server', ''], [':4']],
      [['verify', 'x', ''], [':4']],
    ])('%j', async (words, expected) => expect(await suggested(...words)).toEqual(expected));

    it.each([
      [['create', '-f', '']],
      [['create', '--file=e']],
      [['verify', '']],
      [['verify', '--key', 'a', '--head', '']],
      [['-n', 'verify', 'export', '-o', '']],
      [['--kubeconfig', '']],
    ])('%j: a file', async (words) => expect(await suggested(...words)).toEqual([':0']));
  });

  it('of bash completes words, and lets it complete files; what is typed is not run', async () => {
    const out = await said(
      'bash',
      `eval "$(wfe completion bash)" || exit 9
      compopt() { :; } # exists only while bash itself completes
      ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); __wfe_complete; echo "$* => \${COMPREPLY[*]}"; }
      complete -p wfe
      ask wfe hist
      ask wfe list --phase P
      ask wfe list --phase = P
      ask wfe at x/y 10 : 15 -o js
      ask wfe events --type Lock
      ask wfe create -f ''
      ask wfe list --target '$(touch was-run)' --phase P`,
    );
    expect(out.trimEnd().split('\n')).toEqual([
      'complete -o default -F __wfe_complete wfe',
      'wfe hist => history',
      'wfe list --phase P => Pending',
      'wfe list --phase = P => Pending',
      'wfe at x/y 10 : 15 -o js => json',
      'wfe events --type Lock => LockReleased',
      'wfe create -f  => ',
      'wfe list --target $(touch was-run) --phase P => Pending',
    ]);
    expect(existsSync(join(files, 'was-run'))).toBe(false);
  });

  it('of powershell is a script for it', async () => {
    expect(await wfe.ok(['completion', 'powershell'])).toContain('Register-ArgumentCompleter');
  });

  const fish = findShell('fish');
  if (fish === undefined) notRun('fish');
  else
    it('of fish completes words and files', async () => {
      const out = await said(
        fish,
        `wfe completion fish | source
        for line in 'wfe hist' 'wfe list --phase P' 'wfe create -f e' 'wfe verify ' 'wfe get '
          echo "$line =>" (complete -C $line | string split -f 1 \\t)
        end`,
      );
      expect(out.trimEnd().split('\n')).toEqual([
        'wfe hist => history',
        'wfe list --phase P => Pending',
        'wfe create -f e => echo.yaml',
        'wfe verify  => echo.yaml fail.yaml',
        'wfe get  =>',
      ]);
    });

  const zsh = findShell('zsh');
  if (zsh === undefined) notRun('zsh');
  else
    it('of zsh completes words and files as they are typed', async () => {
      // Each reading waits for its text, and the process has a limit in time.
      const out = await said(
        zsh,
        `zmodload zsh/zpty
        zpty line zsh -f -i
        type() { zpty -w -n line "$1"; zpty -r line seen "*$2*"; print -r -- "$1"; zpty -w -n line $'\\C-u'; }
        zpty -w line "autoload -U compinit; compinit -u -D; source <(wfe completion zsh); cd '${files}'; print RE''ADY"
        zpty -r line seen '*READY*'
        type $'wfe hist\\t' 'wfe history'
        type $'wfe list --phase P\\t' 'phase Pending'
        type $'wfe create -f e\\t' '-f echo.yaml'
        type $'wfe verify f\\t' 'verify fail.yaml'
        zpty -d line`,
      );
      expect(out.trimEnd().split('\n')).toHaveLength(4);
    });
});

/** Visible in every report, and no claim that anything holds. */
function notRun(shell: string): void {
  test(`NOT RUN: completion of ${shell}, for want of ${shell} in PATH`, () => {
    expect(findShell(shell)).toBeUndefined();
  });
}
