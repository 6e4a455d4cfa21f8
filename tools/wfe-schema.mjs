// npm run wfe:schema: writes the types of the command line's client anew, from the OpenAPI document of the service.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { install, node24, root, say } from './node24.mjs';

install();
// Compiled whatever the types say: those that are about to be replaced may be what does not fit.
say('building (tsc)');
const run = (script, ...args) =>
  spawnSync(node24(), [join(root, script), ...args], { cwd: root, stdio: ['ignore', 2, 2] }).status;
run('node_modules/typescript7/bin/tsc', '-p', 'tsconfig.build.json');
process.exit(run('dist/test/wfe/schema/write-schema.js') ?? 1);
