import { createLog } from '../../src/logging/log.ts';
import { errorFields } from '../../src/logging/error-fields.ts';

const lines: string[] = [];
const log = createLog('trace', { write: (line) => lines.push(line) });
afterEach(() => lines.splice(0));

/** As body-parser does: the whole body hangs on the error. */
const parserFault = (): Error => Object.assign(new SyntaxError('no JSON'), { body: '{"TOKEN":"hunter2', expose: true });

test('of an error its name, code, words and stack are logged, and nothing else that hangs on it', () => {
  const error = Object.assign(new TypeError('words', { cause: parserFault() }), { code: 'E_CODE', request: 'hunter2' });
  log.error({ err: error }, 'it failed');
  const [line] = lines;
  expect(line).not.toContain('hunter2');
  expect(JSON.parse(line ?? '{}')).toMatchObject({
    err: {
      type: 'TypeError',
      message: 'words',
      code: 'E_CODE',
      stack: expect.stringContaining('TypeError: words'),
      cause: { type: 'SyntaxError', message: 'no JSON' },
    },
  });
});

test('so are its causes and the parts of several, a few of them', () => {
  const deep = Array.from({ length: 50 }).reduce<Error>(
    (cause, _, index) => new Error(`level ${index}`, { cause }),
    parserFault(),
  );
  const fields = JSON.stringify(errorFields(new AggregateError([deep, parserFault()], 'several')));
  expect(fields).toContain('several');
  expect(fields).toContain('level 49');
  expect(fields).not.toContain('level 40');
  expect(fields).not.toContain('hunter2');
});

test.each(['hunter2', { password: 'hunter2' }, undefined, null, 7])(
  'what is thrown and is no error is not shown: %j',
  (thrown) => {
    log.error({ err: thrown }, 'it failed');
    expect(lines.join('')).not.toContain('hunter2');
  },
);
