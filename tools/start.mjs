// npm start: the sandbox cluster and the service, with two example executions.
import { run } from './node24.mjs';

run('dist/apps/sandbox/src/main.js');
