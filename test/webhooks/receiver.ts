import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Message {
  readonly id: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answering = (message: Message, response: ServerResponse) => void;

/** A receiver of webhooks on this machine, as docs/reference/webhooks.md tells people to write one. */
export class HttpReceiver {
  readonly messages: Message[] = [];
  answering: Answering = (_, response) => response.writeHead(204).end();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(): Promise<HttpReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const receiver = new HttpReceiver(server, `http://127.0.0.1:${port}/hook`);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void receiver.take(request, response));
    return receiver;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const message = { id: String(request.headers['webhook-id']), headers: request.headers, body };
    this.messages.push(message);
    this.answering(message, response);
  }
}

const TOLERANCE_SECONDS = 5 * 60;

/** The snippet of docs/reference/webhooks.md; a test holds the two together. */
// docs: begin
export function isGenuine(headers: IncomingMessage['headers'], body: string, secret: string): boolean {
  const id = String(headers['webhook-id']);
  const timestamp = String(headers['webhook-timestamp']);
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < TOLERANCE_SECONDS)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice(3), 'base64'))
    .some((found) => found.length === expected.length && timingSafeEqual(found, expected));
}
// docs: end
