import { openSqliteEventStore, START } from '#event-store';
import { collectUntil } from '../collect.ts';
import { eventStoreContract } from '../contract.ts';
import { newEvents } from '../events.ts';
import { TemporaryFolder } from '../folders.ts';
import { everything } from '../log.ts';
import { sqliteUnderTest } from './under-test.ts';

eventStoreContract('sqlite', sqliteUnderTest);

test('whoever follows a long history lets others work between its pages', async () => {
  using folder = new TemporaryFolder();
  const store = await openSqliteEventStore({ file: folder.file() });
  for (let n = 0; n < 10; n += 1) await store.append(`a-${n}`, 'none', newEvents(500));
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  count();
  await collectUntil(store.subscribe(START), (message) => message.kind === 'caught-up');
  isOver = true;
  expect(turns).toBeGreaterThan(5_000 / 500);
  expect(await everything(store)).toHaveLength(5_000);
  await store.close();
});
