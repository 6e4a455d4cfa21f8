import fc from 'fast-check';
import { CLOSED, OPEN, scrubberOf, scrubbers } from '../../src/sensitive/scrubber.ts';

const SECRET = 'Tr0ub4dor&3 <"ünï\\">';
const scrubbed = (text: string, value = SECRET): string => scrubberOf([['DB_PASSWORD', value]]).scrub(text);
const MARK = '[redacted DB_PASSWORD]';

const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const ascii = (text: string): string =>
  json(text).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const goHtml = (text: string): string =>
  json(text).replace(/[<>&]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('a value is hidden', () => {
  test.each<[string, string]>([
    ['as it is', SECRET],
    ['escaped in JSON', json(SECRET)],
    ['escaped as Go does, which escapes for HTML', goHtml(SECRET)],
    ['escaped to ASCII', ascii(SECRET)],
    [
      'escaped to ASCII, in capitals',
      ascii(SECRET).replace(/\\u[0-9a-f]{4}/g, (u) => `\\u${u.slice(2).toUpperCase()}`),
    ],
    ['in JSON inside JSON', json(json(SECRET))],
    ['in a URL', encodeURIComponent(SECRET)],
    ['in a URL, in small letters', encodeURIComponent(SECRET).replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())],
    ['in a form', new URLSearchParams({ '': SECRET }).toString().slice(1)],
    ['in base64', Buffer.from(SECRET).toString('base64').replace(/=+$/, '')],
    ['in base64url', Buffer.from(SECRET).toString('base64url')],
    ['in hex', Buffer.from(SECRET).toString('hex')],
  ])('%s', (_, form) => {
    const text = scrubbed(`denied: value "${form}" is refused`);
    expect(text).toContain(MARK);
    expect(text).not.toContain(form.slice(2, -2));
    expect(text.startsWith('denied: value "')).toBe(true);
    expect(text.endsWith('" is refused')).toBe(true);
  });

  test.each([0, 1, 2])('in the base64 of something longer, %i bytes past a group', (offset) => {
    const whole = Buffer.from(`${'x'.repeat(30 + offset)}${SECRET}yyyy`).toString('base64');
    const left = scrubbed(whole);
    expect(left).toContain(MARK);
    expect(Buffer.from(left.replace(MARK, '')).toString()).not.toContain(
      Buffer.from(SECRET).toString('base64').slice(4, 12),
    );
  });

  test('each line of a key, and all occurrences', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----\n';
    expect(scrubbed('line 2 is MIIEvQIBADANBgkq, line 3 hkiG9w0BAQEFAASC, line 2 MIIEvQIBADANBgkq', key)).toBe(
      `line 2 is ${MARK}, line 3 ${MARK}, line 2 ${MARK}`,
    );
  });

  test.each([
    ['at the end', 'invalid value: "Tr0ub4dor', 'invalid value: "'],
    ['before an ellipsis', 'invalid value: "Tr0ub4…, and more', 'invalid value: "'],
    ['before three dots and a quote', 'value "Tr0ub4..." is bad', 'value "'],
    ['at the beginning', 'adour42 is bad', ''],
    ['after an ellipsis', 'value …adour42 is bad', 'value …'],
  ])('when a limit has cut it short: %s', (_, text, before) => {
    const left = scrubbed(text, 'Tr0ub4dor-and-troubadour42');
    expect(left.startsWith(`${before}${MARK}`)).toBe(true);
    expect(left).not.toMatch(/Tr0ub|dour42/);
  });

  test('when it is short, where it stands alone and nowhere else', () => {
    expect(scrubbed('got "x.z", x.z; and axxz, 1x.z2', 'x.z')).toBe(`got "${MARK}", ${MARK}; and axxz, 1x.z2`);
  });

  test('when it is part of another one, and when a mark looks like one', () => {
    const { scrub } = scrubberOf([
      ['A', 'secret'],
      ['B', 'secretary-of-state'],
      ['C', 'redacted'],
    ]);
    expect(scrub('secretary-of-state, secret, redacted')).toBe('[redacted B], [redacted A], [redacted C]');
  });
});

describe('a text stays as it is', () => {
  test.each(['', 'the pod was evicted', 'Tasks Completed: 1 (Failed: 0, Cancelled 0)'])('%j', (text) => {
    expect(scrubbed(text)).toBe(text);
  });

  test('when there is nothing to hide', () => {
    expect(scrubberOf([])).toBe(OPEN);
    expect(
      scrubberOf([
        ['EMPTY', ''],
        ['BLANK', ' \n'],
      ]),
    ).toBe(OPEN);
  });
});

test('what cannot be checked is not told', () => {
  expect(CLOSED.scrub('the step printed hunter2')).not.toContain('hunter2');
  expect(CLOSED.scrub('')).toBe('');
  expect(scrubbers(OPEN, CLOSED).scrub('hunter2')).not.toContain('hunter2');
});

test('whatever the value and whatever is around it, it is not in what is left', () => {
  const value = fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme' }).filter((text) => text.trim().length >= 6);
  const around = fc.string({ maxLength: 40 });
  const written = fc.constantFrom<(text: string) => string>(
    (text) => text,
    json,
    (text) => encodeURIComponent(text),
    (text) => Buffer.from(text).toString('base64'),
    (text) => Buffer.from(text).toString('hex'),
  );
  fc.assert(
    fc.property(value, around, around, written, (secret, before, after, write) => {
      const form = write(secret);
      fc.pre(!before.includes(form) && !MARK.includes(form));
      expect(scrubbed(`${before}${form}${after}`, secret)).not.toContain(form.replace(/=+$/, ''));
    }),
    { numRuns: 500 },
  );
});

test('a large value is hidden, whole and in parts as large as a message', () => {
  const value = Array.from({ length: 20_000 }, (_, at) => at * 7919).join('-');
  expect(scrubbed(`before ${value} after`, value)).toMatch(/^before (?:\[redacted DB_PASSWORD\])+ after$/);
});

test('a value of more lines than can be looked for: nothing is told', () => {
  const value = Array.from({ length: 20_000 }, (_, at) => `line-${at * 7919}`).join('\n');
  expect(scrubbed('found line-15838', value)).toMatch(/^\[not told: .* too many lines/);
});
