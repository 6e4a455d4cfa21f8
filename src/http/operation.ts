import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { problemOf, ProblemError } from './problem.ts';
import type { ProblemCode } from './problem-table.ts';
import { PROBLEMS } from './problem-table.ts';

interface Answer {
  readonly status: number;
  readonly description: string;
  readonly schema: z.ZodType;
  readonly headers?: Readonly<Record<string, { description: string; schema: { type: 'string' | 'integer' } }>>;
  /** The same answer in other forms, by media type. */
  readonly also?: Readonly<Record<string, OtherForm>>;
}

/** A form of an answer beside `application/json`. */
export interface OtherForm {
  readonly schema: z.ZodType;
  readonly example: unknown;
}

export interface RequestHeader {
  readonly name: string;
  readonly description: string;
  readonly schema: { readonly type: 'string'; readonly pattern?: string };
  readonly example: string;
}

export interface OperationText {
  /** Name of the operation in generated clients. */
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly requestHeaders?: readonly RequestHeader[];
  readonly answers: readonly Answer[];
  /** Beside those every operation may answer with. */
  readonly problems: readonly ProblemCode[];
}

const EVERYWHERE: readonly ProblemCode[] = ['internal-error', 'shutting-down'];

/** Forms beside JSON, by operation and status; Nest's decorators know one form of an answer only. */
export const OTHER_FORMS = new Map<string, ReadonlyMap<number, Readonly<Record<string, OtherForm>>>>();

/** What the API's document says of an operation: its answers, and every problem with an example. */
export function Operation(text: OperationText): MethodDecorator {
  const { id, summary, description, requestHeaders = [], answers, problems } = text;
  const byStatus = Map.groupBy([...problems, ...EVERYWHERE], (code) => PROBLEMS[code].status);
  OTHER_FORMS.set(id, new Map(answers.map(({ status, also = {} }) => [status, also])));
  return applyDecorators(
    ApiOperation({ operationId: id, summary, description }),
    ...requestHeaders.map((header) => ApiHeader({ ...header, required: false })),
    ...answers.map((answer) => ApiResponse(answered(answer))),
    ...[...byStatus].map(([status, codes]) => ApiResponse(problematic(status, codes))),
  );
}

function answered({ status, description, schema, headers }: Answer) {
  const examples = schema.meta()?.['examples'] as readonly unknown[] | undefined;
  return {
    status,
    description,
    standardSchema: schema,
    ...(headers && { headers: { ...headers } }),
    ...(examples && { example: examples[0] }),
  };
}

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' as const } } };

function problematic(status: number, codes: readonly ProblemCode[]) {
  const examples = codes.map((code) => [code, { summary: PROBLEMS[code].title, value: exampleOf(code) }] as const);
  return {
    status,
    description: codes.map((code) => PROBLEMS[code].title).join('; '),
    ...(status === 503 && { headers: RETRY_AFTER }),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(examples),
      },
    },
  };
}

function exampleOf(code: ProblemCode) {
  const isAboutFields = code === 'validation-failed' || code === 'spec-refused';
  const errors = [{ path: 'spec.targetResource', message: 'expected a text; found nothing' }];
  const error = new ProblemError(code, `${PROBLEMS[code].title}.`, isAboutFields ? { errors } : {});
  return problemOf(error, '/v1/executions', '2d0a7c55-59a4-4d6c-9df3-2b6de0f9d1c4');
}
