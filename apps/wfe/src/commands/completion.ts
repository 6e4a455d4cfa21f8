import complete from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import type { Registry } from './command.ts';
import { BASH_SCRIPT } from './completion-bash.ts';
import { isFileWanted } from './completion-place.ts';

const HOW = `
Examples:
  source <(wfe completion bash)                                     # this shell; zsh likewise, after compinit
  wfe completion bash > ~/.local/share/bash-completion/completions/wfe
  wfe completion zsh > "\${fpath[1]}/_wfe"
  wfe completion fish > ~/.config/fish/completions/wfe.fish
  wfe completion powershell | Out-String | Invoke-Expression`;

type Completed = ReturnType<typeof complete>;
type Suggested = NonNullable<ReturnType<Completed['options']['get']>>;

/** Scripts for shells, and the hidden command they ask. Must be registered after every other command. */
export function registerCompletion({ program, shell }: Registry): void {
  const completed = complete(program, { completionCommandName: 'completion' });
  commandNamed(program, 'completion')
    ?.summary('the completion script of a shell')
    .description('Print the completion script of a shell: bash, zsh, fish or powershell.')
    .addHelpText('after', HOW)
    .action((of: string) => {
      // Also of kubectl wfe: kubectl itself asks kubectl_complete-wfe, and wants no script.
      if (of === 'bash') shell.stdout.write(BASH_SCRIPT);
      else completed.setup('wfe', 'wfe', of);
    });
  describe(program, completed);
  commandNamed(program, 'complete')?.action((words: string[]) => {
    if (isFileWanted(program, words)) shell.stdout.write(FILES);
    else completed.parse([...words]);
  });
}

/** What shells take for: nothing of mine, complete the names of files. */
const FILES = ':0\n';

/** What is suggested beside what the library finds by itself. */
function describe(program: Command, completed: Completed): void {
  for (const command of program.commands) {
    const suggested = completed.commands.get(command.name());
    if (suggested === undefined) continue;
    // A list of suggestions has room for a few words only.
    if (command.summary() !== '') suggested.description = command.summary();
    for (const { long, argChoices = [], description } of command.options)
      if (argChoices.length > 0) suggestChoices(suggested.options.get(long?.slice(2) ?? ''), argChoices, description);
    for (const [name, option] of completed.options)
      // What holds for every command may be said behind it.
      if (name !== 'version' && !suggested.options.has(name)) suggested.options.set(name, option);
  }
  completed.commands.get('help')?.argument('command', (suggest) => {
    for (const [name, { description }] of completed.commands) suggest(name, description);
  });
}

/** Choices with what they are for: some shells show them apart otherwise. */
function suggestChoices(option: Suggested | undefined, choices: readonly string[], description: string): void {
  if (option === undefined) return;
  option.handler = (suggest) => {
    for (const choice of choices) suggest(choice, description);
  };
}

const commandNamed = (program: Command, name: string): Command | undefined =>
  program.commands.find((command) => command.name() === name);
