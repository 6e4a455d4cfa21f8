import { setTimeout as delay } from 'node:timers/promises';
import { readArguments } from './arguments.ts';
import { readBuildInfo } from './build-info.ts';
import { effectiveConfig } from './config/effective.ts';
import { readConfig } from './config/read-config.ts';
import { readConfigFile } from './config/source.ts';
import type { Environment } from './config/source.ts';
import { createLog } from './logging/log.ts';
import type { Log } from './logging/log.ts';
import type { RunningService } from './running-service.ts';
import { StartupError } from './startup-error.ts';
import type { Assemble } from './wiring/assemble.ts';

/**
 * The process from its first to its last instruction: reads the configuration, starts, waits for a signal, stops.
 * Resolves to the exit code. A second signal exits at once.
 */
export async function runService(
  argv: readonly string[],
  environment: Environment,
  assemble: Assemble,
): Promise<number> {
  try {
    return await run(argv, environment, assemble);
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    return 1;
  }
}

/** What a person reads when nothing was started. What nobody foresaw is a bug, and its stack is in the log. */
function sentenceOf(error: unknown): string {
  if (error instanceof StartupError) return error.message;
  const text = error instanceof Error ? error.message : String(error);
  return `The service could not start, for a reason it does not know: ${text}. The log says where; please report it.`;
}

async function run(argv: readonly string[], environment: Environment, assemble: Assemble): Promise<number> {
  const build = readBuildInfo();
  const asked = readArguments(argv, build);
  if (asked === undefined) return 0;
  const config = readConfig(readConfigFile(asked.configPath, asked.isConfigNamed), environment);
  const log = createLog(config.log.level);
  log.info({ ...build, node: process.version, config: effectiveConfig(config) }, 'starting');
  stopOnBugs(log);
  // Nest takes half a second to load; help and a wrong configuration need not wait for it.
  const { RunningService } = await import('./running-service.ts');
  const service = new RunningService(config, build, log);
  const signalled = nextSignal();
  const graceMs = config.shutdown.graceSeconds * 1000;
  try {
    const ports = await Promise.race([service.start(assemble), signalled]);
    if (typeof ports !== 'string') {
      log.info({ ports }, 'started');
      await signalled;
    }
  } catch (error) {
    if (!(error instanceof StartupError)) log.fatal({ err: error }, 'the start failed');
    await stopped(service, graceMs, log);
    throw error;
  }
  process.once('SIGTERM', exitNow).once('SIGINT', exitNow);
  log.info({ signal: await signalled }, 'stopping');
  return stopped(service, graceMs, log);
}

/** A bug that nobody caught: what is in memory can no longer be trusted. The log of events is what the next start begins from. */
function stopOnBugs(log: Log): void {
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ err: error, origin }, 'stopping because of a bug');
    process.exit(1);
  });
}

const nextSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });

function exitNow(): void {
  process.exit(1);
}

/** Exit code of stopping: 0, or 1 when something did not let go in time. The log of events makes both safe. */
async function stopped(service: RunningService, graceMs: number, log: Log): Promise<number> {
  const patience = new AbortController();
  const late = delay(graceMs, 'late' as const, { signal: patience.signal, ref: false });
  try {
    if ((await Promise.race([service.stop(), late])) === 'late') {
      log.error({ graceMs }, 'stopping took too long; leaving the rest to the log of events');
      return 1;
    }
    log.info({}, 'stopped');
    return 0;
  } catch (error) {
    log.error({ err: error }, 'stopping failed; leaving the rest to the log of events');
    return 1;
  } finally {
    patience.abort();
    late.catch(() => undefined);
  }
}
