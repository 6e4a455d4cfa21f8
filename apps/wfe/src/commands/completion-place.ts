import type { Argument, Command, Option } from 'commander';

/** Whether the last of the words, which is being typed, is the name of a file. */
export function isFileWanted(program: Command, words: readonly string[]): boolean {
  const before = words.slice(0, -1);
  const [begun = '', value] = (words.at(-1) ?? '').split('=', 2);
  const place = placeAfter(program, before);
  if (begun.startsWith('-')) return value !== undefined && isOfFile(takingValue(place.command, program, begun));
  return isOfFile(place.expected);
}

interface Place {
  readonly command: Command;
  /** The option whose value comes next, or the argument. */
  readonly expected: Option | Argument | undefined;
}

function placeAfter(program: Command, words: readonly string[]): Place {
  let command = program;
  let operands = 0;
  let option: Option | undefined;
  for (const word of words) {
    if (option !== undefined) option = undefined;
    else if (word.startsWith('-')) option = takingValue(command, program, word);
    else if (command === program) command = named(program, word) ?? program;
    else operands += 1;
  }
  return { command, expected: option ?? command.registeredArguments[operands] };
}

/** The option of that name, if a value follows it. */
const takingValue = (command: Command, program: Command, name: string): Option | undefined =>
  [...command.options, ...program.options].find(
    (option) => (option.short === name || option.long === name) && (option.required || option.optional),
  );

const named = (program: Command, word: string): Command | undefined =>
  program.commands.find((command) => command.name() === word || command.aliases().includes(word));

/** By what the help calls it. */
function isOfFile(expected: Option | Argument | undefined): boolean {
  if (expected === undefined) return false;
  return 'flags' in expected ? expected.flags.endsWith('<file>') : expected.name() === 'file';
}
