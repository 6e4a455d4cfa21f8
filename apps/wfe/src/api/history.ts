import type { Api } from './api.ts';
import type { HistoryEntry } from './answers.ts';

const PAGE = 500;
/** An execution has far fewer events; a log that says otherwise is not followed for ever. */
const MAX_PAGES = 200;

/** The history of an execution in order, after a revision (-1: all of it), up to a point. @throws Failure */
export async function* historyOf(api: Api, id: string, after = -1, at?: string): AsyncGenerator<HistoryEntry> {
  let place = after;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { limit: PAGE, after: place, ...(at !== undefined && { at }) };
    const params = { path: { id }, query };
    const { items, next } = await api.ask((client) => client.GET('/v1/executions/{id}/history', { params }));
    yield* items;
    if (next === undefined) return;
    place = next;
  }
}
