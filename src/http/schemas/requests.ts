import { z } from 'zod';
import { CREATE_EXAMPLE } from './examples.ts';
import { expected, expectedUnseen } from './expected.ts';
import { dnsLabel, dnsSubdomain, specSchema, words } from './spec.ts';
import { limitUpTo, wholeNumber } from './whole-number.ts';

/** Shapes of what clients send. Fields nobody knows are refused. */
export const createBody = z
  .strictObject({
    namespace: dnsLabel.exactOptional().meta({ description: 'Where the WorkflowExecution resource is created.' }),
    name: dnsSubdomain.exactOptional().meta({ description: 'Its name; made from the execution id when absent.' }),
    spec: specSchema,
  })
  .meta({ id: 'CreateExecutionRequest', examples: [CREATE_EXAMPLE] });
export type CreateBody = z.output<typeof createBody>;

const REASON_CHARACTERS = 1024;

export const cancelBody = z
  .strictObject({
    mode: z.enum(['Graceful', 'Immediate']).meta({ description: 'Graceful lets `finally` tasks run.' }),
    reason: words(REASON_CHARACTERS).meta({ description: 'Kept in the history.' }),
  })
  .meta({ id: 'CancelExecutionRequest', examples: [{ mode: 'Graceful', reason: 'the alert has cleared' }] });
export type CancelBody = z.output<typeof cancelBody>;

export const releaseBody = z
  .strictObject({ reason: words(REASON_CHARACTERS).meta({ description: 'Kept in the history.' }) })
  .meta({ id: 'ReleaseExecutionRequest', examples: [{ reason: 'the target was replaced' }] });
export type ReleaseBody = z.output<typeof releaseBody>;

/** Nothing to say: no body, or an empty object. */
export const syncBody = z.strictObject({}).optional();

export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, expectedUnseen('one key of 1 to 255 printable ASCII characters without spaces'));

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const idParams = z.strictObject({
  id: z
    .string()
    .regex(UUID, expected('an execution id: a UUID in lower case'))
    .meta({ description: 'Execution id.', examples: ['0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21'] }),
});
export type IdParams = z.output<typeof idParams>;

export const time = z.iso
  .datetime({ offset: true, ...expected('a time as in 2026-11-20T10:15:00Z (write + as %2B)') })
  .transform((text) => new Date(text).toISOString());

export const listQuery = z.strictObject({
  phase: z.enum(['Pending', 'Running', 'Completed', 'Failed', 'Skipped']).exactOptional(),
  outcome: z.enum(['Success', 'Failed', 'Cancelled', 'Skipped']).exactOptional(),
  target: words(600).exactOptional(),
  workflowId: words(253).exactOptional(),
  namespace: dnsLabel.exactOptional(),
  remediationRequest: words(253).exactOptional(),
  at: time.exactOptional().meta({
    description: 'A time that has passed: executions as they stood then, filters included. Not with `from` and `to`.',
    examples: ['2026-11-20T10:15:00Z'],
  }),
  from: time.exactOptional().meta({ description: 'Created at or after.', examples: ['2026-11-20T00:00:00Z'] }),
  to: time.exactOptional().meta({ description: 'Created before.', examples: ['2026-11-21T00:00:00Z'] }),
  limit: limitUpTo(500).default(50),
  cursor: words(2048).exactOptional().meta({ description: '`next` of the page before.' }),
});
export type ListQuery = z.output<typeof listQuery>;

export const eventsQuery = z.strictObject({
  after: wholeNumber('a revision, or -1 for the beginning', -1)
    .default(-1)
    .meta({ description: 'Revision to go on after; -1 is the beginning.' }),
  limit: limitUpTo(500).default(100),
});
export type EventsQuery = z.output<typeof eventsQuery>;

export type Moment = { readonly revision: number } | { readonly time: string };

export const atQuery = z.strictObject({
  at: z
    .string()
    .meta({ description: 'A revision, or a time: the state then.', examples: ['2026-11-20T10:15:00Z'] })
    .transform((text, context): Moment => {
      if (/^\d{1,9}$/.test(text)) return { revision: Number(text) };
      const parsed = time.safeParse(text);
      if (parsed.success) return { time: parsed.data };
      context.addIssue(
        `expected a revision or a time as in 2026-11-20T10:15:00Z (write + as %2B); found ${JSON.stringify(text.slice(0, 80))}`,
      );
      return z.NEVER;
    })
    .exactOptional(),
});
export type AtQuery = z.output<typeof atQuery>;
