import type { Position, KnownLink } from '#event-store';
import { MerkleTree } from '#event-store';
import type { Damage } from './damage.ts';
import { damage } from './damage.ts';
import type { SealLedger } from './seal-ledger.ts';

/** Holds the events that come by against the seals that cover them. */
export class Coverage {
  #tree = new MerkleTree();
  /** Where the range of the current seal begins. */
  #from: Position | undefined;
  #seals = 0;
  #events = 0;

  constructor(private readonly ledger: SealLedger) {}

  /** Seals whose events were all there as sealed. */
  get seals(): number {
    return this.#seals;
  }

  /** Events of these seals. */
  get events(): number {
    return this.#events;
  }

  /** Takes the next event of the log. */
  covered(event: KnownLink): Damage | undefined {
    const current = this.ledger.current;
    if (current === undefined) return undefined;
    this.#from ??= event.position;
    this.#tree.add(event.hash);
    if (this.#tree.count < current.seal.events) return undefined;
    const { seal } = current;
    const root = this.#tree.root();
    const place = { position: this.#from };
    this.ledger.completed();
    this.#tree = new MerkleTree();
    this.#from = undefined;
    if (root !== seal.root)
      return damage('Rewritten', place, {
        expected: `the ${seal.events} events up to ${event.position} to be those of seal ${seal.number}, root ${seal.root}`,
        found: `root ${root}`,
        explanation:
          'From here on, up to the end of what this seal covers, the log is not what was sealed, although every hash fits the one before: events were replaced and their chains made to fit, taken out, or put in another order.',
      });
    if (seal.position !== event.position)
      return damage('SealBroken', current.event, {
        expected: `the last event it covers to be at ${event.position}`,
        found: seal.position,
        explanation: 'The seal speaks of another position than the one its last event has.',
      });
    this.#seals += 1;
    this.#events += seal.events;
    return undefined;
  }
}
