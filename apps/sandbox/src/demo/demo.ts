import pc from 'picocolors';
import type { Arguments } from '../arguments.ts';
import { SandboxCluster } from '../sandbox-cluster.ts';
import { createExamples, follow } from './examples.ts';
import { requireFreePorts } from './free-ports.ts';
import { ServiceChild } from './service-child.ts';
import { ServiceClient } from './service-client.ts';

export interface DemoOptions extends Arguments {
  /** Folder of the simulated cluster's objects. */
  readonly objects: string;
}

const READY_TIMEOUT_MS = 60_000;
const EXAMPLE_TIMEOUT_MS = 120_000;
const LOOK_MS = 100;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * The sandbox and the service, two example executions, then the URLs until a signal comes.
 * @returns the exit code: 0, or 1 when something could not start or an example did not complete
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const signalled = nextSignal();
  let cluster: SandboxCluster | undefined;
  let service: ServiceChild | undefined;
  try {
    await requireFreePorts(portsOf(options));
    cluster = await SandboxCluster.start({ dataFolder: options.objects, port: options.apiPort, speed: options.speed });
    print(pc.dim('This is a sandbox: it simulates a cluster and Tekton. Nothing is really executed.'));
    service = startService(options, cluster.url);
    const client = new ServiceClient(`http://127.0.0.1:${options.httpPort}`, `http://127.0.0.1:${options.healthPort}`);
    if ((await Promise.race([ready(client, service), signalled])) === 'signal') return 0;
    return await show(options, client, cluster, service, signalled);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    await service?.stop();
    await cluster?.stop();
  }
}

async function show(
  options: DemoOptions,
  client: ServiceClient,
  cluster: SandboxCluster,
  service: ServiceChild,
  signalled: Promise<'signal'>,
): Promise<number> {
  const examples = await createExamples(client, cluster.connection, Date.now().toString(36));
  const following = Promise.all(examples.map((example) => follow(client, example, print, EXAMPLE_TIMEOUT_MS)));
  const outcome = await Promise.race([following, signalled, service.ended().then(() => 'ended' as const)]);
  if (outcome === 'signal') return 0;
  if (outcome === 'ended') throw new Error(`the service ended unexpectedly; its log is ${service.logFile}`);
  const exitCode = outcome.every((completed) => completed) ? 0 : 1;
  if (options.once) {
    print(exitCode === 0 ? pc.green('Both examples completed.') : pc.red('Not every example completed.'));
    return exitCode;
  }
  print(invitation(options, cluster.url, service.logFile));
  const end = await Promise.race([signalled, service.ended().then(() => 'ended' as const)]);
  if (end === 'ended') throw new Error(`the service ended unexpectedly; its log is ${service.logFile}`);
  return 0;
}

const portsOf = ({ apiPort, httpPort, healthPort, metricsPort }: DemoOptions): Readonly<Record<string, number>> => ({
  '--api-port': apiPort,
  '--http-port': httpPort,
  '--health-port': healthPort,
  '--metrics-port': metricsPort,
});

function startService({ data, httpPort, healthPort, metricsPort }: DemoOptions, clusterUrl: string): ServiceChild {
  const ports = { http: httpPort, health: healthPort, metrics: metricsPort };
  return new ServiceChild({ dataFolder: data, clusterUrl, ports });
}

async function ready(client: ServiceClient, service: ServiceChild): Promise<void> {
  const endMs = Date.now() + READY_TIMEOUT_MS;
  while (!(await client.isReady())) {
    if (service.hasEnded) throw new Error(`the service did not start; its log is ${service.logFile}`);
    if (Date.now() > endMs)
      throw new Error(`the service was not ready after ${READY_TIMEOUT_MS / 1000} s; its log is ${service.logFile}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function invitation({ httpPort, healthPort, metricsPort }: DemoOptions, clusterUrl: string, logFile: string): string {
  const at = (port: number, path = ''): string => pc.cyan(`http://127.0.0.1:${port}${path}`);
  return [
    '',
    `REST         ${at(httpPort, '/v1/executions')}   docs ${at(httpPort, '/docs')}`,
    `health       ${at(healthPort, '/readyz')}   metrics ${at(metricsPort, '/metrics')}`,
    `Kubernetes   ${pc.cyan(clusterUrl)}   (simulated)`,
    `             kubectl --server ${clusterUrl} apply -f examples/echo.yaml`,
    `             kubectl --server ${clusterUrl} get wfe`,
    `service log  ${logFile}`,
    pc.dim('Ctrl-C stops both; the next start goes on with the same log.'),
  ].join('\n');
}

const nextSignal = (): Promise<'signal'> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('signal'));
  });
