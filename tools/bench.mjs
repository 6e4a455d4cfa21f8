// npm run bench: measures, prints a table, asserts nothing.
import { run } from './node24.mjs';

run('dist/test/bench/main.js', process.argv.slice(2));
