import type { Api } from './api.ts';
import type { RecordedEvent } from './answers.ts';
import { checked, type Asked } from './read-as.ts';
import type { Schema } from './schema-check.ts';
import { TOLD } from './told.ts';

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
    mustTell(items, api.asking(`/v1/executions/${id}/events`));
    events.push(...items);
    if (next === undefined) break;
    after = next;
  }
  return events;
}

/** The document says nothing of what events tell. @throws Failure */
function mustTell(page: readonly RecordedEvent[], asked: Asked): void {
  const schemas = new Map<string, Schema>(Object.entries(TOLD));
  for (const [index, { type, data }] of page.entries())
    checked(schemas.get(type) ?? {}, data, asked, `items[${index}].data`);
}
