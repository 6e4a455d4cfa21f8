import { z } from 'zod';
import { PROBLEMS } from '../problem-table.ts';
import type { ProblemCode } from '../problem-table.ts';
import { CREATED_EXAMPLE, ACCEPTED_EXAMPLE, EVENTS_EXAMPLE, EXECUTION_EXAMPLE, PAGE_EXAMPLE } from './examples.ts';
import { statusSchema } from './status.ts';

/** Shapes of what the service answers. They document; tests hold real answers against them. */
const time = z.iso.datetime({ offset: true });
const position = z.string().meta({ description: 'Place in the whole log; opaque.' });
const resource = z.object({ namespace: z.string(), name: z.string() });

const place = {
  executionId: z.string(),
  resource,
  revision: z.int().meta({ description: 'Of the newest event of the execution.' }),
  position,
};

export const createdAnswer = z.object(place).meta({ id: 'CreatedExecution', examples: [CREATED_EXAMPLE] });

export const commandAnswer = z
  .object({
    ...place,
    recorded: z
      .array(z.string())
      .meta({ description: 'Types of the events this recorded; empty when nothing was new.' }),
  })
  .meta({ id: 'CommandAnswer', examples: [ACCEPTED_EXAMPLE] });

const anyObject = z.looseObject({});

const acceptedSpec = z
  .looseObject({
    remediationRequestRef: z.looseObject({ name: z.string() }),
    workflowRef: z.looseObject({ workflowId: z.string(), version: z.string(), containerImage: z.string() }),
    targetResource: z.string(),
    parameters: z.record(z.string(), z.string()).optional(),
    confidence: z.number().optional(),
    rationale: z.string().optional(),
    executionConfig: anyObject.optional(),
    cancel: z.enum(['Graceful', 'Immediate']).optional(),
  })
  .meta({ id: 'AcceptedSpec', description: 'The spec as it was accepted, from whatever door.' });

const settings = z.object({
  executionNamespace: z.string(),
  pipelineName: z.string(),
  serviceAccountName: z.string(),
  timeoutMs: z.int(),
  onConflict: z.enum(['Fail', 'Skip', 'Wait']),
  cooldownMs: z.int(),
});

export const executionAnswer = z
  .object({
    ...place,
    entry: z.enum(['rest', 'resource']),
    spec: acceptedSpec,
    settings: settings.meta({ description: 'What the configuration said when it was accepted.' }),
    runName: z.string(),
    createdAt: time,
    updatedAt: time,
    cancellation: z
      .object({ mode: z.enum(['Graceful', 'Immediate']), requestedAt: time, reason: z.string() })
      .optional(),
    status: statusSchema,
  })
  .meta({ id: 'Execution', examples: [EXECUTION_EXAMPLE] });
export type ExecutionAnswer = z.input<typeof executionAnswer>;

const row = z.object({
  executionId: z.string(),
  resource,
  phase: z.enum(['Pending', 'Running', 'Completed', 'Failed', 'Skipped']),
  outcome: z.enum(['Success', 'Failed', 'Cancelled', 'Skipped']).optional(),
  reason: z.string().optional(),
  target: z.string(),
  workflowId: z.string(),
  workflowVersion: z.string(),
  remediationRequest: z.string(),
  run: z.object({ namespace: z.string(), name: z.string() }),
  lock: z.object({ state: z.enum(['None', 'Waiting', 'Held', 'Releasing', 'Released']), until: time.optional() }),
  createdAt: time,
  updatedAt: time,
  startTime: time.optional(),
  completionTime: time.optional(),
  finishedAt: time.optional(),
  revision: z.int(),
});
export type RowAnswer = z.input<typeof row>;

export const pageAnswer = z
  .object({
    items: z.array(row),
    next: z.string().optional().meta({ description: 'Give it as `cursor` to go on; absent on the last page.' }),
  })
  .meta({ id: 'ExecutionPage', examples: [PAGE_EXAMPLE] });

export const event = z.object({
  id: z.string(),
  stream: z.string(),
  revision: z.int(),
  position,
  type: z.string(),
  schemaVersion: z.int(),
  data: anyObject,
  metadata: z.object({
    time,
    actor: z.object({ user: z.string(), groups: z.array(z.string()).optional() }),
    source: z.enum(['rest', 'resource', 'scheduler', 'driver']),
    commandId: z.string(),
    correlationId: z.string(),
    causationId: z.string(),
    traceparent: z.string().optional(),
  }),
  previousHash: z.string(),
  hash: z.string().meta({ description: 'sha256 over `previousHash` and the canonical JSON of the event.' }),
});

export const eventsAnswer = z
  .object({
    items: z.array(event),
    next: z.int().optional().meta({ description: 'Give it as `after` to go on; absent when nothing is left now.' }),
  })
  .meta({ id: 'EventPage', examples: [EVENTS_EXAMPLE] });

export const configAnswer = z
  .object({
    version: z.string(),
    commit: z.string(),
    config: z.record(
      z.string(),
      z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string()), z.null()])),
    ),
  })
  .meta({
    id: 'EffectiveConfig',
    examples: [
      { version: '0.1.0', commit: '1f2e3d4c5b6a', config: { execution: { cooldown: '5m' }, http: { port: 8080 } } },
    ],
  });

const codes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

export const problemAnswer = z
  .object({
    type: z.string().meta({ description: 'A URN that ends with the code.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What was expected, what was found, what to do.' }),
    instance: z.string().meta({ description: 'Path of the request.' }),
    code: z.enum(codes).meta({ description: 'Stable; programs decide by it.' }),
    requestId: z.string().meta({ description: 'Finds the request in the log of the service.' }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });
