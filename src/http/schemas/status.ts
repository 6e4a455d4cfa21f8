import { z } from 'zod';
import { STATUS_EXAMPLE } from './examples.ts';

const time = z.iso.datetime({ offset: true });

const failureDetails = z.object({
  reason: z.enum([
    'OOMKilled',
    'DeadlineExceeded',
    'Forbidden',
    'ResourceExhausted',
    'ConfigurationError',
    'ImagePullBackOff',
    'TaskFailed',
    'Cancelled',
    'PipelineRunDeleted',
    'ExecutionRaceCondition',
    'Unknown',
  ]),
  message: z.string(),
  failedTaskName: z.string().optional(),
  failedTaskRunName: z.string().optional(),
  failedTaskIndex: z.int().optional(),
  failedStepName: z.string().optional(),
  exitCode: z.int().optional(),
  failedAt: time,
  executionTimeBeforeFailure: z.string().optional(),
  wasExecutionFailure: z.boolean().meta({
    description: 'True exactly when a step of the workflow may have run: nothing may retry blindly.',
  }),
  naturalLanguageSummary: z.string(),
});

const holder = z.object({
  namespace: z.string().optional(),
  name: z.string().optional(),
  executionId: z.string().optional(),
  workflowId: z.string().optional(),
});

const skipDetails = z.object({
  reason: z.enum(['ResourceBusy', 'RecentlyRemediated']),
  message: z.string(),
  skippedAt: time,
  holder,
  until: time.optional(),
});

const condition = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string(),
  message: z.string(),
  observedGeneration: z.int().optional(),
  lastTransitionTime: time,
});

/** `status` of the WorkflowExecution resource, as the API shows it. */
export const statusSchema = z
  .object({
    phase: z.enum(['Pending', 'Running', 'Completed', 'Failed', 'Skipped']),
    outcome: z.enum(['Success', 'Failed', 'Cancelled', 'Skipped']).optional(),
    message: z.string(),
    observedGeneration: z.int().optional(),
    startTime: time.optional(),
    completionTime: time.optional(),
    duration: z.string().optional(),
    pipelineRunRef: z
      .object({ apiVersion: z.string(), kind: z.string(), namespace: z.string(), name: z.string(), uid: z.string() })
      .optional(),
    pipelineRunStatus: z
      .object({
        status: z.string(),
        reason: z.string(),
        message: z.string(),
        completedTasks: z.int(),
        totalTasks: z.int(),
      })
      .optional(),
    failureDetails: failureDetails.optional(),
    skipDetails: skipDetails.optional(),
    lock: z
      .object({ state: z.enum(['Waiting', 'Held', 'Released']), holder: holder.optional(), until: time.optional() })
      .optional(),
    execution: z.object({
      id: z.string(),
      lastEvent: z.object({ revision: z.int(), type: z.string(), hash: z.string() }),
    }),
    conditions: z.array(condition),
  })
  .meta({ id: 'ExecutionStatus', examples: [STATUS_EXAMPLE] });
