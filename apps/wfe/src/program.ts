import { Command, Help, Option } from 'commander';
import { readBuildInfo } from '../../../src/build-info.ts';
import { registerAt } from './commands/at.ts';
import { registerCancel } from './commands/cancel.ts';
import { durationMs, type Registry } from './commands/command.ts';
import { registerCompletion } from './commands/completion.ts';
import { registerCreate } from './commands/create.ts';
import { registerDiff } from './commands/diff.ts';
import { registerEvents } from './commands/events.ts';
import { registerHelp } from './commands/help.ts';
import { registerHistory } from './commands/history.ts';
import { registerPreflight } from './commands/preflight.ts';
import { registerTasks } from './commands/tasks.ts';
import { registerTargets } from './commands/targets.ts';
import { registerWatch } from './commands/watch.ts';
import { registerWhy } from './commands/why.ts';
import { registerExport } from './commands/export.ts';
import { registerReplay } from './commands/replay.ts';
import { registerVerify } from './commands/verify.ts';
import { registerGet } from './commands/get.ts';
import { registerList } from './commands/list.ts';
import { registerRelease } from './commands/release.ts';
import { registerSync } from './commands/sync.ts';
import { DEFAULT_SERVICE } from './connection/reach.ts';
import { exitCodeTable, type Exit } from './exit-codes.ts';
import { coloursFor } from './render/colours.ts';
import type { Shell } from './shell.ts';

const ABOUT = `Runs Tekton workflows against one target, and answers from the log what happened, who did it and why.

The service is found, in this order: --server; WFE_SERVER; the cluster of the kubeconfig (--kubeconfig,
KUBECONFIG, ~/.kube/config), through whose API server --service is reached with your credentials.

An EXECUTION is named by its id, by the beginning of its id, or by namespace/name of its resource (the newest
of that name); with -n, and where it cannot be an id, by the name alone.
A POINT is a revision, a time (2026-11-20T10:15:00Z, 2026-11-20T10:15), how long ago (5m), or an event, of
which the first counts, with or without a distance: failure-5s, TaskStarted, LockReleased+1m.
A TIME is the same without revisions; an event needs its execution: payment/restart@failure-5s.`;

const SHOWN_FIRST = [
  ...['create', 'get', 'list', 'history', 'tasks', 'watch', 'at', 'diff', 'why', 'cancel', 'release', 'sync'],
  ...['targets', 'preflight', 'events', 'verify', 'export', 'replay', 'completion', 'help'],
];

/** The whole command line. `ended` hears how the command that ran has ended. */
export function createProgram(shell: Shell, ended: (exit: Exit) => void): Command {
  const { version, commit } = readBuildInfo();
  const program = new Command(shell.calledAs)
    .description(ABOUT)
    .version(`${version} (${commit})`, '-V, --version', 'print version and commit')
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', `\n${exitCodeTable()}\n`)
    .exitOverride()
    .configureOutput(output(shell))
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false, visibleCommands: inOrder });
  connectionOptions(program);
  registerAll({ program, shell, ended });
  return program;
}

function registerAll(registry: Registry): void {
  for (const register of [
    ...[
      registerCreate,
      registerGet,
      registerList,
      registerHistory,
      registerTasks,
      registerWatch,
      registerAt,
      registerDiff,
      registerWhy,
    ],
    ...[registerCancel, registerRelease, registerSync, registerTargets, registerPreflight, registerEvents],
    ...[registerVerify, registerExport, registerReplay],
    registerHelp,
    registerCompletion, // last: it looks at all the others
  ])
    register(registry);
}

function connectionOptions(program: Command): void {
  program
    .option('--server <url>', 'address of the service, as in http://localhost:8080 (WFE_SERVER)')
    .option('--token <token>', 'bearer token for --server (WFE_TOKEN); a file keeps it out of the list of processes')
    .option('--token-file <file>', 'file with the bearer token for --server')
    .option('--kubeconfig <file>', 'kubeconfig, instead of the one kubectl would use')
    .option('--context <name>', 'context of the kubeconfig')
    .option(
      '--service <name>',
      `the Service behind the API server: namespace/name[:port] (default: "${DEFAULT_SERVICE}", WFE_SERVICE)`,
    )
    .option('-n, --namespace <name>', 'namespace of the resources meant')
    .addOption(
      new Option('--request-timeout <duration>', 'for one request; streams have none')
        .argParser(durationMs)
        .default(30_000, '30s'),
    )
    .option('--utc', 'show and read times in UTC, not in the zone of this machine')
    .option('--no-color', 'no colours (also: NO_COLOR; FORCE_COLOR wants them everywhere)');
}

function output(shell: Shell) {
  const hasColours = (sink: Shell['stdout']): boolean => coloursFor(sink, shell.env, true).isColorSupported;
  return {
    writeOut: (text: string) => shell.stdout.write(text),
    writeErr: (text: string) => shell.stderr.write(text),
    outputError: (text: string, write: (text: string) => void) =>
      write(
        `${text.replace(/^error: /, 'wfe: ')}  → See ${shell.calledAs} --help, or ${shell.calledAs} help COMMAND.\n`,
      ),
    getOutHasColors: () => hasColours(shell.stdout),
    getErrHasColors: () => hasColours(shell.stderr),
    getOutHelpWidth: () => shell.stdout.columns ?? HELP_WIDTH,
    getErrHelpWidth: () => shell.stderr.columns ?? HELP_WIDTH,
  };
}

const HELP_WIDTH = 110;

/** In the order of a first acquaintance, not of the alphabet. */
function inOrder(this: Help, command: Command): Command[] {
  const place = (each: Command): number => (SHOWN_FIRST.includes(each.name()) ? SHOWN_FIRST.indexOf(each.name()) : 99);
  return Help.prototype.visibleCommands.call(this, command).sort((a, b) => place(a) - place(b));
}
