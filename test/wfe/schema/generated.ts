import { join } from 'node:path';
import openapiTS, { astToString, type OpenAPI3, type SchemaObject } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { packageRoot } from '../../../apps/sandbox/src/package-root.ts';
import { serve } from '../../http/served.ts';
import { structureOf } from './structure.ts';

/** A file of the command line that is made from the service's OpenAPI document. */
export interface GeneratedFile {
  readonly path: string;
  /** What it must say. */
  readonly text: string;
}

const API = join(packageRoot, 'apps/wfe/src/api');
const HEAD = `/* eslint-disable */
// Generated from the service's OpenAPI document by \`npm run wfe:schema\`. Not edited by hand.

`;

/** The types of the command line's client, and the structure its answers are held against, from a service that runs. */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  const document = await servedDocument();
  return Promise.all([
    formatted(join(API, 'schema.ts'), astToString(await openapiTS(document))),
    formatted(join(API, 'answer-schemas.ts'), answerSchemas(document)),
  ]);
}

async function servedDocument(): Promise<OpenAPI3> {
  const served = await serve();
  try {
    const response = await fetch(`${served.url}/openapi.json`);
    return withoutRecursion((await response.json()) as OpenAPI3);
  } finally {
    await served.close();
  }
}

async function formatted(path: string, code: string): Promise<GeneratedFile> {
  return { path, text: await format(HEAD + code, { ...(await resolveConfig(path)), parser: 'typescript' }) };
}

function answerSchemas(document: OpenAPI3): string {
  const { answers, schemas } = structureOf(document as unknown as Readonly<Record<string, unknown>>);
  return `import type { Schemas } from './schema-check.ts';

/** What each operation answers with. */
export const ANSWERS: Readonly<Record<string, string>> = ${JSON.stringify(answers)};

/** How answers are built. */
export const SCHEMAS: Schemas = ${JSON.stringify(schemas)};
`;
}

/** A schema that contains itself (any JSON) cannot be said as a member of an interface: it becomes one of anything. */
function withoutRecursion(document: OpenAPI3): OpenAPI3 {
  const schemas = document.components?.schemas ?? {};
  for (const name of Object.keys(schemas))
    if (JSON.stringify(schemas[name]).includes(`"#/components/schemas/${name}"`))
      schemas[name] = { description: 'Any JSON.' } as SchemaObject;
  return document;
}
