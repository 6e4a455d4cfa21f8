import { randomUUID } from 'node:crypto';
import type { EventStore, Position } from '#event-store';

/** One implementation of the port, over one log of its own. */
export interface StoreUnderTest {
  /** Opens the log; again after `close` of the store opened before: that is a restart. */
  open(): Promise<EventStore>;
  /** A position of this log that it has not reached. */
  beyond(head: Position): Position;
  /** Subscriptions being consumed: shows what is left behind. */
  openSubscriptions(store: EventStore): number;
  /** Throws the log away; the store is closed already. */
  dispose(): Promise<void>;
}

/** What the cases of the contract work on: a fresh log for each test. */
export class Subject {
  #under: StoreUnderTest | undefined;
  #store: EventStore | undefined;
  #category = '';

  constructor(private readonly create: () => Promise<StoreUnderTest>) {
    beforeEach(() => this.#begin());
    afterEach(() => this.#end());
  }

  get store(): EventStore {
    return this.#store!;
  }

  get under(): StoreUnderTest {
    return this.#under!;
  }

  /** A word no other test uses, so that suites can share a log. */
  get category(): string {
    return this.#category;
  }

  stream(name: string | number = 1): string {
    return `${this.#category}-${name}`;
  }

  async restart(): Promise<void> {
    await this.store.close();
    this.#store = await this.under.open();
  }

  /** A position of another log of the same kind. */
  async foreignPosition(append: (store: EventStore) => Promise<Position>): Promise<Position> {
    const other = await this.create();
    const store = await other.open();
    try {
      return await append(store);
    } finally {
      await store.close();
      await other.dispose();
    }
  }

  async #begin(): Promise<void> {
    this.#category = `c${randomUUID().slice(0, 8)}`;
    this.#under = await this.create();
    this.#store = await this.#under.open();
  }

  async #end(): Promise<void> {
    await this.#store?.close();
    await this.#under?.dispose();
  }
}
