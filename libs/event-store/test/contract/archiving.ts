import type { EventStore, EventTexts, RecordedEvent } from '#event-store';
import { ConcurrencyError, InvalidEventError, START, StreamNotFoundError } from '#event-store';
import { newEvent, newEvents } from '../events.ts';
import { linksOf, positionsOf } from '../links.ts';
import { everything } from '../log.ts';
import type { Subject } from './subject.ts';

const FILE = 'archive-0001.ndjson.gz';

const texts = async (store: EventStore): Promise<readonly EventTexts[]> => (await store.readTexts(START)).entries;

export function archivingCases(subject: Subject): void {
  const fill = async (): Promise<readonly RecordedEvent[]> => {
    await subject.store.append(subject.stream('a'), 'none', newEvents(3));
    await subject.store.append(subject.stream('b'), 'none', newEvents(2));
    await subject.store.append(subject.stream('a'), 2, newEvents(2));
    return everything(subject.store);
  };
  const archive = (events: number): Promise<void> => subject.store.archive(subject.stream('a'), events, FILE);

  test('readers pass over archived events, and see all others as before', async () => {
    const before = await fill();
    await archive(4);
    const left = before.filter(({ stream, revision }) => stream !== subject.stream('a') || revision >= 4);
    expect(await everything(subject.store)).toEqual(left);
    const ofStream = left.filter(({ stream }) => stream === subject.stream('a'));
    expect((await subject.store.readStream(subject.stream('a'))).events).toEqual(ofStream);
    expect((await subject.store.readStream(subject.stream('a'), { direction: 'backwards' })).events).toEqual(ofStream);
  });

  test('links to archived events name the archive, and those to all others are as before', async () => {
    const before = await fill();
    await archive(4);
    const found = await linksOf(subject.store);
    expect(found.flatMap(positionsOf)).toEqual(before.map(({ position }) => position));
    expect(found.filter(({ kind }) => kind === 'archived')).toEqual(
      (await texts(subject.store)).filter(({ kind }) => kind === 'archived'),
    );
  });

  test('a page of archived events only is empty, and says where to go on', async () => {
    await fill();
    await archive(4);
    const page = await subject.store.readStream(subject.stream('a'), { limit: 2 });
    expect(page).toEqual({ events: [], next: 2 });
    const found: string[] = [];
    for (let after = START, end = false; !end;) {
      const slice = await subject.store.readAll(after, undefined, 1);
      found.push(...slice.events.map(({ stream, revision }) => `${stream.slice(-1)}${revision}`));
      ({ next: after, end } = slice);
    }
    expect(found).toEqual(['b0', 'b1', 'a4']);
  });

  test('place, id, type and hashes stay, with the name of the archive, and nothing else', async () => {
    const before = await texts((await fill(), subject.store));
    await archive(4);
    const after = await texts(subject.store);
    expect(after).toEqual(
      before.map((entry) => {
        if (entry.kind !== 'whole' || entry.stream !== subject.stream('a') || entry.revision >= 4) return entry;
        const { kind, dataText, metadataText, ...rest } = entry;
        void [kind, dataText, metadataText];
        return { kind: 'archived', ...rest, archive: FILE };
      }),
    );
  });

  test('it lasts, and doing it twice is doing it once: the first archive keeps its name', async () => {
    await fill();
    await archive(3);
    await archive(3);
    await subject.store.archive(subject.stream('a'), 4, 'archive-0002.ndjson.gz');
    await subject.restart();
    const names = (await texts(subject.store)).map((entry) => (entry.kind === 'archived' ? entry.archive : entry.kind));
    expect(names).toEqual([FILE, FILE, FILE, 'whole', 'whole', 'archive-0002.ndjson.gz', 'whole']);
    expect(await subject.store.selfCheck()).toEqual([]);
  });

  test('appends go on as if nothing had happened', async () => {
    await fill();
    await archive(4);
    const result = await subject.store.append(subject.stream('a'), 4, [newEvent()]);
    expect(result.revision).toBe(5);
    await expect(subject.store.append(subject.stream('a'), 'none', [newEvent()])).rejects.toThrow(ConcurrencyError);
  });

  test('who follows the log from its beginning meets only what is left', async () => {
    await fill();
    await archive(4);
    const seen: string[] = [];
    for await (const message of subject.store.subscribe(START)) {
      if (message.kind === 'caught-up') break;
      if (message.kind === 'event') seen.push(`${message.event.stream.slice(-1)}${message.event.revision}`);
    }
    expect(seen).toEqual(['b0', 'b1', 'a4']);
  });

  test.each([5, 6])('of every stream an event is left: %i of 5 are refused', async (events) => {
    await fill();
    await expect(archive(events)).rejects.toThrow(ConcurrencyError);
    expect((await texts(subject.store)).every(({ kind }) => kind === 'whole')).toBe(true);
  });

  test('a stream that is not there, numbers and names that are none are refused', async () => {
    await fill();
    await expect(subject.store.archive(subject.stream('z'), 1, FILE)).rejects.toThrow(ConcurrencyError);
    await expect(subject.store.readStream(subject.stream('z'))).rejects.toThrow(StreamNotFoundError);
    for (const events of [0, -1, 1.5]) await expect(archive(events)).rejects.toThrow(InvalidEventError);
    for (const name of ['', '../up', 'a/b', '.hidden', 'x'.repeat(300)])
      await expect(subject.store.archive(subject.stream('a'), 1, name)).rejects.toThrow(InvalidEventError);
  });
}
