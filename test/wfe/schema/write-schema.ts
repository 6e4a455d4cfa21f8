import { writeFile } from 'node:fs/promises';
import { generatedSchema, SCHEMA_FILE } from './generated.ts';

await writeFile(SCHEMA_FILE, await generatedSchema());
process.stdout.write(`${SCHEMA_FILE}\n`);
process.exit();
