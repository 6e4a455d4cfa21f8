import { z } from 'zod';

/** Media type of a list of CloudEvents. */
export const CLOUD_EVENTS = 'application/cloudevents-batch+json';

export const CLOUD_EVENT_EXAMPLE = {
  specversion: '1.0',
  id: '7c9e6679-7425-50de-944b-e07fc1f90ae7',
  source: 'urn:uuid:0198f6c2-6f0e-4c3a-9d55-3f1f0a6b7c21',
  type: 'ai.kubernaut.workflowexecution.LockReleased',
  subject: '0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21',
  time: '2026-11-20T10:20:09.006Z',
  datacontenttype: 'application/json',
  dataschema: 'urn:workflow-execution:event:LockReleased:1',
  data: { cause: 'CooldownOver' },
  position: 's1:0198f6c26f0e:31',
  revision: 9,
  sequence: '0000000009',
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  previoushash: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
  actor: 'workflow-execution-service',
  origin: 'driver',
  commandid: '0198f6c2-71f6-7d2e-8a0c-55b1c2d3e4f5',
  correlationid: 'rr-payment-api-oom',
  causationid: '6fa459ea-ee8a-5ca4-894e-db77e160355e',
};

export const cloudEvent = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string().meta({ description: 'With `id` unique for good.' }),
    type: z.string(),
    subject: z.string().meta({ description: 'Id of the execution.' }),
    time: z.iso.datetime({ offset: true }),
    datacontenttype: z.literal('application/json'),
    dataschema: z.string().meta({ description: 'Type and schema version.' }),
    data: z.looseObject({}),
    position: z.string().meta({ description: 'Place in the whole log; opaque.' }),
    revision: z.int(),
    sequence: z.string().meta({ description: 'The revision as a text that sorts.' }),
    hash: z.string(),
    previoushash: z.string(),
    actor: z.string().optional(),
    origin: z.string().optional().meta({ description: '`metadata.source` of the event.' }),
    commandid: z.string().optional(),
    correlationid: z.string().optional(),
    causationid: z.string().optional(),
    traceparent: z.string().optional(),
  })
  .meta({ id: 'CloudEvent', examples: [CLOUD_EVENT_EXAMPLE] });

export const cloudEvents = z.array(cloudEvent);
