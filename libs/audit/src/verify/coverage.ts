import type { KnownTexts, Position, SoundRun } from '#event-store';
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

  /** Events taken that no whole seal covers so far. */
  get pending(): number {
    return this.#tree.count;
  }

  /** Takes the next events of the log, if all seals that end among them hold; none of them when there is any doubt. */
  takes(run: SoundRun): boolean {
    let [tree, from, seals, events] = [this.#tree.copy(), this.#from, 0, 0];
    for (let at = 0; at < run.events;) {
      const seal = this.ledger.upcoming(seals)?.seal;
      if (seal === undefined) break;
      const count = Math.min(run.events - at, seal.events - tree.count);
      from ??= run.at(at);
      tree.addLeaves(run.leaves, at, count);
      at += count;
      if (tree.count < seal.events) break;
      if (tree.root() !== seal.root || seal.position !== run.at(at - 1)) return false;
      [tree, from, seals, events] = [new MerkleTree(), undefined, seals + 1, events + seal.events];
    }
    [this.#tree, this.#from] = [tree, from];
    this.#completed(seals, events);
    return true;
  }

  #completed(seals: number, events: number): void {
    this.ledger.completed(seals);
    this.#seals += seals;
    this.#events += events;
  }

  /** Takes the next event of the log. */
  covered(event: KnownTexts): Damage | undefined {
    const current = this.ledger.current;
    if (current === undefined) return undefined;
    this.#from ??= event.position;
    this.#tree.add(event.hash);
    if (this.#tree.count < current.seal.events) return undefined;
    const { seal } = current;
    const root = this.#tree.root();
    const place = { position: this.#from };
    this.ledger.completed(1);
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
