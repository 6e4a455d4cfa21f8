import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { z } from 'zod';
import { OTHER_FORMS } from './operation.ts';
import { problemAnswer } from './schemas/answers.ts';

type OperationObject = { readonly operationId?: string; readonly responses: Readonly<Record<string, unknown>> };

type JsonSchema = Readonly<Record<string, unknown>>;
interface Converted {
  readonly schema: JsonSchema;
  readonly components: Readonly<Record<string, JsonSchema>>;
}

/**
 * JSON Schema 2020-12, as OpenAPI 3.1 wants it; schemas with an id become components. Answers may get fields later
 * without breaking anybody, so they are not closed.
 */
function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): Converted {
  const converted = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // The format says it; zod's pattern for leap years helps nobody.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  }) as JsonSchema;
  const { $defs, ...rest } = converted;
  const bare = Object.fromEntries(Object.entries(rest).filter(([keyword]) => keyword !== '$schema'));
  return { schema: bare, components: ($defs ?? {}) as Converted['components'] };
}

/** The API's document, made from the controllers and their schemas. */
export function createDocument(app: NestExpressApplication, version: string): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Workflow Execution Service')
    .setDescription('Runs Tekton workflows against one target, records everything before it happens, and can prove it.')
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addTag('executions', 'Commands to executions, and their state and history.')
    .addTag('events', 'The log of all executions.')
    .addTag('audit', 'What proves that nothing is missing and nothing was changed.')
    .addTag('webhooks', 'Where events are sent.')
    .addTag('service', 'The service itself.')
    .build();
  const document = SwaggerModule.createDocument(app, outline, {
    standardSchemaConverter: (schema, { schemaType }) => jsonSchemaOf(schema as z.ZodType, schemaType),
  });
  const { components } = jsonSchemaOf(problemAnswer, 'output');
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...components } };
  addOtherForms(document);
  delete document.info.contact;
  return document;
}

/** Answers that can be had in other forms than JSON. */
function addOtherForms(document: OpenAPIObject): void {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as OperationObject[]);
  for (const { operationId = '', responses } of operations)
    for (const [status, forms] of OTHER_FORMS.get(operationId) ?? [])
      for (const [type, { schema, example }] of Object.entries(forms)) {
        const { content } = responses[status] as { content: Record<string, unknown> };
        const converted = intoComponents(jsonSchemaOf(schema, 'output'));
        content[type] = { schema: converted.schema, example };
        document.components = {
          ...document.components,
          schemas: { ...document.components?.schemas, ...converted.components },
        };
      }
}

/** References lead to where the document keeps its schemas. */
function intoComponents(converted: Converted): Converted {
  const text = JSON.stringify(converted).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text) as Converted;
}

/** Everything /docs shows comes from this server; the browser is told to load nothing else. */
export const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `/openapi.json`, and `/docs` to read and try it. */
export function serveDocument(app: NestExpressApplication, document: OpenAPIObject): void {
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Workflow Execution Service',
    swaggerOptions: { validatorUrl: null },
  });
}
