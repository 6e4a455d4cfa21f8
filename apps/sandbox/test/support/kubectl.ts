import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const LIMIT_MS = 20_000;

/** A kubectl: the one that WFE_TEST_KUBECTL names, one in PATH, or the one that came with the lab's API server. */
export function findKubectl(): string | undefined {
  const named = process.env['WFE_TEST_KUBECTL'];
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(homedir(), '.cache', 'crd-apiserver', 'bin')];
  return [...(named ? [named] : []), ...folders.map((folder) => join(folder, 'kubectl'))].find((path) =>
    existsSync(path),
  );
}

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** kubectl against one server, with nothing of this machine's configuration. */
export class Kubectl {
  readonly #path: string;
  readonly #reach: readonly string[];
  readonly #limitMs: number;
  readonly #home = mkdtempSync(join(tmpdir(), 'wfe-kubectl-'));

  /** `reach` are the options that say which server: `--server=<url>` or `--kubeconfig=<file>`. */
  constructor(path: string, reach: readonly string[], limitMs = LIMIT_MS) {
    this.#path = path;
    this.#reach = reach;
    this.#limitMs = limitMs;
  }

  /** Runs to the end, whatever that is. */
  run(args: readonly string[], input = ''): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const child = execFile(this.#path, this.#arguments(args), this.#options(), (error, out, err) => {
        const code = error ? error.code : 0;
        if (typeof code === 'number') resolve({ code, out, err });
        else reject(error ?? new Error(`kubectl ${args.join(' ')} did not run`));
      });
      child.stdin?.end(input);
    });
  }

  /** Runs and must succeed; answers what it printed. */
  async ok(args: readonly string[], input = ''): Promise<string> {
    const { code, out, err } = await this.run(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${err}`);
    return out;
  }

  /** Starts, and hands over what it prints until stopped. */
  follow(args: readonly string[]): { readonly lines: string[]; readonly stop: () => void } {
    const child = spawn(this.#path, this.#arguments(args), { ...this.#options(), stdio: ['ignore', 'pipe', 'ignore'] });
    const lines: string[] = [];
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
    });
    return { lines, stop: () => void child.kill() };
  }

  dispose(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }

  #arguments(args: readonly string[]): string[] {
    return [...this.#reach, '--cache-dir', join(this.#home, 'cache'), ...args];
  }

  #options() {
    return { timeout: this.#limitMs, env: { ...process.env, KUBECONFIG: join(this.#home, 'none'), HOME: this.#home } };
  }
}
