import { within } from '../../../../test/support/within.ts';
import type { Json, TestServer } from './server.ts';

export interface TestEvent {
  readonly type: string;
  readonly object: Json;
}

const LIMIT_MS = 5_000;

/** An open watch, read event by event. */
export class TestWatch {
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #controller: AbortController;
  #rest = '';

  private constructor(reader: ReadableStreamDefaultReader<string>, controller: AbortController) {
    this.#reader = reader;
    this.#controller = controller;
  }

  static async open(server: TestServer, path: string, headers: Record<string, string> = {}): Promise<TestWatch> {
    const controller = new AbortController();
    const response = await fetch(server.url + path, { headers, signal: controller.signal });
    if (response.status !== 200 || !response.body) throw new Error(`watch ${path} was answered ${response.status}`);
    return new TestWatch(response.body.pipeThrough(new TextDecoderStream()).getReader(), controller);
  }

  /** @throws when the watch ended or broke, or nothing came */
  async next(limitMs = LIMIT_MS): Promise<TestEvent> {
    const event = await this.nextOrEnd(limitMs);
    if (event === undefined) throw new Error('the server ended the watch');
    return event;
  }

  /** The next event, or undefined when the server ended the watch cleanly. */
  async nextOrEnd(limitMs = LIMIT_MS): Promise<TestEvent | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return JSON.parse(line) as TestEvent;
      }
      const { done, value } = await within('the next event', this.#reader.read(), limitMs);
      if (done) return undefined;
      this.#rest += value;
    }
  }

  async take(count: number): Promise<TestEvent[]> {
    const events: TestEvent[] = [];
    while (events.length < count) events.push(await this.next());
    return events;
  }

  close(): void {
    this.#controller.abort();
  }
}

/** "ADDED a" for an event. */
export function brief({ type, object }: TestEvent): string {
  return `${type} ${type === 'ERROR' ? object.code : object.metadata.name}`;
}
