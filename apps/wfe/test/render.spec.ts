import { parse } from 'yaml';
import { clean, cleanLines } from '../src/render/clean.ts';
import { coloursFor } from '../src/render/colours.ts';
import { toJson, toJsonLine, toYaml } from '../src/render/structured.ts';
import { displayWidth, padded, table, type Column } from '../src/render/table.ts';
import { age, elapsed, lasting, stamp, type Times } from '../src/render/times.ts';
import { timelineEntry } from '../src/render/timeline.ts';
import { NOW } from './support/called.ts';
import fc from 'fast-check';

const sink = (isTTY: boolean) => ({ isTTY, write: () => undefined, stream: process.stderr });
const plain = coloursFor(sink(false), {}, true);
const coloured = coloursFor(sink(true), {}, true);
const times: Times = { isUtc: true, now: () => NOW };
const HOSTILE = '\x1b[31m\x07\x9b2J\u202eevil\u2028\n\r\t\x00\ud800';
/** What a terminal could act on. */

const ACTS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/;

describe('texts of somebody else', () => {
  test('lose everything a terminal could act on, and can still be read', () => {
    expect(clean(HOSTILE)).toBe('\\x1b[31m\\x07\\x9b2J\\u{202e}evil\\u{2028}\\n\\r\\t\\x00\\u{d800}');
    expect(clean('Zoë 日本 👩‍👧 نص\u200c')).toBe('Zoë 日本 👩‍👧 نص\u200c');
  });

  test('whatever they are, what is shown has nothing of the kind', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(clean(text).replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')).not.toMatch(ACTS);
        expect(clean(text)).not.toContain('\n');
      }),
    );
  });

  test('of several lines keep their lines', () => {
    expect(cleanLines('one\r\ntwo\x1b\nthree')).toEqual(['one', 'two\\x1b', 'three']);
  });
});

describe('answers for machines', () => {
  test('are the same value, whatever is in them, without anything a terminal acts on', () => {
    const value = { text: HOSTILE, ['key\x9b']: [HOSTILE, 1, null, true], long: 'x '.repeat(300), lines: 'a\nb\n' };
    expect(JSON.parse(toJson(value))).toEqual(value);
    expect(parse(toYaml(value))).toEqual(value);
    for (const text of [toJson(value), toYaml(value)]) expect(text).not.toMatch(ACTS);
    expect(toJsonLine(value).split('\n')).toHaveLength(2);
  });

  test('by property: JSON and YAML say the value that was answered', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }), (value) => {
        const same = JSON.parse(JSON.stringify(value)) as unknown;
        expect(JSON.parse(toJson(value))).toEqual(same);
        expect(parse(toYaml(same))).toEqual(same);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a table', () => {
  interface Row {
    readonly name: string;
    readonly count?: number;
    readonly words?: string;
  }
  const columns: Column<Row>[] = [
    { title: 'NAME', cell: ({ name }) => name },
    { title: 'COUNT', cell: ({ count }) => count, align: 'right' },
    { title: 'WORDS', cell: ({ words }) => words, isFlexible: true },
  ];
  const starts = (text: string, word: string): number[] =>
    text
      .split('\n')
      .filter((line) => line.includes(word))
      .map((line) => displayWidth(line.slice(0, line.indexOf(word))));

  test('has no lines and no blanks at the ends, and aligns', () => {
    const rows = [
      { name: 'a', count: 5, words: 'x' },
      { name: 'longer', count: 1000 },
    ];
    expect(table(columns, rows, { colours: plain })).toBe(
      'NAME     COUNT   WORDS\na            5   x\nlonger    1000\n',
    );
  });

  test('aligns wide characters, joined emoji, combining marks and colours as they are seen', () => {
    const rows = ['日本語', '👩‍👩‍👧', 'e\u0301a', 'plain'].map((name) => ({ name, words: 'here' }));
    const text = table([{ ...columns[0]!, paint: () => coloured.red }, columns[2]!], rows, { colours: coloured });
    expect(text).toContain('\x1b[31m日本語');
    expect(new Set(starts(text, 'here'))).toEqual(new Set([9]));
  });

  test('is cut in its flexible column when the terminal is narrow, and in no other', () => {
    const rows = [{ name: 'a-name-that-stays', count: 1, words: '日本'.repeat(40) }];
    const text = table(columns, rows, { colours: plain, width: 60 });
    const widths = text.split('\n').map(displayWidth);
    expect(Math.max(...widths)).toBeLessThanOrEqual(60);
    expect(Math.max(...widths)).toBeGreaterThan(50);
    expect(text).toContain('a-name-that-stays');
    expect(text).toContain('…');
    expect(table(columns, rows, { colours: plain })).not.toContain('…');
  });

  test('is cut in the middle: names of one kind begin alike, and differ at the end', () => {
    const rows = ['api', 'web'].map((name) => ({ name: 'x', words: `default/deployment/quite-a-long-one-${name}` }));
    const lines = table(columns, rows, { colours: plain, width: 40 }).trimEnd().split('\n').slice(1);
    expect(lines).toEqual(['x              default/depl…long-one-api', 'x              default/depl…long-one-web']);
  });

  test('takes a line break and an escape in a cell for what they are: text', () => {
    const text = table(columns, [{ name: 'a\nb\x1b[2J' }], { colours: plain });
    expect(text.split('\n')[1]).toBe('a\\nb\\x1b[2J');
  });

  test('padding fills up to a width as it is seen', () => {
    expect(padded('日本', 6)).toBe('日本  ');
    expect(padded('', 2)).toBe('  ');
    expect(padded('longer', 2)).toBe('longer');
  });
});

describe('times', () => {
  test('are shown in UTC, or in the zone of this machine with its offset, and always mean the same', () => {
    expect(stamp(times, '2026-11-20T10:15:02.006Z')).toBe('2026-11-20T10:15:02Z');
    expect(stamp(times, '2026-11-20T10:15:02.006Z', 'milliseconds')).toBe('2026-11-20T10:15:02.006Z');
    const local = stamp({ ...times, isUtc: false }, '2026-07-20T10:15:02.000Z');
    expect(local).toMatch(/^2026-07-\d\dT\d\d:\d\d:02[+-]\d\d:\d\d$/);
    expect(new Date(local).toISOString()).toBe('2026-07-20T10:15:02.000Z');
    expect(stamp(times, 'no time')).toBe('no time');
  });

  test.each([
    [0, '0s', '0.00s'],
    [1_239, '1s', '1.23s'],
    [59_999, '59s', '59.99s'],
    [119_000, '119s', '1m59s'],
    [120_000, '2m', '2m00s'],
    [154_000, '2m34s', '2m34s'],
    [3_600_000, '60m', '1h00m'],
    [4 * 3_600_000 + 60_000, '4h1m', '4h01m'],
    [86_400_000, '24h', '1d00h'],
    [51 * 3_600_000, '2d3h', '2d03h'],
    [40 * 86_400_000, '40d', '40d00h'],
  ])('%i ms are %s in a list and %s in a timeline', (ms, inList, inTimeline) => {
    expect([lasting(ms), elapsed(ms)]).toEqual([inList, inTimeline]);
  });

  test('an age never is negative, whatever the clocks say', () => {
    expect(age(times, '2026-11-20T11:59:30Z')).toBe('30s');
    expect(age(times, '2026-11-20T12:00:30Z')).toBe('0s');
  });
});

describe('a timeline', () => {
  const entry = {
    revision: 3,
    position: 's1:0:4',
    time: '2026-11-20T10:15:04.118Z',
    type: 'TaskStarted',
    actor: { user: 'system\x1b[0m' },
    source: 'driver' as const,
    sentence: 'Task work has started.\nevil',
    cause: { kind: 'event' as const, revision: 2, type: 'PipelineRunCreated' },
    sinceStartMs: 63_118,
    sincePreviousMs: -50,
  };

  test('says when, how long after the beginning and the event before, what, who and why', () => {
    expect(timelineEntry(entry, times, { colours: plain })).toBe(
      [
        '  3  2026-11-20T10:15:04.118Z    +1m03s (-0.05s)    TaskStarted                system\\x1b[0m (driver), because of 2 PipelineRunCreated',
        '     Task work has started.\\nevil',
        '',
      ].join('\n'),
    );
  });

  test('says so when an event had no other event as its cause', () => {
    const first = { ...entry, revision: 0, sinceStartMs: 0, cause: { kind: 'command' as const, commandId: 'c' } };
    const text = timelineEntry(first, times, { colours: plain });
    expect(text).toContain('on its own command');
    expect(text).not.toContain('(-');
  });
});

describe('colours', () => {
  const has = (isTTY: boolean, env: Record<string, string>, isAllowed = true): boolean =>
    coloursFor(sink(isTTY), env, isAllowed).isColorSupported;

  test.each([
    ['on a terminal', true, {}, true, true],
    ['nowhere else', false, {}, true, false],
    ['not with --no-color', true, {}, false, false],
    ['not with NO_COLOR', true, { NO_COLOR: '1' }, true, false],
    ['also with an empty NO_COLOR, which says nothing', true, { NO_COLOR: '' }, true, true],
    ['not on a dumb terminal', true, { TERM: 'dumb' }, true, false],
    ['everywhere with FORCE_COLOR', false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, true],
    ['not with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, true, false],
    ['not with --no-color, whatever FORCE_COLOR says', true, { FORCE_COLOR: '1' }, false, false],
  ])('%s', (_, isTTY, env, isAllowed, expected) => {
    expect(has(isTTY, env, isAllowed)).toBe(expected);
  });
});
