import complete from '@bomb.sh/tab/commander';
import type { Registry } from './command.ts';

const HOW = `
Examples:
  source <(wfe completion bash)                                     # this shell
  wfe completion bash > ~/.local/share/bash-completion/completions/wfe
  wfe completion zsh > "\${fpath[1]}/_wfe"
  wfe completion fish > ~/.config/fish/completions/wfe.fish
  wfe completion powershell | Out-String | Invoke-Expression`;

/** Scripts for shells, and the hidden command they ask. Must be registered after every other command. */
export function registerCompletion({ program }: Registry): void {
  const completed = complete(program, { completionCommandName: 'completion' });
  // A list of suggestions has room for a few words only.
  for (const command of program.commands) {
    const suggestion = completed.commands.get(command.name());
    if (suggestion !== undefined && command.summary() !== '') suggestion.description = command.summary();
  }
  program.commands
    .find((command) => command.name() === 'completion')
    ?.description('print the completion script of a shell: bash, zsh, fish or powershell')
    .addHelpText('after', HOW);
}
