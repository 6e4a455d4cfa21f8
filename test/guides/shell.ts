import { spawn } from 'node:child_process';
import type { Step } from './console.ts';

export interface Shell {
  readonly folder: string;
  /** Added to the environment of this process; of its own WFE_ variables nothing is left. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export interface Ran {
  readonly step: Step;
  /** Standard output and error, in the order they came. */
  readonly output: readonly string[];
  readonly exitCode: number;
}

/** Between steps: neither a command nor its output holds it. */
const MARK = '\u0001';

/** Runs all steps in one bash, so that variables last; stops at the first that fails. */
export async function runSteps(steps: readonly Step[], shell: Shell): Promise<readonly Ran[]> {
  const script = ['exec 2>&1', 'set -o pipefail', ...steps.map(({ command }) => `${command}\nstep_ended $?`)];
  const ended = `step_ended() { printf '${MARK}%s${MARK}' "$1"; [ "$1" = 0 ] || exit "$1"; }`;
  const output = await outputOf([ended, ...script].join('\n'), shell);
  const parts = output.split(MARK);
  const ran: Ran[] = [];
  for (const [index, step] of steps.entries()) {
    const exitCode = parts[2 * index + 1];
    const lines = (parts[2 * index] ?? '').replace(/\n$/, '').split('\n');
    ran.push({ step, output: lines, exitCode: exitCode === undefined ? -1 : Number(exitCode) });
    if (exitCode !== '0') break;
  }
  return ran;
}

function outputOf(script: string, { folder, environment, timeoutMs }: Shell): Promise<string> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('WFE_'));
  const child = spawn('bash', ['-c', script], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(output));
  });
}
