import { Command, InvalidArgumentError } from 'commander';

export interface Arguments {
  readonly once: boolean;
  readonly scenarios: boolean;
  readonly data: string;
  readonly apiPort: number;
  readonly httpPort: number;
  readonly healthPort: number;
  readonly metricsPort: number;
  readonly speed: number;
}

/** What was asked on the command line. Prints help and ends the process when asked to, or when the words are wrong. */
export function readArguments(argv: readonly string[]): Arguments {
  return new Command('npm start --')
    .description('A simulated cluster on this machine, and the service at work on it. Nothing is really executed.')
    .option('--once', 'run the two examples and end: exit code 0 when both completed', false)
    .option('--scenarios', 'list what the scripted Tekton can play, and end', false)
    .option('--data <folder>', 'where the log and the objects are kept', './data')
    .option('--api-port <port>', 'port of the simulated Kubernetes API', port, 8090)
    .option('--http-port <port>', "port of the service's REST", port, 8080)
    .option('--health-port <port>', 'port of /healthz and /readyz', port, 8081)
    .option('--metrics-port <port>', 'port of /metrics', port, 9090)
    .option('--speed <factor>', 'how many times faster than recorded runs are played', factor, 1)
    .parse(['node', 'sandbox', ...argv])
    .opts<Arguments>();
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError('expected a port from 1 to 65535');
  return value;
}

function factor(text: string): number {
  const value = Number(text);
  if (!(value >= 0.1 && value <= 100)) throw new InvalidArgumentError('expected a number from 0.1 to 100');
  return value;
}
