import { parseDuration, SCHEMA_VERSIONS } from '#execution';
import type { Api } from '../api/api.ts';
import { historyOf } from '../api/history.ts';
import { Failure } from '../exit-codes.ts';

/** A time told by something that happened to an execution, and how long before or after it. */
export interface EventPoint {
  /** The type of an event, of which the first counts; or `failure`, when the step failed. */
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

/** When that was, as ISO 8601. @throws Failure `notFound` when it did not happen */
export async function timeOf(api: Api, id: string, { event, offsetMs }: EventPoint): Promise<string> {
  const time = event === FAILURE ? await failureTime(api, id) : await firstTime(api, id, event);
  if (time !== undefined) return new Date(Date.parse(time) + offsetMs).toISOString();
  const expected = event === FAILURE ? 'a failed execution' : `an execution with an event ${event}`;
  throw new Failure('notFound', `expected ${expected}; found none of that in the history of ${id}`, {
    advice: `See wfe history ${id}`,
  });
}

async function failureTime(api: Api, id: string): Promise<string | undefined> {
  const { status } = await api.ask((client) => client.GET('/v1/executions/{id}', { params: { path: { id } } }));
  return status.failureDetails?.failedAt;
}

async function firstTime(api: Api, id: string, event: string): Promise<string | undefined> {
  for await (const { type, time } of historyOf(api, id)) if (type === event) return time;
  return undefined;
}
