import type { EventTexts, Position } from '#event-store';
import { CorruptionError, UnavailableError } from '#event-store';
import { StreamEnds } from '../../src/verify/stream-ends.ts';
import { textsOf } from './texts.ts';

const STREAM = 'workflowexecution-a';
const endsOver = (textsAt: () => Promise<EventTexts | undefined>, remembered?: number): StreamEnds => {
  const compare = (a: Position, b: Position): number => Number(a) - Number(b);
  return new StreamEnds({ textsAt, compare }, remembered);
};
const nothing = async (): Promise<undefined> => undefined;
const at = (position: number): Position => String(position) as Position;

test('the ends seen last are remembered, and others forgotten: memory does not grow with the log', () => {
  const ends = endsOver(nothing, 10);
  const moved = (n: number): void => ends.moved({ stream: `s-${n}`, revision: n, hash: `${n}` });
  for (let n = 0; n < 1_000; n += 1) moved(n);
  const remembered = Array.from({ length: 1_000 }, (_, n) => n).filter((n) => ends.of(`s-${n}`) !== undefined);
  expect(remembered.length).toBeLessThanOrEqual(10);
  expect(remembered.slice(-5)).toEqual([995, 996, 997, 998, 999]);
  expect(ends.of('s-999')).toEqual({ revision: 999, hash: '999' });
});

test('the end of a stream is the newest that was seen of it, in whichever generation an older one stands', () => {
  const ends = endsOver(nothing, 4);
  for (const revision of [0, 1, 2])
    for (const stream of ['a', 'b']) ends.moved({ stream, revision, hash: `${stream}${revision}` });
  expect([ends.of('a'), ends.of('b')]).toEqual([
    { revision: 2, hash: 'a2' },
    { revision: 2, hash: 'b2' },
  ]);
});

test('only what stands before an event in the log comes before it', async () => {
  const ends = endsOver(async () => textsOf({ position: at(5) }));
  const before = (position: number) => ends.before({ stream: STREAM, revision: 1, position: at(position) });
  expect([(await before(6))?.revision, await before(5), await before(4)]).toEqual([0, undefined, undefined]);
});

test('what cannot be read is no event; a store that cannot be read now is no answer', async () => {
  const unreadable = async (): Promise<EventTexts> => ({
    ...{ kind: 'unreadable', position: at(5), expected: 'a text', found: 'a number' },
  });
  expect(await endsOver(unreadable).at(STREAM, 0)).toBeUndefined();
  expect(await endsOver(() => Promise.reject(new CorruptionError('no'))).at(STREAM, 0)).toBeUndefined();
  await expect(endsOver(() => Promise.reject(new UnavailableError('not now'))).at(STREAM, 0)).rejects.toThrow(
    'not now',
  );
});
