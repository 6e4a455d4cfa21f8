import { z } from 'zod';
import { limitUpTo, wholeNumber } from './whole-number.ts';
import type { Moment } from './requests.ts';
import { time } from './requests.ts';
import * as examples from './replay-examples.ts';

const POINT = 'a revision or a time as in 2026-11-20T10:15:00Z (write + as %2B)';

const point = z.string().transform((text, context): Moment => {
  if (/^\d{1,9}$/.test(text)) return { revision: Number(text) };
  const parsed = time.safeParse(text);
  if (parsed.success) return { time: parsed.data };
  context.addIssue(`expected ${POINT}; found ${JSON.stringify(text.slice(0, 80))}`);
  return z.NEVER;
});
const pointOf = (description: string) =>
  point.exactOptional().meta({ description, examples: ['2026-11-20T10:15:00Z'] });

const revision = wholeNumber('a revision', 0);

export const historyQuery = z.strictObject({
  at: pointOf('A revision, or a time: the history up to it.'),
  after: wholeNumber('a revision, or -1 for the beginning', -1)
    .default(-1)
    .meta({ description: 'Revision to go on after; -1 is the beginning.' }),
  limit: limitUpTo(500).default(100),
});
export type HistoryQuery = z.output<typeof historyQuery>;

export const diffQuery = z.strictObject({
  from: pointOf('A revision, or a time; the revision before `to` when absent.'),
  to: pointOf('A revision, or a time; the newest when absent. It may be before `from`.'),
});
export type DiffQuery = z.output<typeof diffQuery>;

export const causesQuery = z.strictObject({
  revision: revision.exactOptional().meta({ description: 'Of the event; the newest when absent.' }),
});
export type CausesQuery = z.output<typeof causesQuery>;

export const whyQuery = z.strictObject({ at: pointOf('A revision, or a time: why it was so then.') });
export type WhyQuery = z.output<typeof whyQuery>;

const instant = z.iso.datetime({ offset: true });
const actor = z.object({ user: z.string(), groups: z.array(z.string()).optional() });
const source = z.enum(['rest', 'resource', 'scheduler', 'driver']).meta({ description: 'The door it came in by.' });
const sentence = z.string().meta({ description: 'For people. No value of a parameter or a result is in it.' });

const cause = z
  .union([
    z.object({ kind: z.literal('event'), revision: z.int(), type: z.string() }),
    z.object({ kind: z.literal('command'), commandId: z.string() }),
  ])
  .meta({ description: 'An earlier event of this execution, or the command somebody gave.' });

export const historyAnswer = z
  .object({
    items: z.array(
      z.object({
        revision: z.int(),
        position: z.string(),
        time: instant,
        type: z.string(),
        actor,
        source,
        sentence,
        cause,
        sinceStartMs: z.number().meta({ description: 'Negative where the clock was set back.' }),
        sincePreviousMs: z.number(),
      }),
    ),
    next: z.int().optional().meta({ description: 'Give it as `after` to go on; absent when nothing is left now.' }),
  })
  .meta({ id: 'History', examples: [examples.HISTORY] });

const place = z.object({ revision: z.int(), time: instant });

export const diffAnswer = z
  .object({
    from: place.optional().meta({ description: 'Absent: before the first event, where there was nothing.' }),
    to: place,
    changes: z
      .array(
        z.object({
          path: z.string().meta({ description: 'As in `status.conditions.Ready.status` or `tasks["a.b"].state`.' }),
          kind: z.enum(['added', 'removed', 'changed']),
          before: z.json().optional(),
          after: z.json().optional(),
        }),
      )
      .meta({ description: 'In the order of the paths. Spec and settings never change and are not compared.' }),
  })
  .meta({ id: 'ExecutionDiff', examples: [examples.DIFF] });

export const causesAnswer = z
  .object({
    items: z
      .array(z.object({ revision: z.int().optional(), type: z.string(), time: instant, actor, source, sentence }))
      .meta({ description: 'The event itself first; last, without a revision, the command that began it all.' }),
    omitted: z.int().optional().meta({ description: 'Left out before the last two, when there are too many.' }),
  })
  .meta({ id: 'Causes', examples: [examples.CAUSES] });

export const whyAnswer = z
  .object({
    phase: z.enum(['Pending', 'Running', 'Completed', 'Failed', 'Skipped']),
    outcome: z.enum(['Success', 'Failed', 'Cancelled', 'Skipped']).optional(),
    sentences: z
      .array(z.string())
      .meta({ description: 'Where it stands, what led to it and who was behind it, and what comes next and when.' }),
    causes: z.array(z.int()).meta({ description: 'Revisions of the events told of.' }),
  })
  .meta({ id: 'Why', examples: [examples.WHY] });

const value = z.json().meta({ description: 'null: nothing.' });

export const replayReport = z
  .object({
    executions: z.int().meta({ description: 'Folded and compared.' }),
    differences: z
      .array(
        z.object({
          executionId: z.string().meta({ description: 'Of a resource the log does not know: its uid.' }),
          where: z.enum(['status', 'row']),
          path: z.string().meta({ description: 'Empty: all of it.' }),
          log: value,
          found: value,
        }),
      )
      .meta({ description: 'Empty when all is well; at most 1,000.' }),
    truncated: z.boolean().meta({ description: 'There are more; the rest of the log was not looked at.' }),
  })
  .meta({ id: 'ReplayReport', examples: [examples.REPLAY_REPORT] });

export const replayLines = z.string().meta({
  description:
    'A line of JSON every 100 executions, `{"progress":{"executions","differences"}}`; the last one is `{"report":…}`.',
});
