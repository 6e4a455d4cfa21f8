/** Every way `wfe` ends. `wfe --help` prints this table; scripts decide by it. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'done; or the answer is yes' },
  no: {
    code: 1,
    meaning: 'the answer is no: damage or differences were found, it may not run now, it did not succeed',
  },
  usage: { code: 2, meaning: 'the command line or a file given to it is not as expected; nothing was sent' },
  notFound: { code: 3, meaning: 'there is no such execution, target or file' },
  unreachable: { code: 4, meaning: 'the service cannot be reached, or did not answer in time' },
  refused: { code: 5, meaning: 'the service refused; nothing was changed' },
  serviceFailed: {
    code: 6,
    meaning: 'the service failed, answered something else than expected, or perhaps did what was asked',
  },
  denied: { code: 7, meaning: 'not allowed: credentials are missing, wrong or not sufficient' },
  late: { code: 8, meaning: 'what was waited for did not happen in time' },
  bug: { code: 70, meaning: 'a defect of wfe itself' },
  unwritten: { code: 74, meaning: 'the answer cannot be written: the disk is full, or fails' },
  interrupted: { code: 130, meaning: 'interrupted (Ctrl-C)' },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>;

export type Exit = keyof typeof EXIT_CODES;

/** A command that ends otherwise than well. Everything in it is for people and may be shown. */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    readonly exit: Exit,
    /** What was expected and what was found. */
    message: string,
    readonly more: {
      /** One line each, below the message. */
      readonly details?: readonly string[];
      /** What to do. */
      readonly advice?: string;
      /** Trying again would end the same; otherwise what is no answer may be over in a moment. */
      readonly isLasting?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
  }
}

export function exitCodeTable(): string {
  const rows = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`);
  return ['Exit codes:', ...rows].join('\n');
}
