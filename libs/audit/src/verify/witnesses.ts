import { streamOf } from '#execution';
import type { Damage } from './damage.ts';
import { damage } from './damage.ts';
import type { StreamEnds } from './stream-ends.ts';

/** What a resource shows of its execution: `status.execution` with its `lastEvent`. */
export interface Witness {
  readonly executionId: string;
  readonly revision: number;
  readonly hash: string;
}

/** What a resource shows must be in the log. The hash that is found there was held against its event before. */
export async function witnessDamage(witness: Witness, ends: StreamEnds): Promise<Damage | undefined> {
  const { executionId, revision, hash } = witness;
  const stream = streamOf(executionId);
  const event = await ends.at(stream, revision);
  if (event?.hash === hash) return undefined;
  const place = { stream, revision };
  const expected = `the event with hash ${hash}, which the resource shows`;
  if (event !== undefined)
    return damage(
      'Rewritten',
      { ...place, position: event.position },
      {
        expected,
        found: event.hash,
        explanation:
          'The resource of this execution shows another event at this revision: the stream was written anew.',
      },
    );
  if ((await ends.at(stream, 0)) === undefined)
    return damage('StreamMissing', place, {
      expected,
      found: 'no event of this execution',
      explanation:
        'A resource shows an execution of which the log knows nothing: its whole stream is gone, or it is of another log.',
    });
  return damage('TailCut', place, {
    expected,
    found: 'a stream that ends before',
    explanation:
      'The resource of this execution shows an event that its stream does not have any more: its newest events are gone.',
  });
}
