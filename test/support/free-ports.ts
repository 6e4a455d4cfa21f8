import { createServer } from 'node:net';
import { threadId } from 'node:worker_threads';

/**
 * Below the ports that systems hand out by themselves (from 32768 on Linux, 49152 elsewhere): there, any connection that is
 * made in between may be given the one that was free a moment ago.
 */
const RANGE = { first: 20_000, last: 31_999 };
/** Suites run in threads, and each thread looks in a part of its own. */
const PART = 500;
const PARTS = (RANGE.last + 1 - RANGE.first) / PART;

const first = RANGE.first + (threadId % PARTS) * PART;
/** Suites of one thread come one after the other; those of another process begin elsewhere. */
let looked = process.pid * 17 + (Date.now() % PART);

/** Ports that are free on loopback, and are given to nobody else here soon. @throws Error when there are none */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries += 1) {
    if (tries === PART) throw new Error(`expected ${count} free ports from ${first} on; found ${ports.length}`);
    looked += 1;
    const port = first + (looked % PART);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
