import { z } from 'zod';
import { expected } from './expected.ts';
import { words } from './spec.ts';

export const webhookParams = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, expected('the name of a webhook'))
    .meta({ description: 'Name of the webhook.', examples: ['pager'] }),
});
export type WebhookParams = z.output<typeof webhookParams>;

const REPLAY_EXAMPLE = { from: 's1:0198f6c26f0e:18', reason: 'the pager lost what it had' };

export const replayBody = z
  .strictObject({
    from: words(200).meta({ description: 'A position, or `start`: everything after it is delivered.' }),
    reason: words(1024).meta({ description: 'Kept in the log.' }),
  })
  .meta({ id: 'ReplayWebhookRequest', examples: [REPLAY_EXAMPLE] });
export type ReplayBody = z.output<typeof replayBody>;

export const replayAnswer = z
  .object({
    name: z.string(),
    from: z.string(),
    position: z.string().meta({ description: 'Of the event that records the request.' }),
    archived: z
      .object({
        executions: z.int().meta({ description: 'Histories in archive files that reach beyond `from`.' }),
        files: z.array(z.string()).meta({ description: 'The files that have them, newest first; 100 at most.' }),
      })
      .optional()
      .meta({
        description:
          'What is not delivered again, because it is in archive files: only the `ExecutionArchived` of each history is. Absent when that is nothing.',
      }),
  })
  .meta({
    id: 'WebhookReplay',
    examples: [
      {
        name: 'pager',
        from: REPLAY_EXAMPLE.from,
        position: 's1:0198f6c26f0e:97',
        archived: { executions: 12, files: ['archive-20261121T162552Z-c695d61c.ndjson.gz'] },
      },
    ],
  });

const webhook = z.object({
  name: z.string(),
  url: z.string().meta({ description: 'Without credentials and query.' }),
  state: z.enum(['delivering', 'failing', 'disabled', 'idle']).meta({
    description:
      '`idle`: this replica does not act; position and lag are those recorded. `disabled`: the receiver answered 410.',
  }),
  position: z.string().optional().meta({ description: 'Everything up to here was delivered, or is not wanted.' }),
  lag: z.object({
    events: z.int().meta({ description: 'Events of the log after the position, wanted or not.' }),
    seconds: z.number().meta({ description: 'Age of the oldest of them.' }),
  }),
  failures: z.int().meta({ description: 'Failures in a row.' }),
  lastError: z.object({ time: z.iso.datetime({ offset: true }), message: z.string() }).optional(),
});

export const webhooksAnswer = z.object({ items: z.array(webhook) }).meta({
  id: 'Webhooks',
  examples: [
    {
      items: [
        {
          name: 'pager',
          url: 'https://pager.example.com/hooks/executions',
          state: 'failing',
          position: 's1:0198f6c26f0e:18',
          lag: { events: 12, seconds: 41.2 },
          failures: 6,
          lastError: { time: '2026-11-20T10:15:02.006Z', message: 'HTTP 503' },
        },
      ],
    },
  ],
});
