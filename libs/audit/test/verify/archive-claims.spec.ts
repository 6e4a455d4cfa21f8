import type { EventStore, RecordedEvent } from '#event-store';
import { CorruptionError, StreamNotFoundError, UnavailableError } from '#event-store';
import type { JsonObject } from '#execution';
import { ArchiveClaims, CLAIM_TYPE, claimIn } from '../../src/verify/archive-claims.ts';

const CLAIM = { archive: { file: 'a.ndjson', sha256: 'a1' }, events: 3 };
const claimed = { file: 'a.ndjson', sha256: 'a1', events: 3 };
const happened = (type: string, data: JsonObject = {}): RecordedEvent => ({ type, data }) as RecordedEvent;

type ReadStream = EventStore['readStream'];
const claimsBy = (readStream: (stream: string, from: number) => ReturnType<ReadStream>): ArchiveClaims =>
  new ArchiveClaims({ readStream: (stream, { from } = {}) => readStream(stream, Number(from)) });

test('what a stream says of its archived events is found on whatever page it stands', async () => {
  const claims = claimsBy(async (_, from) =>
    from < 500
      ? { events: [happened('Other')], next: from + 250 }
      : { events: [happened(CLAIM_TYPE, CLAIM)], next: undefined },
  );
  expect(await claims.of('a')).toEqual(claimed);
});

test('a stream that is without end is not read without end', async () => {
  let reads = 0;
  const claims = claimsBy(async (_, from) => {
    if ((reads += 1) > 100) throw new Error('expected an end');
    return { events: [happened('Other')], next: from + 1000 };
  });
  expect([await claims.of('a'), reads]).toEqual([undefined, 10]);
});

test('a stream is read once, and again when so many others were asked for that it was forgotten', async () => {
  const reads: string[] = [];
  const claims = claimsBy(async (stream) => {
    reads.push(stream);
    return { events: [happened(CLAIM_TYPE, { ...CLAIM, events: reads.length })], next: undefined };
  });
  expect([await claims.of('a'), await claims.of('a')]).toEqual([claimed, claimed].map((c) => ({ ...c, events: 1 })));
  expect(await claims.of('b')).toEqual({ ...claimed, events: 2 });
  for (let n = 0; n < 5_000; n += 1) await claims.of(`other-${n}`);
  await claims.of('a');
  expect(reads.filter((stream) => stream === 'a')).toHaveLength(2);
});

test('a stream that is not there, or is damaged, says nothing; one that cannot be read now is no answer', async () => {
  const failing = (error: Error) => claimsBy(() => Promise.reject(error)).of('a');
  expect(await failing(new StreamNotFoundError('a'))).toBeUndefined();
  expect(await failing(new CorruptionError('damaged'))).toBeUndefined();
  await expect(failing(new UnavailableError('not now'))).rejects.toThrow('not now');
});

test.each([
  [{}],
  [{ ...CLAIM, archive: null }],
  [{ ...CLAIM, archive: { sha256: 'a1' } }],
  [{ ...CLAIM, archive: { file: 'a.ndjson' } }],
  [{ ...CLAIM, events: '3' }],
])('what somebody wrote there and is no claim is none: %j', (data) => {
  expect(claimIn(data as JsonObject)).toBeUndefined();
});
