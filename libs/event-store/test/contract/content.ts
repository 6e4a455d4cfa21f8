import type { JsonObject, NewEvent } from '#execution';
import { InvalidEventError, LimitError, START, STORE_LIMITS, verifyChain } from '#event-store';
import { newEvent, newEvents } from '../events.ts';
import type { Subject } from './subject.ts';

/** Something no event may hold; its values must not show in errors. */
const SECRET = 'hunter2-very-secret';

export function contentCases(subject: Subject): void {
  const appendData = (data: unknown, stream = subject.stream()): Promise<unknown> =>
    subject.store.append(stream, 'any', [newEvent({ data: data as JsonObject })]);

  const roundTrip = async (data: JsonObject): Promise<JsonObject> => {
    await subject.store.append(subject.stream(), 'any', [newEvent({ data })]);
    await subject.restart();
    const { events } = await subject.store.readStream(subject.stream(), { direction: 'backwards', limit: 1 });
    return events[0]!.data;
  };

  test('json-roundtrip-unicode', async () => {
    const data = {
      emoji: '👩‍🚀🇨🇭',
      combining: 'e\u0301 ñ ñ',
      rtl: 'שלום \u202bعربى\u202c',
      nul: 'a\u0000b',
      separators: '\u2028\u2029\ufeff',
      loneSurrogates: ['\ud83d', 'x\udc00y', '\udfff\ud800'],
      'key é 👍 \u0000 \ud83d': true,
      'key e\u0301': 'not normalised',
      int64: '9223372036854775807',
      numbers: [0, -1.5, 1e21, 5e-324, 1.7976931348623157e308, 9007199254740991, 0.1],
      nothing: null,
      empty: { list: [], object: {}, text: '' },
      ['__proto__']: { own: 1 },
    };
    expect(await roundTrip(data)).toStrictEqual(data);
    expect(verifyChain((await subject.store.readStream(subject.stream())).events)).toBeUndefined();
  });

  test('undefined-members-are-left-out', async () => {
    expect(await roundTrip({ kept: 1, left: undefined, deep: { left: undefined } })).toStrictEqual({
      kept: 1,
      deep: {},
    });
  });

  test('what-the-caller-changes-later-is-not-stored', async () => {
    const data = { list: [1] };
    const appending = subject.store.append(subject.stream(), 'none', [newEvent({ data })]);
    data.list.push(2);
    const result = await appending;
    data.list.push(3);
    expect(result.events[0]!.data).toEqual({ list: [1] });
    expect((await subject.store.readStream(subject.stream())).events[0]!.data).toEqual({ list: [1] });
  });

  test('binary-roundtrip', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    await expect(appendData({ bytes })).rejects.toThrow(InvalidEventError);
    await expect(appendData({ bytes: bytes.buffer })).rejects.toThrow(InvalidEventError);
    const { base64 } = await roundTrip({ base64: Buffer.from(bytes).toString('base64') });
    expect(new Uint8Array(Buffer.from(base64 as string, 'base64'))).toEqual(bytes);
  });

  test('metadata-roundtrip-and-reserved-keys', async () => {
    const withMetadata = (extra: object): NewEvent => {
      const event = newEvent();
      return { ...event, metadata: { ...event.metadata, ...extra } };
    };
    const kept = withMetadata({
      $correlationId: 'c',
      $causationId: 'd',
      traceparent: '00-ab-cd-01',
      actor: { user: 'ü', groups: ['g'] },
    });
    const result = await subject.store.append(subject.stream(), 'none', [kept]);
    expect(result.events[0]!.metadata).toEqual(kept.metadata);
    for (const extra of [{ $maxAge: 1 }, { $: 1 }, { $acl: {} }]) {
      await expect(subject.store.append(subject.stream(), 0, [withMetadata(extra)])).rejects.toThrow(InvalidEventError);
    }
  });

  test('stream-name-rules', async () => {
    for (const name of [
      'a-1',
      'workflowexecution-0190b5d2-7c1e',
      `a-${'b'.repeat(STORE_LIMITS.streamNameLength - 2)}`,
    ]) {
      expect((await subject.store.append(name, 'any', [newEvent()])).events[0]!.stream).toBe(name);
    }
    const bad = ['', 'a', 'a-', '-a', 'A-1', 'a-B', 'a_b-1', 'a b-1', '$a-1', 'é-1', 'a-1\n', 'a-1/2', 'a-ß', 'a.b-1'];
    for (const name of bad) {
      await expect(subject.store.append(name, 'any', [newEvent()])).rejects.toThrow(InvalidEventError);
    }
    const long = `a-${'b'.repeat(STORE_LIMITS.streamNameLength)}`;
    await expect(subject.store.append(long, 'any', [newEvent()])).rejects.toThrow(LimitError);
    expect((await subject.store.readAll(START)).events).toHaveLength(3);
  });

  test('event-type-rules', async () => {
    const append = (parts: Partial<NewEvent>): Promise<unknown> =>
      subject.store.append(subject.stream(), 'any', [newEvent(parts)]);
    for (const type of ['A', 'Execution.Started', 'task_finished-2', 'x'.repeat(STORE_LIMITS.eventTypeLength)]) {
      await append({ type });
    }
    for (const type of ['', '$metadata', 'a b', 'é', 'a\n', 'a/b']) {
      await expect(append({ type })).rejects.toThrow(InvalidEventError);
    }
    await expect(append({ type: 'x'.repeat(STORE_LIMITS.eventTypeLength + 1) })).rejects.toThrow(LimitError);
    for (const schemaVersion of [0, -1, 1.5, Number.NaN]) {
      await expect(append({ schemaVersion })).rejects.toThrow(InvalidEventError);
    }
    for (const id of ['', 'x', '3B241101-E2BB-4255-8CAF-4136C566A962']) {
      await expect(append({ id })).rejects.toThrow(InvalidEventError);
    }
  });

  test('unserialisable-data-is-a-typed-error', async () => {
    const cycle: Record<string, unknown> = { secret: SECRET };
    cycle['self'] = { inside: [cycle] };
    const bad: unknown[] = [
      { secret: SECRET, big: 1n },
      cycle,
      { list: [SECRET, undefined] },
      { call: () => SECRET },
      { symbol: Symbol(SECRET) },
      { bytes: new Uint8Array(Buffer.from(SECRET)) },
      { number: Number.NaN },
      { number: Number.POSITIVE_INFINITY },
      { when: new Date(0) },
      { map: new Map([[SECRET, SECRET]]) },
      { text: new String(SECRET) },
      [SECRET],
      SECRET,
      null,
      undefined,
    ];
    for (const data of bad) {
      const refusal = await appendData(data).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(InvalidEventError);
      expect(String(refusal)).not.toContain(SECRET);
    }
    const deep = JSON.parse('{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)) as JsonObject;
    await expect(appendData(deep)).rejects.toThrow(LimitError);
    expect((await subject.store.readAll(START)).events).toEqual([]);
    await appendData({ fine: true });
  });

  test('two-equal-ids-in-one-append-are-refused', async () => {
    const event = newEvent();
    await expect(subject.store.append(subject.stream(), 'none', [event, event])).rejects.toThrow(InvalidEventError);
  });

  test('limits-event-and-append-size-typed-error-and-siblings-unharmed', async () => {
    const { store } = subject;
    const sized = (size: number): NewEvent => newEvent({ data: { text: 'x'.repeat(size) } });
    const { eventBytes, appendEvents } = STORE_LIMITS;
    const attempts = [
      store.append(subject.stream('good1'), 'none', [newEvent()]),
      store.append(subject.stream('event'), 'none', [newEvent(), sized(eventBytes)]),
      store.append(subject.stream('good2'), 'none', [sized(eventBytes - 1_000)]),
      store.append(
        subject.stream('append'),
        'none',
        [1, 2, 3, 4, 5].map(() => sized(eventBytes - 1_000)),
      ),
      store.append(subject.stream('good3'), 'none', newEvents(appendEvents)),
      store.append(subject.stream('events'), 'none', newEvents(appendEvents + 1)),
      store.append(subject.stream('bytes'), 'none', [newEvent({ data: { text: '€'.repeat(eventBytes / 2) } })]),
    ];
    const outcomes = await Promise.allSettled(attempts);
    const limits = outcomes.map((outcome) => {
      if (outcome.status === 'fulfilled') return 'fine';
      return outcome.reason instanceof LimitError ? outcome.reason.limit : String(outcome.reason);
    });
    expect(limits).toEqual(['fine', 'eventBytes', 'fine', 'appendBytes', 'fine', 'appendEvents', 'eventBytes']);
    const { events } = await store.readAll(START);
    expect(new Set(events.map((event) => event.stream)).size).toBe(3);
    expect(events).toHaveLength(2 + appendEvents);
  });
}
