import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventSourceClient } from '../http/event-source.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { HttpReceiver } from '../webhooks/receiver.ts';
import type { Place } from './planted.ts';
import { placeOf } from './planted.ts';

const STREAMS = ['json', 'cloudevents'] as const;

/** Everybody who is told events as they happen: a receiver of a webhook, and a client of each kind of stream. */
export class Listeners {
  private readonly streams = new Map<string, EventSourceClient>();

  private constructor(private readonly receiver: HttpReceiver) {}

  static async open(): Promise<Listeners> {
    return new Listeners(await HttpReceiver.open());
  }

  /**
   * The webhook as it is configured. Its address has a password and a token, and both are secrets like any other.
   * @param key at least 24 characters that nobody but the receiver may know
   */
  webhook(service: ServiceProcess, secret: string, key: string): object {
    const secretFile = join(service.folder, 'webhook-secret');
    writeFileSync(secretFile, `whsec_${Buffer.from(key).toString('base64')}`);
    const url = new URL(this.receiver.url);
    [url.username, url.password] = ['app', secret];
    url.searchParams.set('token', secret);
    return { name: 'listener', url: url.href, secretFile, begin: 'start' };
  }

  /** From the beginning of the log, and live from then on. */
  async listen(service: ServiceProcess): Promise<void> {
    for (const format of STREAMS) {
      const url = `${service.url}/v1/events?after=start&format=${format}`;
      this.streams.set(format, (await EventSourceClient.connect(url)).read());
    }
  }

  /** Waits until each of them was told these events. */
  async heard(eventIds: readonly string[]): Promise<void> {
    await until('every listener to be told all', () =>
      this.places().every(({ bytes }) => eventIds.every((id) => bytes.includes(id))),
    );
  }

  /** All that they were told. What the service proves itself with to the receiver is for the receiver. */
  places(): readonly Place[] {
    const messages = this.receiver.messages.map(({ headers: { authorization, ...headers }, body }) => {
      void authorization;
      return { headers, body };
    });
    const streams = [...this.streams].map(([format, { events }]) => placeOf(`stream, ${format}`, events));
    return [placeOf('webhook', messages), ...streams];
  }

  hangUp(): void {
    for (const stream of this.streams.values()) stream.close();
  }

  async close(): Promise<void> {
    this.hangUp();
    await this.receiver.close();
  }
}
