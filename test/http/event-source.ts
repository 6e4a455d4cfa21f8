import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createParser } from 'eventsource-parser';
import type { EventSourceMessage } from 'eventsource-parser';
import { within } from '../support/within.ts';

/** A client of server-sent events that reads only while it is told to. */
export class EventSourceClient {
  readonly events: EventSourceMessage[] = [];
  readonly comments: string[] = [];
  retryMs: number | undefined;
  /** Resolves when the server ended the answer or the connection broke. */
  readonly closed: Promise<void>;
  private text = '';

  private constructor(readonly message: IncomingMessage) {
    const parser = createParser({
      onEvent: (event) => this.events.push(event),
      onRetry: (ms) => (this.retryMs = ms),
      onComment: (comment) => this.comments.push(comment),
    });
    message.setEncoding('utf8');
    this.closed = new Promise((resolve) => message.once('close', resolve));
    message.on('error', () => undefined);
    this.feed = (text) => {
      this.text += text;
      if (message.statusCode === 200) parser.feed(text);
    };
  }

  private readonly feed: (text: string) => void;

  static connect(url: string, headers: Record<string, string> = {}): Promise<EventSourceClient> {
    const answered = new Promise<EventSourceClient>((resolve, reject) => {
      const sent = { headers: { accept: 'text/event-stream', ...headers }, agent: false };
      httpRequest(url, sent, (message) => resolve(new EventSourceClient(message)))
        .on('error', reject)
        .end();
    });
    return within('an answer', answered);
  }

  /** Takes what comes, from now on. */
  read(): this {
    this.message.on('data', this.feed);
    return this;
  }

  /** Everything that came, also of an answer that is no stream. */
  async body(): Promise<string> {
    this.read();
    await within('the end of the answer', this.closed);
    return this.text;
  }

  get ids(): (string | undefined)[] {
    return this.events.map(({ id }) => id);
  }

  close(): void {
    this.message.destroy();
  }
}
