// npm test: install, build with type check, then lint, format, the import rule and every spec. One total at the end.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, install, node24, root, say } from './node24.mjs';

const filter = process.argv.slice(2);
/** The runner has no time limit of its own. */
const LIMIT_MINUTES = 30;
install();
build({ always: true });

/** Runs one of the package's tools with Node 24; resolves to its exit code and what it printed. */
function tool(script, args) {
  return new Promise((resolve) => {
    const child = spawn(node24(), [join(root, 'node_modules', script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('exit', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The specs themselves; jest's own report goes to the terminal as it happens. */
function specs() {
  const folder = mkdtempSync(join(tmpdir(), 'wfe-test-'));
  const report = join(folder, 'jest.json');
  const args = [join(root, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${report}`, ...filter];
  return new Promise((resolve) => {
    const child = spawn(node24(), args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    const limit = setTimeout(() => {
      say(`the specs did not end within ${LIMIT_MINUTES} minutes: something waits for ever`);
      child.kill('SIGKILL');
    }, LIMIT_MINUTES * 60_000);
    child.on('exit', () => {
      clearTimeout(limit);
      let counts = { passed: 0, failed: 1 };
      try {
        const result = JSON.parse(readFileSync(report, 'utf8'));
        // A suite that could not be loaded has no tests to fail: it counts as one.
        counts = { passed: result.numPassedTests, failed: result.numFailedTests + result.numRuntimeErrorTestSuites };
        if (result.numPendingTests > 0) say(`${result.numPendingTests} skipped: a skipped test is a defect here`);
        counts.failed += result.numPendingTests;
      } catch (error) {
        say(`jest left no report: ${error.message}`);
      }
      rmSync(folder, { recursive: true, force: true });
      resolve(counts);
    });
  });
}

const checks = [
  ['type check and build', async () => ({ code: 0, output: '' })],
  ['lint (eslint)', () => tool('eslint/bin/eslint.js', ['.', '--max-warnings', '0'])],
  ['format (prettier --check)', () => tool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'])],
  [
    'import rule (dependency-cruiser)',
    () =>
      tool('dependency-cruiser/bin/dependency-cruiser.mjs', [
        '--config',
        '.dependency-cruiser.cjs',
        'src',
        'apps',
        'libs',
        'test',
      ]),
  ],
];

const started = Date.now();
let passed = 0;
let failed = 0;
if (filter.length === 0) {
  for (const [name, check] of checks) {
    const { code, output } = await check();
    if (code === 0) {
      passed += 1;
      process.stdout.write(`ok    ${name}\n`);
    } else {
      failed += 1;
      process.stdout.write(`FAIL  ${name}\n${output}\n`);
    }
  }
}
const counts = await specs();
passed += counts.passed;
failed += counts.failed;
process.stdout.write(`\n${Math.round((Date.now() - started) / 1000)} s\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
