#!/usr/bin/env node
// The command line `wfe`, also `kubectl wfe` when it is called as kubectl-wfe. Plain JavaScript for any Node from 18:
// builds what is missing, and runs the program with the Node 24 that npm brought along, in the caller's folder.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, install, node24, root } from './node24.mjs';

const calledAs = basename(process.argv[1] ?? '').replace(/\.(c|m)?js$/, '');
const program = join(root, 'dist/apps/wfe/src/main.js');
if (!existsSync(program)) {
  install();
  build();
}

/** Ctrl-C reaches both processes; a signal to this one alone is passed on. The child decides what it means. */
// kubectl asks a program of this name what may come next; the answer has the form it expects.
const asked = calledAs === 'kubectl_complete-wfe' ? ['complete', '--'] : [];
const child = spawn(node24(), [program, ...asked, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, WFE_CALLED_AS: calledAs },
});
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`wfe could not be started: ${error.message}\n`);
  process.exit(70);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
