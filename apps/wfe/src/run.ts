import { CommanderError } from 'commander';
import { Failure, type Exit } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { coloursFor } from './render/colours.ts';
import { clean } from './render/clean.ts';
import type { Shell } from './shell.ts';

/** Runs one command line to its end. What went wrong is on stderr by then. Never throws. */
export async function run(args: readonly string[], shell: Shell): Promise<Exit> {
  let exit: Exit = 'ok';
  const program = createProgram(shell, (ended) => (exit = ended));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 'ok' : 'usage';
    if (shell.signal.aborted) return 'interrupted';
    tell(shell, error, !args.includes('--no-color'));
    return error instanceof Failure ? error.exit : 'bug';
  }
}

function tell(shell: Shell, error: unknown, isColourAllowed: boolean): void {
  const colours = coloursFor(shell.stderr, shell.env, isColourAllowed);
  const say = (text: string): void => shell.stderr.write(`${text}\n`);
  if (!(error instanceof Failure)) {
    say(
      `${colours.red('wfe: a defect of wfe')}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return;
  }
  say(`${colours.red('wfe:')} ${clean(error.message)}`);
  for (const line of error.more.details ?? []) say(`  ${line}`);
  if (error.more.advice !== undefined) say(`  ${colours.dim(`→ ${error.more.advice}`)}`);
}
