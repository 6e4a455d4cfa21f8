import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { BundleAnchors } from '#audit';

const TOOL = join(import.meta.dirname, '../../../../../tools/verify_bundle.py');
/** For one start of Python with some hundred files, or a test with some starts, on a busy machine. */
export const PATIENCE_MS = 120_000;
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** One line of `verify_bundle.py --json`. */
export interface PythonVerdict {
  readonly ok: boolean;
  readonly lines: number;
  readonly events: number;
  readonly streams: number;
  readonly archived: number;
  readonly archives: readonly string[];
  readonly seals: number;
  readonly unsealed: number;
  readonly anchor: string;
  readonly signedBy?: string;
  readonly isHeadMet?: boolean;
  readonly acceptedRollbacks: number;
  readonly firstDamage?: { readonly check: string; readonly line: number };
  readonly file: string;
}

/** Why the second implementation cannot be asked here; undefined when it can. */
export function reasonNotToRun(): string | undefined {
  const { error } = spawnSync('python3', ['--version']);
  return error === undefined ? undefined : `not run: python3 is not there (${error.message})`;
}

/** Nothing is said to hold that was not looked at: without Python, the suite has one test, which fails and says why. */
export function withPython(suite: () => void): void {
  const reason = reasonNotToRun();
  if (reason === undefined) suite();
  else
    test(reason, () => {
      throw new Error(reason);
    });
}

/** Runs the tool as somebody would. */
export function runTool(args: readonly string[], input?: Uint8Array) {
  const options = { encoding: 'utf8', timeout: PATIENCE_MS, maxBuffer: OUTPUT_LIMIT } as const;
  const { status, stdout, stderr, error } = spawnSync('python3', [TOOL, ...args], {
    ...options,
    ...(input !== undefined && { input }),
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

/** A folder for the files of one run, gone afterwards. */
export class Files implements Disposable {
  private readonly folder = mkdtempSync(join(tmpdir(), 'bundle-'));

  write(name: string, content: Uint8Array | string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  anchors({ keys = [], head }: BundleAnchors): string[] {
    const paths = keys.map((key, index) => this.write(`key-${index}.txt`, Buffer.from(key).toString('base64')));
    const given = head === undefined ? [] : ['--head', this.write('head.json', JSON.stringify(head))];
    return [...paths.flatMap((path) => ['--key', path]), ...given];
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The verdicts of the second implementation, in the order of the files. */
export function pythonVerdicts(files: readonly Uint8Array[], anchors: BundleAnchors, crypto = 'auto'): PythonVerdict[] {
  using folder = new Files();
  const paths = files.map((file, index) => folder.write(String(index), file));
  const { stdout, stderr } = runTool(['--json', '--crypto', crypto, ...folder.anchors(anchors), ...paths]);
  if (stderr !== '') throw new Error(stderr);
  const verdicts = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PythonVerdict);
  const byName = new Map(verdicts.map((verdict) => [basename(verdict.file), verdict]));
  return files.map((_, index) => byName.get(String(index))!);
}
