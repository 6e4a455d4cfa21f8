import { join } from 'node:path';
import openapiTS, { astToString, type OpenAPI3, type SchemaObject } from 'openapi-typescript';
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
    const document = withoutRecursion((await response.json()) as OpenAPI3);
    const text = HEAD + astToString(await openapiTS(document));
    return await format(text, { ...(await resolveConfig(SCHEMA_FILE)), parser: 'typescript' });
  } finally {
    await served.close();
  }
}

/** A schema that contains itself (any JSON) cannot be said as a member of an interface: it becomes one of anything. */
function withoutRecursion(document: OpenAPI3): OpenAPI3 {
  const schemas = document.components?.schemas ?? {};
  for (const name of Object.keys(schemas))
    if (JSON.stringify(schemas[name]).includes(`"#/components/schemas/${name}"`))
      schemas[name] = { description: 'Any JSON.' } as SchemaObject;
  return document;
}
