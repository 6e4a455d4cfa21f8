import { z } from 'zod';
import { rebuilding } from './projections.ts';
import { SCHEMA_VERSIONS } from '#execution';
import { event } from './answers.ts';
import { EVENTS_EXAMPLE } from './examples.ts';
import { expected } from './expected.ts';
import { time, UUID } from './requests.ts';
import { words } from './spec.ts';
import { limitUpTo } from './whole-number.ts';

export const DEFAULT_PAGE = 100;
const MAX_PAGE = 500;
const TYPES = Object.keys(SCHEMA_VERSIONS) as [string, ...string[]];
const MAX_TYPES = TYPES.length;

const eventType = z.enum(TYPES, expected(`one of ${TYPES.join(', ')}`));

/** What `GET /v1/events` may be asked. */
export const logEventsQuery = z.strictObject({
  type: z
    .union([eventType, z.array(eventType).max(MAX_TYPES)], expected(`one or more of ${TYPES.join(', ')}`))
    .exactOptional()
    .meta({ description: 'Type of the event; repeat it for more than one.' }),
  execution: z.string().regex(UUID, expected('an execution id: a UUID in lower case')).exactOptional(),
  target: words(600).exactOptional().meta({ description: '`targetResource` of its execution.' }),
  workflowId: words(253).exactOptional(),
  actor: words(253).exactOptional().meta({ description: 'User in whose name it was recorded.' }),
  outcome: z
    .enum(['Success', 'Failed', 'Cancelled', 'Skipped'])
    .exactOptional()
    .meta({ description: 'The event that ended an execution so, and those after it.' }),
  remediationRequest: words(253).exactOptional().meta({ description: 'Correlation id.' }),
  from: time.exactOptional().meta({ description: 'Decided at or after.', examples: ['2026-11-20T00:00:00Z'] }),
  to: time.exactOptional().meta({ description: 'Decided before.', examples: ['2026-11-21T00:00:00Z'] }),
  order: z.enum(['asc', 'desc']).exactOptional().meta({ description: 'Of the log; oldest first unless `desc`.' }),
  limit: limitUpTo(MAX_PAGE)
    .exactOptional()
    .meta({ description: `Events in a page; ${DEFAULT_PAGE} unless given.` }),
  cursor: words(300).exactOptional().meta({ description: '`next` of the page before.' }),
  after: words(200)
    .exactOptional()
    .meta({ description: 'A position, or `start`: events after it (with `order=desc`: before it).' }),
  format: z
    .enum(['json', 'cloudevents'])
    .exactOptional()
    .meta({ description: 'What `data` holds in a stream; for `text/event-stream` only.' }),
});
export type LogEventsQuery = z.output<typeof logEventsQuery>;

const EVENT_EXAMPLE = EVENTS_EXAMPLE.items[0]!;

export const LOG_PAGE_EXAMPLE = {
  items: [EVENT_EXAMPLE],
  next: 'WyJsb2cxIiwiZm9yd2FyZHMiLCJzMTowMTk4ZjZjMjZmMGU6MTgiXQ',
  end: false,
  position: EVENT_EXAMPLE.position,
};

export const logPageAnswer = z
  .object({
    items: z.array(event),
    next: z.string().optional().meta({ description: 'Give it as `cursor` to go on; absent when nothing was left.' }),
    end: z.boolean().meta({ description: 'True when nothing was left. A page may be short without being the last.' }),
    position: z.string().meta({ description: 'Looked at up to here: give it as `after` when more was recorded.' }),
    rebuilding,
  })
  .meta({ id: 'LogPage', examples: [LOG_PAGE_EXAMPLE] });

export const STREAM_EXAMPLE = `id: ${EVENT_EXAMPLE.position}\nevent: ${EVENT_EXAMPLE.type}\ndata: ${JSON.stringify(EVENT_EXAMPLE)}\n\n`;

export const eventStreamAnswer = z
  .string()
  .meta({ description: 'Server-sent events: `id` is the position, `event` the type, `data` the event.' });
