import { MemoryEventStore, MemoryLog, newestFirst, newestOf } from '#event-store';
import { newEvents } from './events.ts';

const STREAM = 'sample-1';
const EVENTS = 25;

/** A store that says how often it was asked. */
async function filled() {
  const store = new MemoryEventStore(new MemoryLog('00000000-0000-4000-8000-000000000001'));
  await store.append(STREAM, 'none', newEvents(EVENTS));
  const reads: number[] = [];
  const reader: Parameters<typeof newestFirst>[0] = {
    readStream: (stream, options) => {
      reads.push(options?.limit ?? 0);
      return store.readStream(stream, options);
    },
  };
  return { reader, reads };
}

async function revisions(...args: Parameters<typeof newestFirst>): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const { revision } of newestFirst(...args)) found.push(revision);
  return found;
}

const downFrom = (revision: number): readonly number[] =>
  Array.from({ length: revision + 1 }, (_, at) => revision - at);

test.each([1, 7, EVENTS, 200])('every event comes once, the newest first, in pages of %i', async (page) => {
  const { reader } = await filled();
  expect(await revisions(reader, STREAM, { page })).toEqual(downFrom(EVENTS - 1));
});

test('reading begins at any revision, which is included; below the first there is nothing', async () => {
  const { reader } = await filled();
  expect(await revisions(reader, STREAM, { from: 9, page: 4 })).toEqual(downFrom(9));
  expect(await revisions(reader, STREAM, { from: 0 })).toEqual([0]);
  expect(await revisions(reader, STREAM, { from: -1 })).toEqual([]);
});

test('no more is read than is taken', async () => {
  const { reader, reads } = await filled();
  for await (const { revision } of newestFirst(reader, STREAM, { page: 4 })) if (revision < 20) break;
  expect(reads).toEqual([4, 4]);
});

test('a stream that is not there has no events', async () => {
  const { reader } = await filled();
  expect(await revisions(reader, 'sample-2')).toEqual([]);
  expect(await newestOf(reader, 'sample-2')).toBeUndefined();
});

test('the newest event is found with a read of one', async () => {
  const { reader, reads } = await filled();
  expect((await newestOf(reader, STREAM))?.revision).toBe(EVENTS - 1);
  expect(reads).toEqual([1]);
});
