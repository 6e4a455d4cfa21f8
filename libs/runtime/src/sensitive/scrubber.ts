import { formsOf, SHORT } from './forms.ts';

/** Takes what may not be told out of texts that others wrote. */
export interface Scrubber {
  readonly scrub: (text: string) => string;
}

/** For an execution that has nothing to hide. */
export const OPEN: Scrubber = { scrub: (text) => text };

/** What a text may hold cannot be told, so none is told. */
const closed = (why: string): Scrubber => ({
  scrub: (text) => (text === '' ? '' : `[not told: it may hold a sensitive value, and ${why}]`),
});

/** For an execution whose values cannot be read (any more). */
export const CLOSED = closed('those of this execution cannot be read any more');

/** Forms looked for at most: each costs a look through every text. */
const MAX_FORMS = 20_000;
const TOO_MANY = closed('those of this execution have too many lines to be looked for');

/** Hides these values, by name, in all their forms, also where a limit has cut one short. */
export function scrubberOf(values: Iterable<readonly [name: string, value: string]>): Scrubber {
  const hidden = [...values].filter(([, value]) => value.trim() !== '').map(([name, value]) => formsFor(name, value));
  if (hidden.length === 0) return OPEN;
  const long = hidden.flatMap(({ mark, forms }) => forms.map((form) => ({ mark, form })));
  if (long.length > MAX_FORMS) return TOO_MANY;
  long.sort((a, b) => b.form.length - a.form.length);
  const short = hidden.flatMap(({ mark, alone }) => (alone === undefined ? [] : [{ mark, alone }]));
  return { scrub: (text) => scrubbed(text, long, short) };
}

/** Each in turn. */
export const scrubbers = (...all: readonly Scrubber[]): Scrubber => ({
  scrub: (text) => all.reduce((left, { scrub }) => scrub(left), text),
});

const SYNTAX = /[$()*+./?[\\\]^{|}]/g;

interface Hidden {
  readonly mark: string;
  readonly form: string;
}

interface HiddenAlone {
  readonly mark: string;
  readonly alone: RegExp;
}

function formsFor(name: string, value: string) {
  const trimmed = value.trim();
  const alone =
    trimmed.length < SHORT
      ? new RegExp(String.raw`(?<![\p{L}\p{N}])${trimmed.replace(SYNTAX, String.raw`\$&`)}(?![\p{L}\p{N}])`, 'gu')
      : undefined;
  return { mark: `[redacted ${name}]`, forms: formsOf(value), alone };
}

/** Either text as it was given, or a mark: a mark is not looked through again. */
interface Piece {
  readonly text: string;
  readonly isMark: boolean;
}

function scrubbed(text: string, long: readonly Hidden[], short: readonly HiddenAlone[]): string {
  const whole: readonly Piece[] = [{ text, isMark: false }];
  const found = long.reduce((pieces, hidden) => inText(pieces, (piece) => without(piece, hidden)), whole);
  const uncut = inText(found, (piece) => withoutCuts(piece, long));
  const rest = inText(uncut, (piece) => [{ text: short.reduce(withoutAlone, piece), isMark: false }]);
  return rest.map((piece) => piece.text).join('');
}

const inText = (pieces: readonly Piece[], look: (text: string) => readonly Piece[]): readonly Piece[] =>
  pieces.flatMap((piece) => (piece.isMark ? [piece] : look(piece.text)));

const withoutAlone = (text: string, { alone, mark }: HiddenAlone): string => text.replace(alone, () => mark);

function without(text: string, { form, mark }: Hidden): readonly Piece[] {
  if (!text.includes(form)) return [{ text, isMark: false }];
  return text
    .split(form)
    .flatMap((between, index) => [
      ...(index === 0 ? [] : [{ text: mark, isMark: true }]),
      { text: between, isMark: false },
    ]);
}

/** Where a text was cut: at its ends, and around an ellipsis. Quotes may have been put around what was left. */
const CUT = /["'`\\\s]*(?:…|\.{3}|$)|(?:^|…|\.{3})["'`\\\s]*/g;

/** The beginning of a value before a cut, and its end after one. */
function withoutCuts(text: string, long: readonly Hidden[]): readonly Piece[] {
  const cuts = [...text.matchAll(CUT)].map((cut) => ({ from: cut.index, to: cut.index + cut[0].length }));
  for (const { from, to } of cuts)
    for (const { form, mark } of long) {
      const before = beginningBefore(text, from, form);
      if (before > 0) return spliced(text, from - before, from, mark, long);
      const after = endAfter(text, to, form);
      if (after > 0) return spliced(text, to, to + after, mark, long);
    }
  return [{ text, isMark: false }];
}

const spliced = (text: string, from: number, to: number, mark: string, long: readonly Hidden[]): readonly Piece[] => [
  ...withoutCuts(text.slice(0, from), long),
  { text: mark, isMark: true },
  ...withoutCuts(text.slice(to), long),
];

/** How many characters before a place are the beginning of the form; 0 when there are too few to tell. */
function beginningBefore(text: string, at: number, form: string): number {
  if (!text.includes(form.slice(0, SHORT))) return 0;
  for (let length = Math.min(at, form.length); length >= SHORT; length -= 1)
    if (text.startsWith(form.slice(0, length), at - length)) return length;
  return 0;
}

function endAfter(text: string, at: number, form: string): number {
  if (!text.includes(form.slice(-SHORT))) return 0;
  for (let length = Math.min(text.length - at, form.length); length >= SHORT; length -= 1)
    if (text.startsWith(form.slice(-length), at)) return length;
  return 0;
}
