import { z } from 'zod';
import { expected } from './expected.ts';
import { time, UUID } from './requests.ts';

export const BUNDLE_TYPE = 'application/x-ndjson';

/** What `GET /v1/audit/export` may be asked; nothing is everything. */
export const exportQuery = z
  .strictObject({
    execution: z
      .string()
      .regex(UUID, expected('an execution id: a UUID in lower case'))
      .exactOptional()
      .meta({ description: 'All events of this execution, each with a proof; not together with a time.' }),
    from: time.exactOptional().meta({ description: 'Events decided at or after.', examples: ['2026-11-20T00:00:00Z'] }),
    to: time.exactOptional().meta({ description: 'Events decided before.', examples: ['2026-11-21T00:00:00Z'] }),
    seals: z.enum(['needed', 'chain'], expected('needed or chain')).exactOptional().meta({
      description: 'With `execution`: `chain` adds the seals up to the newest, to join it to a published head.',
    }),
  })
  .refine(({ execution, from, to }) => execution === undefined || (from === undefined && to === undefined), {
    path: ['execution'],
    message: 'expected either execution, or from and to',
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'expected a time after from',
  })
  .refine(({ execution, seals }) => execution !== undefined || seals === undefined, {
    path: ['seals'],
    message: 'expected only together with execution',
  });
export type ExportQuery = z.output<typeof exportQuery>;

const EXAMPLE = `{"asOf":"s1:0198f6c26f0e:4049","firstOrdinal":0,"format":1,"kind":"bundle","madeAt":"2026-11-20T10:16:00.118Z","madeBy":"1.0.0 (abc123)","newestSeal":null,"product":"workflow-execution","scope":{"kind":"all"},"storeId":"0198f6c2-6f0e-7aaa-8000-5f6d7e8c9b0a"}\n`;

export const bundleAnswer = z
  .string()
  .meta({ description: 'JSON lines, as docs/reference/bundles.md has them.', examples: [EXAMPLE] });
