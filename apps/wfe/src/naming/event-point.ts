import { parseDuration, SCHEMA_VERSIONS, type EventOf, type TaskFinished } from '#execution';
import type { Api } from '../api/api.ts';
import type { RecordedEvent } from '../api/answers.ts';
import { eventsOf } from '../api/events.ts';
import { told } from '../api/told.ts';
import { Failure } from '../exit-codes.ts';
import { isoOf } from './iso-time.ts';

/** A time told by something that happened to an execution, and how long before or after it. */
export interface EventPoint {
  /** The type of an event, of which the first counts; or `failure`, the end of the task that failed. */
  readonly event: string;
  /** Below zero: before it. */
  readonly offsetMs: number;
}

const FAILURE = 'failure';
const FORM = /^([A-Za-z]+)(?:([+-])(\d\w{0,31}))?$/;

/** `TaskFinished`, `failure-5s`, `LockReleased+1m`; undefined when the text is nothing of the kind. */
export function eventPointOf(text: string): EventPoint | undefined {
  const [, event = '', sign, span] = FORM.exec(text) ?? [];
  if (event !== FAILURE && !Object.hasOwn(SCHEMA_VERSIONS, event)) return undefined;
  const ms = span === undefined ? 0 : parseDuration(span);
  return ms === undefined ? undefined : { event, offsetMs: sign === '-' ? -ms : ms };
}

/** When that was recorded, as ISO 8601. @throws Failure `notFound` when it did not happen */
export async function timeOf(api: Api, id: string, { event, offsetMs }: EventPoint): Promise<string> {
  const events = await eventsOf(api, id);
  const found = event === FAILURE ? failureIn(events) : events.find(({ type }) => type === event);
  if (found !== undefined) return isoOf(Date.parse(found.metadata.time) + offsetMs) ?? tooFar(event);
  const expected = event === FAILURE ? 'a failed execution' : `an execution with an event ${event}`;
  throw new Failure('notFound', `expected ${expected}; found none of that in the history of ${id}`, {
    advice: `See wfe history ${id}`,
  });
}

function tooFar(event: string): never {
  throw new Failure(
    'usage',
    `expected a distance from ${event} that stays within the years 1 to 9999; found a longer one`,
  );
}

/** The end of the task that failed; of an execution that failed without one, its own end. */
function failureIn(events: readonly RecordedEvent[]): RecordedEvent | undefined {
  const end = events.find(({ type }) => type === 'ExecutionFailed');
  const failed = told<EventOf<'ExecutionFailed'>['data']>(end)?.failure?.failedTaskRunName;
  // The last, because a task may have been tried again.
  const task = events.findLast(
    (event) => event.type === 'TaskFinished' && told<TaskFinished>(event)?.taskRun === failed,
  );
  return end && (task ?? end);
}
