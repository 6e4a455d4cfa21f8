import type { Position } from './port.ts';
import { START } from './port.ts';
import { PositionError } from './errors.ts';

const SHAPE = /^([a-z]\d+):([0-9a-f]{12}):([1-9]\d{0,15})$/;

/**
 * Positions of a store that counts its events from 1: `<scheme>:<first 12 hex digits of the store id>:<number>`, for
 * example `s1:0f8c2a51b7e4:42`. START is number 0.
 */
export class Positions {
  readonly #prefix: string;
  readonly #origin: string;

  constructor(
    readonly scheme: string,
    readonly storeId: string,
  ) {
    this.#origin = storeId.replaceAll('-', '').slice(0, 12);
    this.#prefix = `${scheme}:${this.#origin}:`;
  }

  at(number: number): Position {
    return number === 0 ? START : ((this.#prefix + String(number)) as Position);
  }

  /** @throws PositionError when it is not a position, or another store's */
  numberOf(position: Position): number {
    if (position === START) return 0;
    const parts = SHAPE.exec(position);
    if (parts === null) throw new PositionError('expected a position given by this store, found something else');
    const [, scheme, origin, number] = parts;
    if (scheme === this.scheme && origin === this.#origin) return Number(number);
    const found = `${scheme}:${origin}`;
    throw new PositionError(
      `position of another store: expected ${this.scheme}:${this.#origin}, found ${found}; a checkpoint is only good for the log it came from, start again from the beginning`,
    );
  }

  /** The number of a position that is not beyond the head. @throws PositionError */
  within(position: Position, head: number): number {
    const number = this.numberOf(position);
    if (number <= head) return number;
    throw new PositionError(
      `position ${position} is beyond the head of the log (${head}): the log is older than the checkpoint, as after restoring a backup; start again from the beginning`,
    );
  }

  compare(a: Position, b: Position): number {
    return this.numberOf(a) - this.numberOf(b);
  }

  /** Numbers are given without a gap. */
  follows(a: Position, b: Position): boolean {
    return this.compare(b, a) === 1;
  }
}
