import { executionIdOf } from '#execution';
import { claimIn, CLAIM_TYPE } from '../verify/archive-claims.ts';
import { BundleDamageError } from './damage.ts';
import type { BundledEvent, EventStub } from './format.ts';
import { placeOf } from './seal-event-check.ts';

/** The stubs of one stream that no event has accounted for yet. */
interface Waiting {
  readonly archive: string;
  /** The highest. */
  readonly revision: number;
}

/**
 * The stubs: whoever takes the content out of an event can write a stub for it, so an event of its own stream, which is
 * held against hash, chain and seal like any other, must say that it was archived, and to which file.
 */
export class StubCheck {
  count = 0;
  private readonly waiting = new Map<string, Waiting>();
  /** One text for each name: there are few files, and many stubs. */
  private readonly names = new Map<string, string>();

  /** Files that were named, as they were met. */
  get archives(): readonly string[] {
    return [...this.names.values()];
  }

  isWaiting(stream: string): boolean {
    return this.waiting.has(stream);
  }

  /** @throws BundleDamageError `StubUnclaimed` */
  stub(stub: EventStub): void {
    const { stream, revision } = stub;
    if (executionIdOf(stream) === undefined)
      throw unclaimed(stub, 'an event of an execution: nothing else is archived', stream);
    const archive = this.named(stub.archive);
    const before = this.waiting.get(stream)?.archive ?? archive;
    if (before !== archive) throw unclaimed(stub, `the archive ${before}, as of the stub before`, archive);
    this.waiting.set(stream, { archive, revision });
    this.count += 1;
  }

  /** What an event says of the stubs before it. @throws BundleDamageError `StubUnclaimed` */
  event(event: BundledEvent): void {
    if (event.type !== CLAIM_TYPE) return;
    const waiting = this.waiting.get(event.stream);
    if (waiting === undefined) return;
    const { archive, revision } = waiting;
    const claim = claimIn(event.data);
    if (claim?.file !== archive || revision >= claim.events)
      throw unclaimed(
        event,
        `that its events up to revision ${revision} are in ${archive}, as their stubs say`,
        claim === undefined ? 'something else' : `that the first ${claim.events} are in ${claim.file}`,
      );
    this.waiting.delete(event.stream);
  }

  /** The stream is over. @throws BundleDamageError `StubUnclaimed` */
  mustBeClaimed(stream: string): void {
    const waiting = this.waiting.get(stream);
    if (waiting === undefined) return;
    const { archive, revision } = waiting;
    throw unclaimed({ stream, revision }, `an event of its stream that says that it is in ${archive}`, 'none');
  }

  private named(name: string): string {
    const known = this.names.get(name);
    if (known === undefined) this.names.set(name, name);
    return known ?? name;
  }
}

function unclaimed(
  event: { readonly stream: string; readonly revision: number; readonly position?: string },
  expected: string,
  found: string,
): BundleDamageError {
  const { stream, revision, position } = event;
  const place = position === undefined ? { stream, revision } : placeOf({ stream, revision, position });
  return new BundleDamageError('StubUnclaimed', expected, found, place);
}
