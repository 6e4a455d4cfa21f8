import { join } from 'node:path';
import { readArguments } from './arguments.ts';
import { runDemo } from './demo/demo.ts';
import { scenarioTable } from './demo/scenario-table.ts';

const asked = readArguments(process.argv.slice(2));
if (asked.scenarios) process.stdout.write(`${scenarioTable()}\n`);
else process.exitCode = await runDemo({ ...asked, objects: join(asked.data, 'sandbox') });
process.exit();
