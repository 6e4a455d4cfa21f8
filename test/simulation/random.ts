import { createHash } from 'node:crypto';

/**
 * Random numbers that a seed decides: the same name and the same questions give the same answers. sfc32 (Chris
 * Doty-Humphrey's small fast counter), seeded from a hash of the name.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(private readonly name: string) {
    const digest = createHash('sha256').update(name).digest();
    [this.a, this.b, this.c] = [digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8)];
  }

  /** A sequence of its own: what is asked of it changes nothing here. */
  fork(name: string): Random {
    return new Random(`${this.name}/${name}`);
  }

  /** In [0, 1). */
  next(): number {
    return this.bits() / 2 ** 32;
  }

  /** True so often; a probability of 0 asks no question. */
  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error(`${this.name}: expected something to pick from, found nothing`);
    return items[Math.floor(this.next() * items.length)] as T;
  }

  /** 32 hex digits in the form of a UUID. */
  uuid(version = 4): string {
    const word = (): string => this.bits().toString(16).padStart(8, '0');
    const hex = word() + word() + word() + word();
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  private bits(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + sum) | 0;
    return sum >>> 0;
  }
}
