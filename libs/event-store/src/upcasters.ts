import type { JsonObject } from '#execution';
import type { AppendResult, EventStore, RecordedEvent, SubscriptionMessage } from './port.ts';
import { UnknownSchemaError } from './errors.ts';

/** One step: what an event of a type looked like at version `from`, told in the words of version `from + 1`. */
export interface Upcaster {
  readonly type: string;
  readonly from: number;
  /** Pure; the event is as written or as the step before left it. Answers the data of the next version. */
  upcast(data: JsonObject, event: RecordedEvent): JsonObject;
}

/** The current schema version of every event type the program knows. */
export type CurrentVersions = Readonly<Record<string, number>>;

/**
 * Brings events of every version ever written to the current one. Built once, from a complete list: a missing step is
 * found when the program starts, not when the old event is read.
 */
export class Upcasters {
  readonly #steps = new Map<string, Upcaster>();

  /** @throws RangeError when a step is missing, doubled, or leads beyond the current version: a bug */
  constructor(
    readonly current: CurrentVersions,
    steps: readonly Upcaster[] = [],
  ) {
    for (const step of steps) this.#add(step);
    for (const [type, version] of Object.entries(current)) this.#mustReach(type, version);
  }

  /**
   * The event as the program knows it. Its hash stays that of the event as written; a type the program does not know
   * stays as it is.
   * @throws UnknownSchemaError when a newer program wrote it
   */
  upcast(event: RecordedEvent): RecordedEvent {
    const current = this.current[event.type];
    if (current === undefined || event.schemaVersion === current) return event;
    if (event.schemaVersion > current) throw new UnknownSchemaError(event, current);
    let upcasted = event;
    while (upcasted.schemaVersion < current) {
      const { type, schemaVersion } = upcasted;
      const data = this.#step(type, schemaVersion).upcast(upcasted.data, upcasted);
      upcasted = { ...upcasted, schemaVersion: schemaVersion + 1, data };
    }
    return upcasted;
  }

  #step(type: string, from: number): Upcaster {
    const step = this.#steps.get(keyOf(type, from));
    if (step === undefined) throw new RangeError(`no upcaster for ${type} from version ${from}`);
    return step;
  }

  #add(step: Upcaster): void {
    const key = keyOf(step.type, step.from);
    if (this.#steps.has(key)) throw new RangeError(`two upcasters for ${key}`);
    if (step.from >= (this.current[step.type] ?? 0)) {
      throw new RangeError(`the upcaster for ${key} leads beyond the current version of its type`);
    }
    this.#steps.set(key, step);
  }

  #mustReach(type: string, current: number): void {
    for (let from = 1; from < current; from += 1) this.#step(type, from);
  }
}

/** The store as a program with these upcasters sees it: what is read is current, what is written is passed on. */
export function withUpcasters(store: EventStore, upcasters: Upcasters): EventStore {
  const all = (events: readonly RecordedEvent[]): RecordedEvent[] => events.map((event) => upcasters.upcast(event));
  return {
    storeId: store.storeId,
    append: async (stream, expected, events): Promise<AppendResult> => {
      const result = await store.append(stream, expected, events);
      return { ...result, events: all(result.events) };
    },
    readStream: async (stream, options) => {
      const slice = await store.readStream(stream, options);
      return { ...slice, events: all(slice.events) };
    },
    readAll: async (after, filter, limit) => {
      const slice = await store.readAll(after, filter, limit);
      return { ...slice, events: all(slice.events) };
    },
    subscribe: (after, filter, signal) => upcasted(store.subscribe(after, filter, signal), upcasters),
    // As written: what was hashed is what is to be judged.
    readTexts: (after, limit) => store.readTexts(after, limit),
    links: () => store.links(),
    head: () => store.head(),
    compare: (a, b) => store.compare(a, b),
    follows: (a, b) => store.follows(a, b),
    selfCheck: (signal) => store.selfCheck(signal),
    textsAt: (stream, revision) => store.textsAt(stream, revision),
    archive: (stream, events, archive) => store.archive(stream, events, archive),
    probe: () => store.probe(),
    close: () => store.close(),
  };
}

function upcasted(
  messages: AsyncIterable<SubscriptionMessage>,
  upcasters: Upcasters,
): AsyncIterable<SubscriptionMessage> {
  const one = (message: SubscriptionMessage): SubscriptionMessage =>
    message.kind === 'event' ? { kind: 'event', event: upcasters.upcast(message.event) } : message;
  return {
    [Symbol.asyncIterator]() {
      const inner = messages[Symbol.asyncIterator]();
      return {
        next: async () => {
          const next = await inner.next();
          return next.done === true ? next : { done: false, value: one(next.value) };
        },
        return: async () => {
          await inner.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

function keyOf(type: string, from: number): string {
  return `${type} from version ${from}`;
}
