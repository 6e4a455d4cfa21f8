import type { Command } from 'commander';
import type { Registry } from './command.ts';

/** `help COMMAND`. Commander's own says nothing of a command that there is not. */
export function registerHelp({ program }: Registry): void {
  program
    .helpCommand(false)
    .command('help')
    .summary('print help of a command')
    .description('Print help, or help of a command.')
    .argument('[command]', 'name of a command')
    .action((name: string | undefined) => {
      const found = name === undefined ? program : named(program, name);
      if (found === undefined) return program.error(`error: unknown command '${name}'`);
      found.outputHelp();
    });
}

const named = (program: Command, name: string): Command | undefined =>
  program.commands.find((command) => command.name() === name || command.aliases().includes(name));
