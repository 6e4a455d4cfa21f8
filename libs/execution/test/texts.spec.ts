import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  clip,
  executionIdOf,
  formatDuration,
  parseDuration,
  runNameOf,
  same,
  sameSpec,
  sha256Hex,
  streamOf,
} from '#execution';
import { clipResults, jsonBytes, MARK_BYTES, RESULTS_LIMIT, sizeOf } from '../src/clip.ts';
import { text } from './support/arbitraries.ts';
import { SPEC } from './support/examples.ts';

/** What a text takes inside JSON, as the platform counts it. */
const bytesOf = (value: string): number => Buffer.byteLength(JSON.stringify(value)) - 2;

describe('durations', () => {
  test.each<[string, number]>([
    ['0', 0],
    ['0s', 0],
    ['30m', 1_800_000],
    ['1h15m', 4_500_000],
    ['90s', 90_000],
    ['1.5h', 5_400_000],
    ['4.2s', 4_200],
    ['250ms', 250],
    ['1h1h', 7_200_000],
  ])('%s is %i ms', (duration, ms) => {
    expect(parseDuration(duration)).toBe(ms);
  });

  test.each(['', '5', '-5m', '+5m', '1d', 'm', '1 h', '1h ', '.5h', '1.h', '1e3s', '5us', '9'.repeat(400) + 'h'])(
    '%j is none',
    (duration) => {
      expect(parseDuration(duration)).toBeUndefined();
    },
  );

  test.each<[number, string]>([
    [0, '0s'],
    [-5, '0s'],
    [4_200, '4.2s'],
    [60_000, '1m'],
    [4_500_000, '1h15m'],
    [3_600_001, '1h0.001s'],
  ])('%i ms is written %s', (ms, duration) => {
    expect(formatDuration(ms)).toBe(duration);
  });

  test('what was written is read back', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 10), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});

test('sha256Hex is the sha256 of the UTF-8 bytes, whatever the text', () => {
  const hash = (all: string): string => createHash('sha256').update(all, 'utf8').digest('hex');
  for (let length = 0; length < 130; length += 1) expect(sha256Hex('a'.repeat(length))).toBe(hash('a'.repeat(length)));
  fc.assert(
    fc.property(text(), (all) => {
      expect(sha256Hex(all)).toBe(hash(all));
    }),
  );
});

describe('names', () => {
  test('the run is named after the target; case matters', () => {
    expect(runNameOf('payment/deployment/payment-api')).toBe('wfe-cf0cc089293b1165');
    expect(runNameOf('node/worker-node-1')).toBe('wfe-ac45b7d6911e97a5');
    expect(runNameOf('node/Worker-node-1')).not.toBe(runNameOf('node/worker-node-1'));
  });

  test('the stream of an execution tells its id, and another stream none', () => {
    expect(executionIdOf(streamOf('id-1'))).toBe('id-1');
    expect(executionIdOf('idempotency-id-1')).toBeUndefined();
    expect(executionIdOf('workflowexecution')).toBeUndefined();
  });
});

describe('clip', () => {
  const limit = fc.integer({ min: MARK_BYTES, max: 3000 });

  test('counts bytes of JSON as the platform does', () => {
    fc.assert(
      fc.property(text(), (all) => {
        expect(jsonBytes(all)).toBe(bytesOf(all));
        expect(sizeOf({ all })).toBe(Buffer.byteLength(JSON.stringify({ all })));
      }),
    );
  });

  test('keeps what fits, to the byte', () => {
    fc.assert(
      fc.property(text(), (all) => {
        expect(clip(all, bytesOf(all))).toBe(all);
        if (bytesOf(all) > MARK_BYTES) expect(clip(all, bytesOf(all) - 1)).not.toBe(all);
      }),
    );
  });

  test('is never longer than its limit, and cutting twice is cutting once', () => {
    fc.assert(
      fc.property(text(), limit, (all, bytes) => {
        const cut = clip(all, bytes);
        expect(bytesOf(cut)).toBeLessThanOrEqual(bytes);
        expect(clip(cut, bytes)).toBe(cut);
      }),
    );
  });

  test('a cut text is the beginning, how long the whole was, and the sha256 of the whole', () => {
    const all = `${'a'.repeat(500)}${'b'.repeat(500)}`;
    expect(clip(all, 200)).toMatch(/^a{50,} …\[cut: 1000 characters, sha256 [0-9a-f]{64}\]$/);
    expect(clip(all, 200)).toContain(sha256Hex(all));
  });

  test('no character is cut in half', () => {
    for (let bytes = MARK_BYTES; bytes < MARK_BYTES + 8; bytes += 1)
      expect(clip('😀'.repeat(100), bytes).isWellFormed()).toBe(true);
  });
});

describe('clipResults', () => {
  const result = fc.record({ name: fc.string({ maxLength: 20 }), value: text() });

  test('values together never take more than the limit, and keep their names and order', () => {
    fc.assert(
      fc.property(fc.array(result, { maxLength: 40 }), (results) => {
        const cut = clipResults(results);
        expect(cut.map((each) => each.name)).toEqual(results.map((each) => each.name));
        const marks = cut.filter((each) => each.value === '…[cut]').length * 8;
        expect(cut.reduce((sum, each) => sum + bytesOf(each.value), 0) - marks).toBeLessThanOrEqual(RESULTS_LIMIT);
      }),
      { numRuns: 50 },
    );
  });

  test('small results are kept as they are, also after the room is used up', () => {
    const results = [
      ...Array.from({ length: 16 }, (_, n) => ({ name: `r${n}`, value: 'x'.repeat(4096) })),
      { name: 'last', value: 'y' },
    ];
    expect(clipResults(results).slice(0, 16)).toEqual(results.slice(0, 16));
    expect(clipResults(results).at(-1)).toEqual({ name: 'last', value: '…[cut]' });
    expect(clipResults([...results.slice(1)]).at(-1)).toEqual({ name: 'last', value: 'y' });
  });
});

describe('sameSpec', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, item]) => [key, reversed(item)]),
    );
  };

  test('the order of keys, a missing key and one without a value, and cancel say nothing', () => {
    expect(sameSpec(SPEC, reversed(SPEC) as typeof SPEC)).toBe(true);
    expect(sameSpec(SPEC, { ...SPEC, cancel: 'Immediate' })).toBe(true);
    expect(same({ a: undefined }, {})).toBe(true);
  });

  test.each<[string, Partial<typeof SPEC>]>([
    ['a parameter', { parameters: { REASON: 'other' } }],
    ['one more parameter', { parameters: { ...SPEC.parameters, MORE: '' } }],
    ['the target', { targetResource: 'node/a' }],
    ['a rationale', { rationale: '' }],
    ['a confidence', { confidence: 0 }],
  ])('%s makes another spec', (_, change) => {
    expect(sameSpec(SPEC, { ...SPEC, ...change })).toBe(false);
  });

  test('same is structural equality of JSON: of a value and its copy with other key order, and of nothing else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(same(a, reversed(structuredClone(a)))).toBe(true);
        expect(same(a, b)).toBe(same(b, a));
        expect(same([a], { 0: a })).toBe(false);
      }),
    );
  });
});
