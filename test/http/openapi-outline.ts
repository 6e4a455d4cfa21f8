/** Sorting that does not depend on the machine's language. */
export const METHOD_ORDER = new Intl.Collator('en');

const text = { type: 'string', minLength: 1 };
const map = (item: object) => ({ type: 'object', additionalProperties: item });
const ref = (name: string) => ({ $ref: `#/$defs/${name}` });
const shape = (required: string[], properties: object) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});

/** The structure of an OpenAPI 3.1 document, as far as this one uses it, after the tables of the specification. */
export const OUTLINE = {
  $id: 'openapi-outline',
  ...shape(['openapi', 'info', 'paths', 'components'], {
    openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' },
    info: shape(['title', 'version'], {
      title: text,
      version: text,
      description: text,
      license: shape(['name'], { name: text, url: text, identifier: text }),
    }),
    servers: { type: 'array', items: shape(['url'], { url: text, description: text }) },
    tags: { type: 'array', items: shape(['name'], { name: text, description: text }) },
    paths: { type: 'object', patternProperties: { '^/': ref('pathItem') }, additionalProperties: false },
    components: shape([], { schemas: map({ type: 'object' }) }),
  }),
  $defs: {
    pathItem: {
      type: 'object',
      patternProperties: { '^(?:get|put|post|delete|options|head|patch|trace)$': ref('operation') },
      additionalProperties: false,
    },
    operation: shape(['operationId', 'responses'], {
      operationId: text,
      summary: text,
      description: text,
      tags: { type: 'array', items: text },
      parameters: { type: 'array', items: ref('parameter') },
      requestBody: shape(['content'], { content: map(ref('media')), description: text, required: { type: 'boolean' } }),
      responses: {
        type: 'object',
        minProperties: 1,
        patternProperties: { '^(?:[1-5](?:\\d\\d|XX)|default)$': ref('response') },
        additionalProperties: false,
      },
    }),
    parameter: {
      ...shape(['name', 'in', 'schema'], {
        name: text,
        in: { enum: ['query', 'header', 'path', 'cookie'] },
        description: text,
        required: { type: 'boolean' },
        schema: { type: 'object' },
        example: true,
      }),
      if: { properties: { in: { const: 'path' } } },
      then: { required: ['required'], properties: { required: { const: true } } },
    },
    response: shape(['description'], {
      description: { type: 'string' },
      content: map(ref('media')),
      headers: map(shape(['schema'], { description: text, schema: { type: 'object' } })),
    }),
    media: shape(['schema'], {
      schema: { type: 'object' },
      example: true,
      examples: map(shape(['value'], { summary: text, value: true })),
    }),
  },
};
