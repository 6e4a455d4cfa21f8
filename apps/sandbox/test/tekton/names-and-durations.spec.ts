import { childName } from '../../src/tekton/child-name.ts';
import { durationMs, formatGoDuration, parseGoDuration } from '../../src/tekton/go-duration.ts';

describe('names of children', () => {
  test('a long name is cut and hashed as recorded', () => {
    const run = `long-${'n'.repeat(58)}`;
    const taskRun = childName(run, '-work-with-a-rather-long-task-name');
    expect(taskRun).toBe('long-nnnnnnnnnnnnnnnnnnnnnnnnnn660ad29aedab4d6a767abb42ae0772bd');
    expect(childName(taskRun, '-pod')).toBe('long-nnnnnnnnnnnnnnnnnnnnnn3b3b5e6876a1497d4fc19efffd2cc200-pod');
  });

  test('a short one is simply joined', () => {
    expect(childName('wfe-cf0cc089293b1165', '-work')).toBe('wfe-cf0cc089293b1165-work');
  });
});

describe('Go durations', () => {
  test.each([
    ['5m', '5m0s'],
    ['1h', '1h0m0s'],
    ['90s', '1m30s'],
    ['1.5s', '1.5s'],
    ['100ms', '100ms'],
    ['0', '0s'],
    ['-5m', '-5m0s'],
    ['1h50m', '1h50m0s'],
  ])('%s is printed as %s', (text, printed) => {
    expect(formatGoDuration(parseGoDuration(text) as number)).toBe(printed);
  });

  test.each(['300', '1d', '', 'x', '5m 3s'])('%j is none', (text) => {
    expect(durationMs(text)).toBeUndefined();
  });
});
