import { Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '#execution';
import { Failure, type Exit } from '../exit-codes.ts';
import { clean } from '../render/clean.ts';
import { toJson, toYaml } from '../render/structured.ts';
import { inSession, type GlobalOptions, type Session } from '../session.ts';
import type { Shell } from '../shell.ts';

/** How a command says how it ended; nothing is `ok`. */
export type Ending = Exit | void;

/** What a command needs to join the program. */
export interface Registry {
  readonly program: Command;
  readonly shell: Shell;
  /** Called with how the command that ran has ended. */
  readonly ended: (exit: Exit) => void;
}

/** Lets a command do its work in a session of its own. */
export function acting<Options extends object>(
  { shell, ended }: Registry,
  command: Command,
  work: (session: Session, options: Options & GlobalOptions, args: readonly string[]) => Promise<Ending>,
): void {
  command.action(async () => {
    const options = command.optsWithGlobals<Options & GlobalOptions>();
    ended(
      (await inSession(shell, options, (session) => work(session, options, command.processedArgs as string[]))) ?? 'ok',
    );
  });
}

/** Forms in which a machine, or a person in a hurry, may want the answer. */
export type Form = 'table' | 'wide' | 'json' | 'yaml' | 'name';

export function outputOption(...forms: readonly Form[]): Option {
  return new Option('-o, --output <form>', 'form of the answer; json and yaml are what the API answered')
    .choices(forms)
    .default('table' satisfies Form);
}

/** Prints the answer: as it came for machines, or as `people` says. */
export function print(
  { shell }: Session,
  form: Form,
  answer: unknown,
  people: { readonly text: () => string; readonly names?: () => readonly string[] },
): void {
  switch (form) {
    case 'json':
      return shell.stdout.write(toJson(answer));
    case 'yaml':
      return shell.stdout.write(toYaml(answer));
    case 'name':
      return shell.stdout.write((people.names?.() ?? []).map((name) => `${clean(name)}\n`).join(''));
    default:
      return shell.stdout.write(people.text());
  }
}

/** A remark for people, beside the answer. */
export function remark({ shell, notes }: Session, text: string): void {
  shell.stderr.write(`${notes.colours.dim(text)}\n`);
}

/** For options: a whole number between two limits. */
export const numberFrom =
  (least: number, most: number) =>
  (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
  };

/** For options: a duration as in 30s, in milliseconds. */
export function durationMs(text: string): number {
  const found = parseDuration(text);
  if (found !== undefined && found > 0 && found <= MAX_DURATION_MS) return found;
  throw new InvalidArgumentError('expected a duration as in 30s, 5m or 1h, of at most 24h.');
}

/** A timer cannot be set for longer than 24 days; nobody waits longer than one. */
const MAX_DURATION_MS = 24 * 3_600_000;

/** For options that may be given several times. */
export const collected = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** The fields that are there: what the API's query types want. */
export function present<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

export const usage = (message: string, advice?: string): Failure =>
  new Failure('usage', message, advice === undefined ? {} : { advice });

/** Says when an answer comes from a read model that is being rebuilt. */
export function remarkRebuilding(session: Session, answer: object): void {
  const { rebuilding } = answer as { readonly rebuilding?: { readonly events: number; readonly of: number } };
  if (rebuilding === undefined) return;
  const { events, of } = rebuilding;
  remark(session, `The read model is being rebuilt (${events} of ${of} events): what is shown may be a little old.`);
}
