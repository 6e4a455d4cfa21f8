import { Command, CommanderError } from 'commander';
import type { BuildInfo } from './build-info.ts';
import { StartupError } from './startup-error.ts';

const DEFAULT_CONFIG_PATH = '/etc/workflow-execution/config.yaml';

export interface Arguments {
  readonly configPath: string;
  /** True when somebody named the file: then it must be there. */
  readonly isConfigNamed: boolean;
}

/**
 * What the command line says; undefined when it only asked for help or the version, which was printed.
 * @throws StartupError for options nobody knows
 */
export function readArguments(argv: readonly string[], { version, commit }: BuildInfo): Arguments | undefined {
  const program = new Command('workflow-execution-service')
    .description('Runs Tekton workflows against one target, and records everything before it happens.')
    .version(`${version} (${commit})`, '-V, --version', 'print version and commit')
    .helpOption('-h, --help', 'print this help')
    .option('-c, --config <path>', 'YAML file with the configuration', DEFAULT_CONFIG_PATH)
    .addHelpText(
      'after',
      '\nEvery key can be set by environment too, for example WFE_HTTP_PORT. See docs/operations/configuration.md.',
    )
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new StartupError(`${error.message.replace(/^error: /, '')}. See --help for what is expected.`);
  }
  return {
    configPath: program.opts<{ config: string }>().config,
    isConfigNamed: program.getOptionValueSource('config') === 'cli',
  };
}
