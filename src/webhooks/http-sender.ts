import { Agent, request } from 'undici';
import type { CloudEvent } from '#audit';
import type { RecordedEvent } from '#event-store';
import type { Clock } from '#kubernetes';
import type { Delivery, WebhookSender } from '#runtime';
import { milliseconds } from '../config/leaf.ts';
import type { WebhookConfig } from '../config/webhooks.ts';
import type { SigningKeys } from './secret.ts';
import { SecretError } from './secret.ts';
import { signatureHeaders } from './signature.ts';

export interface HttpSenderParts {
  readonly keys: () => Promise<SigningKeys>;
  readonly clock: Pick<Clock, 'now'>;
  readonly cloudEvent: (event: RecordedEvent) => CloudEvent;
}

/** What is read of an answer, so that its connection can be used again; nothing of it is kept. */
const ANSWER_BYTES = 64 * 1024;
const CONNECTIONS = 8;

/** Sends events to one receiver: CloudEvents in structured mode, signed, one at a time on each connection. */
export class HttpSender implements WebhookSender {
  private readonly agent: Agent;
  private readonly timeoutMs: number;

  constructor(
    private readonly webhook: Pick<WebhookConfig, 'url' | 'timeout'>,
    private readonly parts: HttpSenderParts,
  ) {
    const timeout = (this.timeoutMs = milliseconds(webhook.timeout));
    this.agent = new Agent({
      ...{ connections: CONNECTIONS, pipelining: 1, maxResponseSize: ANSWER_BYTES },
      ...{ connect: { timeout }, headersTimeout: timeout, bodyTimeout: timeout },
    });
  }

  async send(event: RecordedEvent, signal: AbortSignal): Promise<Delivery> {
    const deadline = AbortSignal.timeout(this.timeoutMs);
    try {
      return await this.posted(event, AbortSignal.any([signal, deadline]));
    } catch (error) {
      if (deadline.aborted) return { kind: 'Failed', error: `no answer within ${this.timeoutMs} ms` };
      return { kind: 'Failed', error: error instanceof SecretError ? error.message : faultOf(error) };
    }
  }

  /** Breaks what is under way. */
  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async posted(event: RecordedEvent, signal: AbortSignal): Promise<Delivery> {
    const body = JSON.stringify(this.parts.cloudEvent(event));
    const signature = signatureHeaders(event.id, this.parts.clock.now(), body, await this.parts.keys());
    const { url, authorization } = addressOf(this.webhook.url);
    const answer = await request(url, {
      ...{ method: 'POST', dispatcher: this.agent, body, signal },
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'user-agent': 'workflow-execution-service',
        ...signature,
        ...(authorization !== undefined && { authorization }),
      },
    });
    // What is left of an answer matters to nobody; the status is the answer.
    await answer.body.dump({ limit: ANSWER_BYTES, signal }).catch(() => undefined);
    return judged(answer.statusCode, answer.headers['retry-after'], this.parts.clock.now());
  }
}

/** Credentials in the address are sent as a header. */
function addressOf(text: string): { readonly url: URL; readonly authorization?: string } {
  const url = new URL(text);
  const { username, password } = url;
  if (username === '' && password === '') return { url };
  [url.username, url.password] = ['', ''];
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function judged(status: number, retryAfter: string | string[] | undefined, nowMs: number): Delivery {
  if (status >= 200 && status < 300) return { kind: 'Delivered' };
  if (status === 410) return { kind: 'Gone', error: 'HTTP 410' };
  if (status >= 300 && status < 400) return { kind: 'Failed', error: `HTTP ${status}; redirects are not followed` };
  const retryAfterMs = retryAfter === undefined ? undefined : waitOf(String(retryAfter), nowMs);
  return { kind: 'Failed', error: `HTTP ${status}`, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Retry-After is a number of seconds or a date. */
function waitOf(text: string, nowMs: number): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/** The code and no more: messages may repeat the address. */
function faultOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return `the request failed (${typeof code === 'string' ? code : String(name)})`;
}
