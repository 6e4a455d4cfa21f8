import { z } from 'zod';
import { resource, row } from './answers.ts';
import { expected } from './expected.ts';
import { rebuilding } from './projections.ts';
import * as examples from './replay-examples.ts';
import { time } from './requests.ts';
import { words } from './spec.ts';
import { limitUpTo } from './whole-number.ts';

const TARGET_CHARACTERS = 600;

export const targetName = words(TARGET_CHARACTERS);

const cursor = words(2048).exactOptional().meta({ description: '`next` of the page before.' });
const moment = time
  .exactOptional()
  .meta({ description: 'A time that has passed: as it stood then.', examples: ['2026-11-20T10:15:00Z'] });

export const targetsQuery = z.strictObject({
  locked: z
    .enum(['true'], expected('true'))
    .transform(() => true)
    .exactOptional()
    .meta({ description: 'Only those whose lock is not free.' }),
  limit: limitUpTo(100).default(50),
  cursor,
});
export type TargetsQuery = z.output<typeof targetsQuery>;

export const targetQuery = z.strictObject({ at: moment, limit: limitUpTo(500).default(50), cursor });
export type TargetQuery = z.output<typeof targetQuery>;

export const preflightQuery = z.strictObject({ at: moment });
export type PreflightQuery = z.output<typeof preflightQuery>;

export const preflightBody = z
  .strictObject({ targetResource: words(512), workflowId: words(253) })
  .meta({ id: 'PreflightRequest', examples: [examples.PREFLIGHT_REQUEST] });
export type PreflightBody = z.output<typeof preflightBody>;

const instant = z.iso.datetime({ offset: true });
const naming = z.object({ executionId: z.string(), resource, workflowId: z.string() });

const lock = z
  .object({
    state: z.enum(['Free', 'Held', 'CoolingDown', 'Releasing']),
    holder: naming.optional(),
    since: instant.optional().meta({ description: 'When its run was created.' }),
    until: instant.optional().meta({ description: 'End of the cooldown.' }),
  })
  .meta({ id: 'TargetLock' });

const next = z.string().optional().meta({ description: 'Give it as `cursor` to go on; absent on the last page.' });

export const targetsAnswer = z
  .object({
    items: z.array(
      z.object({
        target: z.string(),
        lock,
        waiting: z.int().meta({ description: 'How many are in line for it; 100 stands for 100 or more.' }),
        last: row.optional().meta({ description: 'Its newest execution.' }),
      }),
    ),
    next,
    rebuilding,
  })
  .meta({ id: 'TargetPage', examples: [examples.TARGETS] });

export const targetAnswer = z
  .object({
    target: z.string(),
    runName: z.string().meta({ description: 'Name of the run that is its lock.' }),
    at: instant.optional().meta({ description: 'The moment asked about; absent: now.' }),
    lock,
    waiting: z
      .array(z.object({ executionId: z.string(), resource, since: instant }))
      .meta({ description: 'In line for the lock, first come, first served; at most 100.' }),
    history: z.array(row).meta({ description: 'Its executions as they stood, newest first.' }),
    next,
  })
  .meta({ id: 'Target', examples: [examples.TARGET] });

export const preflightAnswer = z
  .object({
    allowed: z.boolean(),
    reason: z
      .enum(['ResourceBusy', 'CooldownActive', 'PreviousExecutionFailed', 'ExhaustedRetries', 'ExponentialBackoff'])
      .optional(),
    message: z.string(),
    until: instant.optional().meta({ description: 'When time alone makes it allowed: then, as far as is known.' }),
    by: naming.optional().meta({ description: 'The execution the answer rests on.' }),
    consecutiveFailures: z
      .int()
      .meta({ description: 'In a row, of this workflow on this target, that changed nothing.' }),
  })
  .meta({ id: 'Preflight', examples: [examples.PREFLIGHT] });
