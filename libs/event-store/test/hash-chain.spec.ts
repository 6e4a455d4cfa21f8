import { createHash } from 'node:crypto';
import type { RecordedEvent } from '#event-store';
import { canonicalJson, GENESIS_HASH, hashOf, MemoryEventStore, verifyChain } from '#event-store';
import { newEvents } from './events.ts';

describe('canonical JSON (RFC 8785)', () => {
  test('the example of RFC 8785 section 3.2.2 comes out as its section 3.2.3 says', () => {
    const value = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value, 'value')).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('names are sorted by UTF-16 code units, not by code points', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    const names = Object.keys(JSON.parse(canonicalJson(value, 'value')) as object);
    const order = [...canonicalJson(value, 'value').matchAll(/:(\d)/g)].map(([, digit]) => digit);
    expect(names).toHaveLength(7);
    expect(order).toEqual(['2', '4', '6', '7', '1', '5', '3']);
  });

  test('a lone surrogate is written as its escape, a pair as it is', () => {
    expect(canonicalJson(['\ud83d\ude00', '\ud83d', '\ude00'], 'value')).toBe('["😀","\\ud83d","\\ude00"]');
  });

  test('the order in which members were set makes no difference', () => {
    expect(canonicalJson({ b: 1, a: { d: 2, c: 3 } }, 'v')).toBe(canonicalJson({ a: { c: 3, d: 2 }, b: 1 }, 'v'));
  });

  test('negative zero is zero', () => {
    expect(canonicalJson([-0], 'value')).toBe('[0]');
  });

  test('the same object twice is no cycle, but growing without end is stopped', () => {
    const shared = { a: 1 };
    expect(canonicalJson([shared, shared], 'value')).toBe('[{"a":1},{"a":1}]');
    let doubling: unknown = 'x'.repeat(100);
    for (let level = 0; level < 60; level += 1) doubling = [doubling, doubling];
    expect(() => canonicalJson(doubling, 'value')).toThrow(/jsonCharacters/);
  });
});

describe('hash chain', () => {
  const event = {
    id: '3b241101-e2bb-4255-8caf-4136c566a962',
    stream: 'workflowexecution-1',
    revision: 0,
    type: 'Execution.Created',
    schemaVersion: 1,
    data: { z: 'é', a: [1, 'x\ud800'] },
    metadata: { time: '2026-01-02T03:04:05.678Z' } as unknown as RecordedEvent['metadata'],
  };

  test('the format is what hash-chain.ts says, so that another program can check it', () => {
    const text =
      GENESIS_HASH +
      '{"data":{"a":[1,"x\\ud800"],"z":"é"},"id":"3b241101-e2bb-4255-8caf-4136c566a962",' +
      '"metadata":{"time":"2026-01-02T03:04:05.678Z"},"revision":0,"schemaVersion":1,' +
      '"stream":"workflowexecution-1","type":"Execution.Created"}';
    expect(hashOf(GENESIS_HASH, event)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
    // Frozen: events that were written carry it.
    expect(hashOf(GENESIS_HASH, event)).toBe('bbd6998f04eb0cbe7ec6a1b4f604a5c44c1407b8279dbf6b5a9bf91b3054c29f');
  });

  const chain = async (): Promise<readonly RecordedEvent[]> =>
    (await new MemoryEventStore().append('sample-1', 'none', newEvents(5))).events;

  test('an untouched chain verifies, whole or page by page', async () => {
    const events = await chain();
    expect(verifyChain(events)).toBeUndefined();
    expect(verifyChain(events.slice(0, 2))).toBeUndefined();
    expect(verifyChain(events.slice(2), events[1])).toBeUndefined();
    expect(verifyChain([])).toBeUndefined();
  });

  test('every changed field shows', async () => {
    const events = await chain();
    const changes: Partial<RecordedEvent>[] = [
      { id: '00000000-0000-4000-8000-000000000000' },
      { type: 'Other' },
      { schemaVersion: 2 },
      { data: { n: 99 } },
      { metadata: { ...events[2]!.metadata, actor: { user: 'somebody else' } } },
      { hash: '1'.repeat(64) },
    ];
    for (const change of changes) {
      const changed = events.map((one, index) => (index === 2 ? { ...one, ...change } : one));
      expect(verifyChain(changed)).toMatchObject({ stream: 'sample-1', revision: 2, fault: 'HashDiffers' });
    }
    const elsewhere = events.map((one, index) => (index === 2 ? { ...one, stream: 'sample-2' } : one));
    expect(verifyChain(elsewhere)).toMatchObject({ revision: 2, fault: 'StreamMixed' });
  });

  test('a change whose own hash was made to fit shows one event later', async () => {
    const events = await chain();
    const forged = { ...events[2]!, data: { n: 99 } };
    const fitted = { ...forged, hash: hashOf(forged.previousHash, forged) };
    const changed = events.map((one, index) => (index === 2 ? fitted : one));
    expect(verifyChain(changed)).toMatchObject({ revision: 3, fault: 'PreviousHashDiffers', found: events[2]!.hash });
  });

  test('removed and reordered events show', async () => {
    const [a, b, c, d, e] = await chain();
    expect(verifyChain([b!, c!])).toMatchObject({ fault: 'RevisionMissing', expected: '0', found: '1' });
    expect(verifyChain([a!, b!, d!, e!])).toMatchObject({ fault: 'RevisionMissing', expected: '2', found: '3' });
    expect(verifyChain([a!, c!, b!])).toMatchObject({ fault: 'RevisionMissing', expected: '1', found: '2' });
    const renumbered = [a!, { ...c!, revision: 1 }];
    expect(verifyChain(renumbered)).toMatchObject({ revision: 1, fault: 'PreviousHashDiffers' });
  });
});
