import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartupError } from './startup-error.ts';

/** Where a server shall listen, and the key of the configuration that says so. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly key: string;
}

/**
 * Begins to listen; answers the port, which matters when 0 was asked for.
 * @throws StartupError when the address cannot be had
 */
export function listen(server: Server, { host, port, key }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      reject(
        new StartupError(`Expected to listen on ${host}:${port}, found that ${reasonOf(error)}. ${adviceOf(key)}`),
      );
    };
    server.once('error', refuse);
    server.listen({ host, port, backlog: 511 }, () => {
      server.off('error', refuse);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'another process listens there already';
  if (code === 'EACCES') return 'this user may not listen there';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine has no such address';
  return message;
}

const adviceOf = (key: string): string =>
  `Stop the other one, or choose another address with ${key}.host and ${key}.port.`;

const IDLE_CHECK_MS = 50;

/**
 * Stops accepting and waits until the requests in flight are answered, at most `graceMs`; then cuts what is left.
 * Answers how many connections were cut.
 */
export async function drain(server: Server, graceMs: number): Promise<number> {
  if (!server.listening) return 0;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<'overdue'>((resolve) => {
    timer = setTimeout(() => resolve('overdue'), graceMs);
  });
  const end = await Promise.race([closed, overdue]);
  clearInterval(idle);
  clearTimeout(timer);
  if (end !== 'overdue') return 0;
  const left = await new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
  server.closeAllConnections();
  await closed;
  return left;
}
