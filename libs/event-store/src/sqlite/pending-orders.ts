import { CorruptionError, OutcomeUnknownError, UnavailableError } from '../errors.ts';
import { STORE_LIMITS } from '../port.ts';
import type {
  Answer,
  AppendOrder,
  AppendSuccess,
  Archived,
  ArchiveOrder,
  Failure,
  Probed,
  WriterOrder,
} from './protocol.ts';

type Outcome = Answer[1];
/** An order before it is numbered. `bytes` is what it holds while it waits. */
export type Order =
  | (Omit<AppendOrder, 'number'> & { readonly bytes: number })
  | Omit<ArchiveOrder, 'number'>
  | { readonly kind: 'probe' };

/** What an order was carried out with. */
export type Success = AppendSuccess | Archived | Probed;

interface Pending {
  readonly since: number;
  readonly bytes: number;
  isSent: boolean;
  resolve(outcome: Outcome): void;
  reject(error: Error): void;
}

/** Orders that were accepted and have no answer yet, oldest first. */
export class PendingOrders {
  readonly #pending = new Map<number, Pending>();
  #numbers = 0;
  #bytes = 0;

  /** `onEmpty` is called whenever the last one has its answer, before who waits for it goes on. */
  constructor(private readonly onEmpty: () => void) {}

  get size(): number {
    return this.#pending.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  hasRoomFor(order: Order): boolean {
    return this.size < STORE_LIMITS.pendingAppends && this.#bytes + bytesOf(order) <= STORE_LIMITS.pendingBytes;
  }

  /** The order with its number, and the promise of its answer. */
  add(order: Order): { readonly numbered: WriterOrder; readonly answer: Promise<Success> } {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const bytes = bytesOf(order);
    this.#numbers += 1;
    this.#bytes += bytes;
    this.#pending.set(this.#numbers, { since: performance.now(), bytes, isSent: false, resolve, reject });
    return { numbered: numbered(order, this.#numbers), answer: promise.then(succeeded) };
  }

  /** From here on, it may be carried out without anybody knowing. */
  markSent(number: number): void {
    const pending = this.#pending.get(number);
    if (pending !== undefined) pending.isSent = true;
  }

  settle(number: number, outcome: Outcome): void {
    this.#take(number)?.resolve(outcome);
  }

  rejectAll(errorOfOne: () => Error): void {
    for (const number of [...this.#pending.keys()]) this.#take(number)?.reject(errorOfOne());
  }

  rejectSent(errorOfOne: () => Error): void {
    for (const [number, { isSent }] of [...this.#pending]) if (isSent) this.#take(number)?.reject(errorOfOne());
  }

  rejectOlderThan(ageMs: number, errorOfOne: () => Error): void {
    const due = performance.now() - ageMs;
    for (const [number, { since }] of this.#pending) {
      if (since > due) return;
      this.#take(number)?.reject(errorOfOne());
    }
  }

  #take(number: number): Pending | undefined {
    const pending = this.#pending.get(number);
    if (pending === undefined) return undefined;
    this.#pending.delete(number);
    this.#bytes -= pending.bytes;
    if (this.#pending.size === 0) this.onEmpty();
    return pending;
  }
}

const bytesOf = (order: Order): number => (order.kind === 'append' ? order.bytes : 0);

function numbered(order: Order, number: number): WriterOrder {
  if (order.kind !== 'append') return { ...order, number };
  const { stream, expected, events } = order;
  return { kind: 'append', number, stream, expected, events };
}

function succeeded(outcome: Outcome): Success {
  if ('message' in outcome) throw errorOf(outcome);
  return outcome;
}

export function errorOf({ kind, message }: Failure): Error {
  if (kind === 'unknown') return new OutcomeUnknownError(message);
  return kind === 'corrupt' ? new CorruptionError(message) : new UnavailableError(message);
}
