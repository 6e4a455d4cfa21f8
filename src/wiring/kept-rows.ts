import type { KeptRows } from '#audit';
import type { ReadModel } from '#runtime';
import { rowOf } from '#runtime';

const PAGE = 500;

/** The rows of a read model as a replay of the log compares them. */
export const keptRows = (readModel: Pick<ReadModel, 'get' | 'list'>): KeptRows => ({
  rowOf: (folded) => rowOf(folded),
  get: (id) => readModel.get(id),
  ids: () => idsOf(readModel),
});

async function* idsOf(readModel: Pick<ReadModel, 'list'>): AsyncGenerator<readonly string[]> {
  let cursor: string | undefined;
  do {
    const { items, next } = await readModel.list({}, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    yield items.map(({ id }) => id);
    cursor = next;
  } while (cursor !== undefined);
}
