import type { Random } from './random.ts';

/** Every kind of trouble, and how likely it is each time it could come, in weather that has it. */
export const FAULTS = {
  /** The process dies, at a crash point. */
  crash: 0.01,
  /** Answers of the API server that change nothing. */
  'cluster: 429 with Retry-After': 0.03,
  'cluster: 500, nothing done': 0.03,
  'cluster: unavailable, nothing done': 0.03,
  'cluster: timeout, nothing done': 0.03,
  'cluster: 409 conflict out of the blue': 0.03,
  /** Done, and the caller does not get to know. */
  'cluster: 500, done all the same': 0.03,
  'cluster: reply lost after success': 0.04,
  /** Something in between sends the request twice: the caller gets the second answer. */
  'cluster: request sent twice': 0.03,
  /** The caller gives up; the request is carried out seconds or minutes later. */
  'cluster: request carried out late': 0.03,
  'cluster: slow answer': 0.03,
  'cluster: stale list': 0.2,
  'watch: delayed': 0.05,
  'watch: duplicated': 0.05,
  'watch: reordered': 0.05,
  /** Some messages are lost, then the watch breaks. */
  'watch: dropped': 0.02,
  /** One message is lost and nobody knows: the resync finds what it told of. */
  'watch: lost for good': 0.01,
  'watch: broken': 0.02,
  'watch: 410 Gone': 0.02,
  'store: append refused as unavailable': 0.03,
  'store: append done, outcome unknown': 0.04,
  'store: append not done, outcome unknown': 0.03,
  'store: append carried out late': 0.03,
  'store: append in conflict': 0.03,
  'store: read unavailable': 0.003,
  'store: subscription broken': 0.01,
  'webhook: refused': 0.1,
  'webhook: answer lost': 0.05,
  /** The sender gives up; the receiver takes the event later. */
  'webhook: taken late': 0.05,
  'read model: write fails': 0.03,
  'read model: lags behind the log': 0.2,
} as const;

export type Fault = keyof typeof FAULTS;

/** What processes need, and can be away as a whole. */
export type Part = 'API server' | 'store' | 'receiver';

/** Kinds that are in the air in a world, as a part of all. */
const SHARE = 0.4;
/** Worlds without any: what is wrong in calm weather shows best there. */
const CALM = 0.03;
/** How often a fault happens that is in the air for sure. */
const SURE_RATE = 0.1;
/** Crashes of one run at most, so that it gets somewhere. */
const MAX_CRASHES = 25;

/** The weather of one world: which faults there are, and how often. */
export class Weather {
  readonly counts = new Map<Fault, number>();
  private readonly rates = new Map<Fault, number>();
  private readonly away = new Set<Part>();
  private isEasing = false;
  private isOver = false;

  /** @param sure faults that are in the air whatever the dice say */
  constructor(
    private readonly random: Random,
    sure: readonly Fault[] = [],
  ) {
    for (const fault of sure) this.rates.set(fault, SURE_RATE);
    if (random.chance(CALM)) return;
    for (const [fault, rate] of Object.entries(FAULTS) as [Fault, number][])
      if (random.chance(SHARE) && !sure.includes(fault))
        this.rates.set(fault, Math.min(0.5, rate * 10 ** (random.next() * 1.6 - 0.9)));
  }

  /** Decides whether it happens now; counts it when it does. */
  strikes(fault: Fault): boolean {
    return !this.isEasing && this.happens(fault, this.rates.get(fault) ?? 0);
  }

  /** The same for a fault that somebody has in mind, whatever the weather: also while it eases. */
  happens(fault: Fault, probability: number): boolean {
    if (this.isOver || !this.random.chance(probability)) return false;
    if (fault === 'crash' && this.count(fault) >= MAX_CRASHES) return false;
    this.counts.set(fault, this.count(fault) + 1);
    return true;
  }

  /** One of them answers nothing for a while. */
  takeAway(part: Part, isAway: boolean): void {
    if (isAway) this.away.add(part);
    else this.away.delete(part);
  }

  isAway(part: Part): boolean {
    return !this.isEasing && this.away.has(part);
  }

  /** Nothing new comes, but requests that are under way, and the crashes that somebody has in mind. */
  ease(): void {
    this.isEasing = true;
  }

  /** From now on all is well. */
  clear(): void {
    this.isOver = true;
  }

  count(fault: Fault): number {
    return this.counts.get(fault) ?? 0;
  }

  /** How long something takes that is slow, in milliseconds. */
  between(low: number, high: number): number {
    return this.random.between(low, high);
  }

  toString(): string {
    const told = [...this.rates].map(([fault, rate]) => `${fault} ${(rate * 100).toFixed(1)} %`);
    return told.length === 0 ? 'calm' : told.join(', ');
  }
}
