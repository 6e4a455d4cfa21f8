// npm run simulate: runs worlds from their seeds, with every fault there is, and checks what must always hold.
import { run } from './node24.mjs';

run('dist/test/simulation/main.js', process.argv.slice(2));
