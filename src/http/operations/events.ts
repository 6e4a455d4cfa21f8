import type { OperationText } from '../operation.ts';
import { CLOUD_EVENT_EXAMPLE, CLOUD_EVENTS, cloudEvents } from '../schemas/cloud-events.ts';
import { eventStreamAnswer, logPageAnswer, STREAM_EXAMPLE } from '../schemas/events.ts';

const LINK = {
  Link: {
    description: 'With CloudEvents: address of the next page, `rel="next"`.',
    schema: { type: 'string' as const },
  },
};

/** A list of events in the words of CloudEvents. */
export const AS_CLOUD_EVENTS = { [CLOUD_EVENTS]: { schema: cloudEvents, example: [CLOUD_EVENT_EXAMPLE] } };

export const EVENT_LOG: OperationText = {
  id: 'readLog',
  summary: 'The log',
  description:
    'Events of all executions that pass every filter, in the order of the log. Pages hold still while events arrive. ' +
    'With `Accept: text/event-stream` the events as they happen: after `Last-Event-ID`, else after `after`, else from now on.',
  requestHeaders: [
    {
      name: 'Last-Event-ID',
      description: 'With `text/event-stream`: the last `id` that was received.',
      schema: { type: 'string' },
      example: 's1:0198f6c26f0e:18',
    },
  ],
  answers: [
    {
      status: 200,
      description: 'A page, or a stream.',
      schema: logPageAnswer,
      headers: LINK,
      also: { ...AS_CLOUD_EVENTS, 'text/event-stream': { schema: eventStreamAnswer, example: STREAM_EXAMPLE } },
    },
  ],
  problems: [
    'validation-failed',
    'cursor-invalid',
    'position-unknown',
    'not-acceptable',
    'store-unavailable',
    'too-many-streams',
  ],
};
