import type { EventStore, EventTexts, Position, StreamRun } from '#event-store';
import {
  canonicalJson,
  hashOfTexts,
  InvalidEventError,
  LimitError,
  PositionError,
  SEAL_STREAM,
  START,
} from '#event-store';
import { newEvent, newEvents } from '../events.ts';
import { expectedOf, linksOf, positionsOf, runsIn, said } from '../links.ts';
import { everything } from '../log.ts';
import type { Subject } from './subject.ts';

/** Texts a log must give back byte for byte. */
const TEXTS = ['', 'é', '€', '😀', '\ud83d', '\ufffd', '\0', 'a\0b', '\u2028', '"\\\n', 'x'.repeat(5_000)];

/** The whole log as texts, page by page. */
async function allTexts(store: EventStore, limit?: number): Promise<EventTexts[]> {
  const found: EventTexts[] = [];
  for (let after = START, end = false; !end;) {
    const slice = await store.readTexts(after, limit);
    found.push(...slice.entries);
    ({ next: after, end } = slice);
  }
  return found;
}

const isOfSeals = (streams: readonly StreamRun[]): boolean => streams.some(({ stream }) => stream === SEAL_STREAM);

export function judgingCases(subject: Subject): void {
  const fill = async (round = ''): Promise<void> => {
    for (const [n, text] of TEXTS.entries())
      await subject.store.append(subject.stream(`${n % 3}${round}`), n < 3 ? 'none' : 'exists', [
        newEvent({ data: { n, text } }),
      ]);
  };

  test('the texts of the log are those of its events, in its order, and they hash to the hashes that stand there', async () => {
    await fill();
    const events = await everything(subject.store);
    const texts = await allTexts(subject.store);
    expect(texts).toEqual(
      events.map(({ data, metadata, ...rest }) => ({
        kind: 'whole',
        ...rest,
        dataText: canonicalJson(data, 'data'),
        metadataText: canonicalJson(metadata, 'metadata'),
      })),
    );
    for (const entry of texts)
      expect(entry.kind === 'whole' && hashOfTexts(entry.previousHash, entry)).toBe(
        entry.kind === 'whole' && entry.hash,
      );
  });

  test('texts come in pages that cover the log exactly once, and the last one says that it is', async () => {
    await fill();
    const whole = await allTexts(subject.store);
    for (const limit of [1, 3, TEXTS.length, 1_000]) expect(await allTexts(subject.store, limit)).toEqual(whole);
    const last = whole.at(-1)!.position;
    expect(await subject.store.readTexts(last)).toEqual({ entries: [], next: last, end: true });
  });

  test('the links of the log are those of its texts, in its order, and nothing that holds is said not to', async () => {
    expect(await linksOf(subject.store)).toEqual([]);
    for (let round = 0; round < 60; round += 1) await fill(`-${round}`);
    await subject.store.append(SEAL_STREAM, 'any', newEvents(2));
    const texts = await allTexts(subject.store);
    const links = await linksOf(subject.store);
    expect(links.flatMap(positionsOf)).toEqual(texts.map(({ position }) => position));
    expect(links.filter(({ kind }) => kind !== 'sound' && kind !== 'whole')).toEqual([]);
    expect(runsIn(links).map(said)).toEqual(runsIn(links).map((run) => expectedOf(run, texts)));
  });

  test('an event of the seal log is a run of its own, or a link with its texts', async () => {
    await fill();
    await subject.store.append(SEAL_STREAM, 'any', newEvents(3));
    await fill('-after');
    const sealRuns = runsIn(await linksOf(subject.store)).filter(({ streams }) => isOfSeals(streams));
    for (const { events, streams } of sealRuns) expect([events, streams.length]).toEqual([1, 1]);
  });

  test('whoever has seen enough of the links leaves, and the store closes as ever', async () => {
    await fill();
    for await (const page of subject.store.links()) if (page.length > 0) break;
    await subject.restart();
    expect((await linksOf(subject.store)).flatMap(positionsOf)).toHaveLength(TEXTS.length);
  });

  test('large texts come in shorter pages and none is lost', async () => {
    const text = 'x'.repeat(200_000);
    for (let n = 0; n < 12; n += 1)
      await subject.store.append(subject.stream(n), 'none', [newEvent({ data: { n, text } })]);
    expect(await allTexts(subject.store)).toHaveLength(12);
  });

  test('texts after a position of another log, or beyond the head, are refused, and so is a wrong limit', async () => {
    await fill();
    const foreign = await subject.foreignPosition(
      async (other) => (await other.append('a-1', 'none', newEvents(1))).position,
    );
    await expect(subject.store.readTexts(foreign)).rejects.toThrow(PositionError);
    const beyond = subject.under.beyond(await subject.store.head());
    await expect(subject.store.readTexts(beyond)).rejects.toThrow(PositionError);
    await expect(subject.store.readTexts(START, 0)).rejects.toThrow(InvalidEventError);
    await expect(subject.store.readTexts(START, 1_001)).rejects.toThrow(LimitError);
  });

  test('the texts of one event are found by its place in its stream', async () => {
    await fill();
    for (const entry of await allTexts(subject.store))
      if (entry.kind === 'whole') expect(await subject.store.textsAt(entry.stream, entry.revision)).toEqual(entry);
    expect(await subject.store.textsAt(subject.stream(0), 99)).toBeUndefined();
    expect(await subject.store.textsAt(subject.stream('none'), 0)).toBeUndefined();
  });

  test('one position follows another when nothing can be between them, or the store cannot tell', async () => {
    await fill();
    const places: Position[] = [START, ...(await everything(subject.store)).map((event) => event.position)];
    for (const [index, place] of places.entries())
      for (const [other, next] of places.entries())
        expect([undefined, other === index + 1]).toContain(subject.store.follows(place, next));
    const foreign = await subject.foreignPosition(
      async (other) => (await other.append('a-1', 'none', newEvents(1))).position,
    );
    expect(() => subject.store.follows(START, foreign)).toThrow(PositionError);
  });

  test('a store finds nothing wrong with a log that nobody touched, empty or not', async () => {
    expect(await subject.store.selfCheck()).toEqual([]);
    await fill();
    expect(await subject.store.selfCheck()).toEqual([]);
    await subject.restart();
    expect(await subject.store.selfCheck()).toEqual([]);
  });

  test('nobody waits for a self-check that was given up', async () => {
    const given = new AbortController();
    const checking = subject.store.selfCheck(given.signal);
    given.abort(new Error('enough'));
    // A store that had nothing to do may have answered already.
    await checking.then(
      (faults) => expect(faults).toEqual([]),
      (error: unknown) => expect(String(error)).toMatch('enough'),
    );
    await expect(subject.store.selfCheck(given.signal)).rejects.toThrow('enough');
  });
}
