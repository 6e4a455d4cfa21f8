/** One command of a guide and the output the guide shows for it. */
export interface Step {
  readonly command: string;
  readonly shown: readonly string[];
  /** Line of the command in the file, counted from 1. */
  readonly line: number;
}

const FENCE = /^```/;
const CONSOLE = /^```console$/;
const PROMPT = /^\$ (.*)$/;
const CONTINUED = /^> (.*)$/;

/** The commands of every `console` block, with their outputs. A line that begins with `> ` continues its command. */
export function stepsOf(markdown: string): readonly Step[] {
  const steps: { command: string; shown: string[]; line: number }[] = [];
  let isInside = false;
  markdown.split('\n').forEach((text, index) => {
    if (!isInside) {
      isInside = CONSOLE.test(text);
      return;
    }
    if (FENCE.test(text)) {
      isInside = false;
      return;
    }
    const command = PROMPT.exec(text)?.[1];
    const more = CONTINUED.exec(text)?.[1];
    const last = steps.at(-1);
    if (command !== undefined) steps.push({ command, shown: [], line: index + 1 });
    else if (last === undefined) throw new Error(`line ${index + 1}: expected a command first, found ${text}`);
    else if (more !== undefined && last.shown.length === 0) last.command += `\n${more}`;
    else last.shown.push(text);
  });
  return steps;
}

/** What differs from one run to the next, by a name each. The first that fits counts. */
const VARIABLE: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<id>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}\b/g, '<id>'],
  [/\b[0-9a-f]{64}\b/g, '<hash>'],
  [/\bs1:[0-9a-f]{12}:\d+\b/g, '<position>'],
  [/\b[0-9a-f]{8,40}(?=…)/g, '<hash>'],
  [/\bwfe-[0-9a-f]{8,}\b/g, '<name>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?/g, '<time>'],
  [/\b\d\d:\d\d:\d\d(?:\.\d+)?\b/g, '<time>'],
  [/(?<![\w.])\+?\d+(?:\.\d+)?\s?(?:ms|s|m|h|d)(?:\d+(?:\.\d+)?(?:ms|s|m|h))*\b/g, '<span>'],
  [/\b[1-9][\d,]* (event|stream|seal|published head|execution)s?\b/g, '<n> $1s'],
  [/\b[1-9][\d,]* of them\b/g, '<n> of them'],
  [/\b(number|revision|because of|line) \d+\b/gi, '$1 <n>'],
  [/((?:Revision|found):?) +\d+$/g, '$1 <n>'],
  [/^ *\d+ +(?=<time>)/g, '<n> '],
  [/(?<=<id>) +\d+ +/g, ' <n> '],
  [/\b\d[\d,]* (?:KiB|MiB|bytes|B)\b/g, '<size>'],
];

/** The line without what differs from run to run; columns are as wide as what is in them, so runs of blanks count as one. */
export function settled(line: string): string {
  const named = VARIABLE.reduce((text, [pattern, name]) => text.replace(pattern, name), line);
  return named
    .replace(/[─━-]{3,}/g, '───')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Stands in a guide for any number of lines, or for any text inside one. */
const ANYTHING = '…';

/** Where the output departs from what the guide shows; undefined when it does not. */
export function departure(shown: readonly string[], found: readonly string[]): string | undefined {
  const expected = withoutBlank(shown).map(settled);
  const actual = withoutBlank(found).map(settled);
  let at = 0;
  for (const [index, line] of expected.entries()) {
    if (line === ANYTHING) {
      const next = expected[index + 1];
      if (next === undefined) return undefined;
      while (at < actual.length && !fits(next, actual[at] ?? '')) at += 1;
      continue;
    }
    const other = actual[at];
    if (other === undefined) return `expected ${line}; found the end`;
    if (!fits(line, other)) return `expected ${line}; found ${other}`;
    at += 1;
  }
  return at < actual.length ? `expected the end; found ${actual[at] ?? ''}` : undefined;
}

function fits(expected: string, found: string): boolean {
  const parts = expected.split(ANYTHING).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(found);
}

const withoutBlank = (lines: readonly string[]): readonly string[] => lines.filter((line) => line.trim() !== '');
