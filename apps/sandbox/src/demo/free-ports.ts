import { createServer } from 'node:net';

/**
 * Looks before anything is started: another service on one of these ports would answer in place of ours, and take the
 * examples.
 * @throws Error that names the port and its option
 */
export async function requireFreePorts(ports: Readonly<Record<string, number>>): Promise<void> {
  for (const [option, port] of Object.entries(ports)) {
    const problem = await problemOf(port);
    if (problem === 'EADDRINUSE')
      throw new Error(
        `expected to listen on 127.0.0.1:${port}, which is in use: stop what listens there, or choose another port with ${option}`,
      );
    if (problem !== undefined)
      throw new Error(`expected to listen on 127.0.0.1:${port}, found ${problem}: choose another port with ${option}`);
  }
}

/** The code of the error that listening on it would meet. */
function problemOf(port: number): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)));
  });
}
