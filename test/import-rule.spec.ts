import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CRUISER = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

/** Runs the project's own rules over a small tree; answers `file: rule` for everything they object to. */
function objections(files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'wfe-rule-'));
  try {
    for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs'])
      copyFileSync(join(root, name), join(folder, name));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const args = [CRUISER, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src', 'libs'];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (stdout === '') throw new Error(stderr);
    const report = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
    return report.summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const uses = (what: string, from: string): string =>
  `import { ${what} } from '${from}';\nexport const used = ${what};\n`;

const allowed = {
  'libs/execution/src/inner.ts': 'export const inner = 1;\n',
  'libs/execution/src/index.ts': "export { inner } from './inner.ts';\n",
  'libs/tekton/src/index.ts': uses('inner', '../../execution/src/index.ts'),
  'src/main.ts': uses('inner', '../libs/execution/src/index.ts'),
};

const planted = [
  [
    'the model importing another library',
    'libs/execution/src/a.ts',
    uses('used', '../../tekton/src/index.ts'),
    'execution-imports-only-what-its-row-allows',
  ],
  [
    'the model importing Node',
    'libs/execution/src/b.ts',
    uses('readFileSync', 'node:fs'),
    'pure-libraries-know-nothing',
  ],
  ['a side door into a library', 'src/c.ts', uses('inner', '../libs/execution/src/inner.ts'), 'front-door-only'],
  ['Nest below the edge', 'libs/tekton/src/d.ts', uses('Module', '@nestjs/common'), 'nest-is-known-in-one-place'],
  ['SQLite outside its folder', 'src/e.ts', uses('DatabaseSync', 'node:sqlite'), 'node-sqlite-is-known-in-one-place'],
  [
    'the Kubernetes client outside its library',
    'src/f.ts',
    uses('KubeConfig', '@kubernetes/client-node'),
    'kubernetes-client-is-known-in-one-place',
  ],
  [
    'a library importing the application',
    'libs/runtime/src/g.ts',
    uses('used', '../../../src/main.ts'),
    'libraries-do-not-know-the-applications',
  ],
  ['a circle', 'libs/execution/src/h.ts', "export { used } from './i.ts';\n", 'no-cycles'],
] as const;

describe('the import rule', () => {
  it('lets a library import what its row allows, by its front door', () => {
    expect(objections(allowed)).toEqual([]);
  });

  it('catches every violation that is planted', () => {
    const otherHalf = { 'libs/execution/src/i.ts': "import { used } from './h.ts';\nexport { used };\n" };
    const found = objections({
      ...allowed,
      ...otherHalf,
      ...Object.fromEntries(planted.map(([, path, text]) => [path, text])),
    });
    for (const [, path, , rule] of planted) expect(found).toContain(`${path}: ${rule}`);
  });
});
