import type {
  AppendResult,
  EventStore,
  EventTexts,
  ExpectedRevision,
  Link,
  LogFilter,
  LogSlice,
  Position,
  StoreFault,
  StreamSlice,
  SubscriptionMessage,
  TextsSlice,
} from '#event-store';
import { ConcurrencyError, OutcomeUnknownError, UnavailableError } from '#event-store';
import type { NewEvent } from '#execution';
import { appendName } from './names.ts';
import type { SimulatedProcess } from './process.ts';
import { never } from './process.ts';

/** An append takes up to this long. */
const APPEND_MS = 8;
/** One that is carried out late comes within this. */
const LATE_MS = 20_000;
/** The read model sees an event up to this much later, when it lags. */
const LAG_MS = 3_000;

type Options = Parameters<EventStore['readStream']>[1];

/** The log as one process reaches it: it may fail in every way the port allows, and the process may die on the way. */
export class FaultyStore implements EventStore {
  constructor(
    private readonly store: EventStore,
    private readonly process: SimulatedProcess,
  ) {}

  get storeId(): string {
    return this.store.storeId;
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    const name = appendName(events);
    if (!this.process.survives(`before ${name}`)) return never();
    const { timeline, weather } = this.process.around;
    await this.process.within(timeline.sleep(weather.between(0, APPEND_MS)));
    this.refuse(stream, expected, events, name);
    const result = await this.process.within(this.store.append(stream, expected, events));
    this.process.say(
      `${name} ${told(stream)}@${result.revision}${result.repeated ? ' (repeated)' : ''}${whyOf(events)}`,
    );
    if (!this.process.survives(`after ${name}`)) return never();
    if (weather.strikes('store: append done, outcome unknown'))
      throw this.fault(name, new OutcomeUnknownError('simulated: the answer was lost'));
    return result;
  }

  readStream(stream: string, options?: Options): Promise<StreamSlice> {
    return this.read(() => this.store.readStream(stream, options));
  }

  readAll(after: Position, filter?: LogFilter, limit?: number): Promise<LogSlice> {
    return this.read(() => this.store.readAll(after, filter, limit));
  }

  readTexts(after: Position, limit?: number): Promise<TextsSlice> {
    return this.read(() => this.store.readTexts(after, limit));
  }

  async *links(): AsyncGenerator<readonly Link[]> {
    const pages = this.store.links()[Symbol.asyncIterator]();
    for (;;) {
      const page = await this.read(() => pages.next());
      if (page.done === true) return;
      yield page.value;
    }
  }

  selfCheck(signal?: AbortSignal): Promise<readonly StoreFault[]> {
    return this.read(() => this.store.selfCheck(signal));
  }

  head(): Promise<Position> {
    return this.read(() => this.store.head());
  }

  textsAt(stream: string, revision: number): Promise<EventTexts | undefined> {
    return this.read(() => this.store.textsAt(stream, revision));
  }

  async archive(stream: string, events: number, archive: string): Promise<void> {
    if (!this.process.survives('before archive stream')) return never();
    await this.read(() => this.store.archive(stream, events, archive));
    this.process.say(`archives ${told(stream)}: ${events} events in ${archive}`);
    if (!this.process.survives('after archive stream')) return never();
  }

  probe(): Promise<void> {
    return this.read(() => this.store.probe());
  }

  compare(a: Position, b: Position): number {
    return this.store.compare(a, b);
  }

  follows(a: Position, b: Position): boolean | undefined {
    return this.store.follows(a, b);
  }

  async close(): Promise<void> {}

  subscribe(after: Position, filter?: LogFilter, signal?: AbortSignal): AsyncIterable<SubscriptionMessage> {
    return { [Symbol.asyncIterator]: () => this.follow(after, filter, signal) };
  }

  /** Ends with the process: what waits in the store is let go. */
  private follow(after: Position, filter?: LogFilter, signal?: AbortSignal): AsyncIterator<SubscriptionMessage> {
    const messages = this.store.subscribe(after, filter, signal)[Symbol.asyncIterator]();
    const { timeline, weather } = this.process.around;
    const end = (): void => void messages.return?.();
    this.process.onEnd(end);
    return {
      next: async () => {
        const next = await this.process.within(messages.next());
        if (weather.strikes('read model: lags behind the log'))
          await this.process.within(timeline.sleep(weather.between(1, LAG_MS), signal));
        if (!weather.strikes('store: subscription broken')) return next;
        end();
        throw this.fault('subscription', new UnavailableError('simulated: the subscription broke'));
      },
      return: async (value?: unknown) => {
        await messages.return?.(value);
        return { done: true, value: undefined };
      },
    };
  }

  /** What goes wrong before the store sees the append. */
  private refuse(stream: string, expected: ExpectedRevision, events: readonly NewEvent[], name: string): void {
    const { weather } = this.process.around;
    if (weather.isAway('store') || weather.strikes('store: append refused as unavailable'))
      throw this.fault(name, new UnavailableError('simulated: the store cannot write'));
    if (weather.strikes('store: append in conflict'))
      throw this.fault(name, new ConcurrencyError(stream, expected, expected === 'none' ? 0 : 'none'));
    if (weather.strikes('store: append not done, outcome unknown'))
      throw this.fault(name, new OutcomeUnknownError('simulated: no answer came'));
    if (weather.strikes('store: append carried out late')) {
      this.appendLate(stream, expected, events);
      throw this.fault(name, new OutcomeUnknownError('simulated: no answer came yet'));
    }
  }

  /** Also when the process that asked for it is gone by then; the expected revision tells whether it is still wanted. */
  private appendLate(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): void {
    const { timeline, weather, trace } = this.process.around;
    timeline.after(weather.between(1, LATE_MS), () => {
      this.store.append(stream, expected, events).then(
        ({ revision, repeated }) =>
          trace.say('store', `late ${appendName(events)} ${told(stream)}@${revision}${repeated ? ' (repeated)' : ''}`),
        () => undefined, // somebody else was there before
      );
    });
  }

  private async read<T>(read: () => Promise<T>): Promise<T> {
    if (this.process.isDead) return never();
    const { weather } = this.process.around;
    if (weather.isAway('store') || weather.strikes('store: read unavailable'))
      throw this.fault('read', new UnavailableError('simulated: the store cannot be read'));
    return this.process.within(read());
  }

  private fault<E extends Error>(name: string, error: E): E {
    this.process.say(`${name}: ${error.name}`);
    return error;
  }
}

/** The end of a stream's name tells which one it is. */
const told = (stream: string): string => stream.slice(-6);

/** Of an end that is no success: why. */
function whyOf(events: readonly NewEvent[]): string {
  const { failure, skip } = (events.at(-1)?.data ?? {}) as { failure?: Reasoned; skip?: Reasoned };
  const why = failure ?? skip;
  return why === undefined ? '' : `: ${why.reason}, ${why.message}`;
}

interface Reasoned {
  readonly reason?: string;
  readonly message?: string;
}
