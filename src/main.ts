import { runService } from './run-service.ts';
import { assemble } from './wiring/assemble.ts';

process.exitCode = await runService(process.argv.slice(2), process.env, assemble);
process.exit();
