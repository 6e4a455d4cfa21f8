import type { Api } from './api.ts';
import type { RecordedEvent } from './answers.ts';

const PAGE = 500;
/** An execution has far fewer events; a log that says otherwise is not followed for ever. */
const MAX_PAGES = 200;

/** The events of an execution as they stand in the log, in order. @throws Failure */
export async function eventsOf(api: Api, id: string): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  let after = -1;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const params = { path: { id }, query: { limit: PAGE, after } };
    const { items, next } = await api.ask((client) => client.GET('/v1/executions/{id}/events', { params }));
    events.push(...items);
    if (next === undefined) break;
    after = next;
  }
  return events;
}

/** What an event tells, as it came over the wire: nothing of it is certain to be there. */
export const told = <Told>(event: RecordedEvent | undefined): Partial<Told> | undefined =>
  event?.data as Partial<Told> | undefined;
