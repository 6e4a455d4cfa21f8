// npm run test:cluster: the suites that need a real API server. With KUBECONFIG set they run on that cluster; otherwise
// the lab script builds (once) and starts a Kubernetes API server of its own, which is stopped again whatever happens.
// Arguments are passed to jest as a filter; --optional makes a missing lab no failure.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, install, node24, root, say } from './node24.mjs';

const args = process.argv.slice(2);
const optional = args.includes('--optional');
const filter = args.filter((arg) => arg !== '--optional');
const script = resolve(root, process.env.CRDLAB_SCRIPT ?? '../shared/lab/crd-apiserver.sh');
const folder = mkdtempSync(join(tmpdir(), 'wfe-cluster-'));
const FIRST_PORT = 17_000;
const LAST_PORT = 28_000;
const PORT_TRIES = 50;

/** What runs at the moment, so that a signal can end it. */
let child;
let stopLab = () => undefined;

function finish(code) {
  stopLab();
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

function notRun(why, whatToDo) {
  process.stdout.write(`cluster run: not run (${why}). ${whatToDo}\n0 passed, ${optional ? 0 : 1} failed\n`);
  finish(optional ? 0 : 1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    child?.kill('SIGTERM');
    finish(130);
  });

/** Whether this port and the two after it are free on loopback. */
async function isFreeBlock(port) {
  for (const one of [port, port + 1, port + 2]) {
    const free = await new Promise((resolveFree) => {
      const server = createServer();
      server.once('error', () => resolveFree(false));
      server.listen(one, '127.0.0.1', () => server.close(() => resolveFree(true)));
    });
    if (!free) return false;
  }
  return true;
}

async function freeBlock() {
  for (let tries = 0; tries < PORT_TRIES; tries += 1) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (await isFreeBlock(port)) return port;
  }
  throw new Error(`no three free ports in a row between ${FIRST_PORT} and ${LAST_PORT}`);
}

/** Starts the lab server with the stand-ins for Lease and Event; gives the environment that lets suites reach it. */
async function startLab() {
  const env = { ...process.env, CRDLAB_RUN: join(folder, 'run'), CRDLAB_PORT: String(await freeBlock()) };
  const lab = (command) => spawnSync(script, [command], { env, stdio: ['ignore', 'pipe', 2], encoding: 'utf8' });
  const built = lab('build');
  if (built.error || built.status !== 0)
    notRun('the lab could not build its API server; its messages are above', 'Give a cluster: KUBECONFIG=<path>.');
  stopLab = () => lab('stop');
  const started = lab('start');
  if (started.status !== 0) {
    process.stdout.write('The lab server did not start; its messages are above.\n0 passed, 1 failed\n');
    finish(1);
  }
  const kubeconfig = started.stdout.trim().split('\n').at(-1);
  const cache =
    process.env.CRDLAB_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'crd-apiserver');
  const kubectl = join(cache, 'bin', 'kubectl');
  const standins = ['--kubeconfig', kubeconfig, 'apply', '-f', '-'];
  const applied = spawnSync(kubectl, standins, { input: lab('standins').stdout, stdio: ['pipe', 'ignore', 2] });
  if (applied.status !== 0) {
    process.stdout.write('The stand-ins for Lease and Event were refused; see above.\n0 passed, 1 failed\n');
    finish(1);
  }
  return { ...env, WFE_TEST_KUBECONFIG: kubeconfig, WFE_TEST_LAB_SCRIPT: script, WFE_TEST_KUBECTL: kubectl };
}

async function environment() {
  if (process.env.KUBECONFIG) {
    say(`cluster run on the cluster of KUBECONFIG=${process.env.KUBECONFIG}: it is neither restarted nor compacted`);
    return { ...process.env, WFE_TEST_KUBECONFIG: process.env.KUBECONFIG };
  }
  if (!existsSync(script))
    notRun(
      `KUBECONFIG is not set and there is no lab script at ${script}`,
      'Set KUBECONFIG to a cluster for tests, or CRDLAB_SCRIPT to the lab script.',
    );
  say(
    'starting a Kubernetes API server for custom resources (built from Debian packages the first time, about 3 minutes)',
  );
  return startLab();
}

/** Runs jest in the foreground and counts; a suite that cannot be loaded, and a skipped test, count as failed. */
function specs(env) {
  const report = join(folder, 'jest.json');
  const jest = [join(root, 'node_modules/jest/bin/jest.js'), '--config', join(root, 'jest.cluster.config.mjs')];
  child = spawn(node24(), [...jest, '--json', `--outputFile=${report}`, ...filter], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((done) => {
    child.on('exit', () => {
      try {
        const result = JSON.parse(readFileSync(report, 'utf8'));
        const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests } = result;
        if (numPendingTests > 0) say(`${numPendingTests} skipped: a skipped test is a defect here`);
        done({ passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites + numPendingTests });
      } catch (error) {
        say(`jest left no report: ${error.message}`);
        done({ passed: 0, failed: 1 });
      }
    });
  });
}

install();
build();
const started = Date.now();
try {
  const { passed, failed } = await specs(await environment());
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stdout.write(`\n${seconds} s\n${passed} passed, ${failed} failed\n`);
  finish(failed === 0 && passed > 0 ? 0 : 1);
} catch (error) {
  process.stdout.write(`cluster run: ${error.message}\n0 passed, 1 failed\n`);
  finish(1);
}
