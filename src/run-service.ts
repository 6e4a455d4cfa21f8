import { setTimeout as delay } from 'node:timers/promises';
import { readArguments } from './arguments.ts';
import { readBuildInfo } from './build-info.ts';
import { effectiveConfig } from './config/effective.ts';
import { readConfig } from './config/read-config.ts';
import { readConfigFile } from './config/source.ts';
import type { Environment } from './config/source.ts';
import { createLog } from './logging/log.ts';
import type { Log } from './logging/log.ts';
import { RunningService } from './running-service.ts';
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
    if (!(error instanceof StartupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function run(argv: readonly string[], environment: Environment, assemble: Assemble): Promise<number> {
  const build = readBuildInfo();
  const asked = readArguments(argv, build);
  if (asked === undefined) return 0;
  const config = readConfig(readConfigFile(asked.configPath, asked.isConfigNamed), environment);
  const log = createLog(config.log.level);
  log.info({ ...build, node: process.version, config: effectiveConfig(config) }, 'starting');
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
    await stopped(service, graceMs, log);
    throw error;
  }
  process.once('SIGTERM', exitNow).once('SIGINT', exitNow);
  log.info({ signal: await signalled }, 'stopping');
  return stopped(service, graceMs, log);
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
