import { createParser } from 'eventsource-parser';
import type { Api, StreamRequest } from './api.ts';
import type { LogEvent } from './answers.ts';
import { readItemAs } from './read-as.ts';
import { Silence } from './silence.ts';

interface Wanted {
  readonly query: NonNullable<StreamRequest['query']>;
  /** The position to go on after. */
  readonly after: string | undefined;
  readonly signal: AbortSignal;
  /** Silence after which the connection is taken for dead. */
  readonly silenceMs: number;
}

/** What a message of the stream says: where the log is, or what happened there. */
type Heard = { readonly position: string } | { readonly json: string };

const PATH = '/v1/events';
/** An event is at most 256 KiB; its JSON may be escaped. */
const MAX_BUFFER_CHARACTERS = 4 * 1024 * 1024;

/** One connection to the live log. */
export class LogConnection {
  /** Last position that was heard of; also where nothing matched. */
  position: string | undefined;
  isOpen = false;
  /** Something was heard on it. */
  isAlive = false;
  private readonly silence: Silence;

  constructor(
    private readonly api: Api,
    private readonly wanted: Wanted,
  ) {
    this.silence = new Silence(wanted.silenceMs);
  }

  /** The events of the log until it breaks. @throws Failure, and what the connection broke of */
  async *events(): AsyncGenerator<LogEvent> {
    using silence = this.silence;
    const body = await this.open(silence.signal);
    for await (const heard of this.messages(body)) {
      if ('json' in heard) yield this.event(heard.json);
      else this.position = heard.position;
    }
  }

  private async open(silent: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { query, after, signal } = this.wanted;
    const body = await this.api.stream({
      path: PATH,
      query: after === undefined ? query : { ...query, after },
      accept: 'text/event-stream',
      signal: AbortSignal.any([signal, silent]),
    });
    this.isOpen = true;
    this.silence.heard();
    return body;
  }

  /** What arrived is told before more is read, so that the position is never ahead of what was told. */
  private async *messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Heard> {
    const arrived: Heard[] = [];
    const parser = createParser({
      maxBufferSize: MAX_BUFFER_CHARACTERS,
      onComment: () => this.lives(),
      onId: (id) => void (id !== '' && arrived.push({ position: id })),
      onEvent: ({ data }) => void (data !== '' && arrived.push({ json: data })),
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') throw error;
      },
    });
    const decoder = new TextDecoder();
    for await (const bytes of body) {
      this.silence.heard();
      parser.feed(decoder.decode(bytes, { stream: true }));
      yield* arrived.splice(0);
    }
  }

  private event(json: string): LogEvent {
    this.lives();
    return readItemAs('LogPage', JSON.parse(json), this.api.asking(PATH));
  }

  private lives(): void {
    this.isAlive = true;
    this.silence.heard();
  }
}
