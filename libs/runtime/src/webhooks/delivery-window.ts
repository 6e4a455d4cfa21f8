import type { Position, RecordedEvent } from '#event-store';

/** An event that waits to be delivered. */
export interface Entry {
  readonly event: RecordedEvent;
  /** Attempts that failed. */
  readonly attempts: number;
}

interface Slot {
  readonly event: RecordedEvent;
  /** Place in the log right before it: everything up to there is not in the window, or stands before this slot. */
  readonly before: Position;
  readonly characters: number;
  attempts: number;
  notBeforeMs: number;
  isSending: boolean;
  isDone: boolean;
}

export interface WindowLimits {
  readonly events: number;
  /** Of the JSON of their data. */
  readonly characters: number;
}

/**
 * Events read from the log and not yet passed by: those of one execution go one after the other, executions go
 * independently. Knows up to where everything before was delivered.
 */
export class DeliveryWindow {
  /** In log order; the first is not done. */
  private readonly slots: Slot[] = [];
  /** Of each execution what is not done, in order. */
  private readonly lanes = new Map<string, Slot[]>();
  private characters = 0;

  constructor(private readonly limits: WindowLimits) {}

  get isFull(): boolean {
    return this.slots.length >= this.limits.events || this.characters >= this.limits.characters;
  }

  /** Events in it: not delivered, or after one that is not. */
  get size(): number {
    return this.slots.length;
  }

  add(event: RecordedEvent, before: Position): void {
    const { length: characters } = JSON.stringify(event.data);
    const slot = { event, before, characters, attempts: 0, notBeforeMs: 0, isSending: false, isDone: false };
    this.slots.push(slot);
    this.characters += characters;
    const lane = this.lanes.get(event.stream);
    if (lane === undefined) this.lanes.set(event.stream, [slot]);
    else lane.push(slot);
  }

  /** Takes the next event to be sent: one that failed less often first, then in the order of the log. */
  take(nowMs: number): Entry | undefined {
    let best: Slot | undefined;
    for (const [slot] of this.lanes.values()) {
      if (slot === undefined || slot.isSending || slot.notBeforeMs > nowMs) continue;
      if (best === undefined || slot.attempts < best.attempts) best = slot;
    }
    if (best !== undefined) best.isSending = true;
    return best;
  }

  /** Milliseconds until one more may be taken, when nothing else happens; undefined when there is none. */
  soonestMs(nowMs: number): number | undefined {
    const waits = [...this.lanes.values()].flatMap(([slot]) =>
      slot === undefined || slot.isSending ? [] : [Math.max(0, slot.notBeforeMs - nowMs)],
    );
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  delivered({ event }: Entry): void {
    const lane = this.lanes.get(event.stream)!;
    lane.shift()!.isDone = true;
    if (lane.length === 0) this.lanes.delete(event.stream);
    while (this.slots[0]?.isDone === true) this.characters -= this.slots.shift()!.characters;
  }

  failed({ event }: Entry, notBeforeMs: number): void {
    const slot = this.lanes.get(event.stream)![0]!;
    slot.attempts += 1;
    slot.notBeforeMs = notBeforeMs;
    slot.isSending = false;
  }

  /** Up to where everything was delivered, when the log was read up to `read`. */
  watermark(read: Position): Position {
    return this.slots[0]?.before ?? read;
  }
}
