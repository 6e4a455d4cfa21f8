import { join } from 'node:path';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { packageRoot } from '../../../apps/sandbox/src/package-root.ts';
import { serve } from '../../http/served.ts';

/** The types of the command line's client. */
export const SCHEMA_FILE = join(packageRoot, 'apps/wfe/src/api/schema.ts');

const HEAD = `/* eslint-disable */
// Generated from the service's OpenAPI document by \`npm run wfe:schema\`. Not edited by hand.

`;

/** What the file must say, from the document of a service that runs. */
export async function generatedSchema(): Promise<string> {
  const served = await serve();
  try {
    const response = await fetch(`${served.url}/openapi.json`);
    const document = (await response.json()) as OpenAPI3;
    const text = HEAD + astToString(await openapiTS(document));
    return await format(text, { ...(await resolveConfig(SCHEMA_FILE)), parser: 'typescript' });
  } finally {
    await served.close();
  }
}
