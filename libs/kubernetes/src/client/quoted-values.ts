/*
 * API servers, webhooks and policies quote what they refuse: the value of a field, or the whole object. A parameter's value
 * is nobody's business but the pipeline's, so it is taken out of their words before these go anywhere.
 */

/** Looked through of a text; what is said beyond is not shown anyway. */
const LOOKED_AT = 16_384;
const NOT_SHOWN = '(not shown)';
/** What a schema says was found is a type. */
const TYPES: ReadonlySet<string> = new Set(
  ['string', 'object', 'array', 'integer', 'number', 'boolean', 'null'].map((type) => `"${type}"`),
);
/** `spec.params[0].value: Invalid value: …` */
const FIELD_ERROR = /: (?:Invalid|Unsupported|Duplicate) value: |: Not found: /g;
const OF_PARAMETERS = /param/i;
/** In whose quotation parameters stand, or a copy of the object as it was applied. */
const WITH_PARAMETERS = /param|last-applied-configuration/i;
/** JSON, or what Go prints of a value: `map[…]`, `&v1.PipelineRun{…}`, `[]v1.Param{…}`. */
const QUOTATION = /(?:&?(?:\[\])?[A-Za-z][\w.]*)?\{|map\[|\[(?=[{[&"])/g;

/** What was said, without parameters that it quotes. */
export function withoutQuotedValues(said: string): string {
  const text = said.slice(0, LOOKED_AT);
  return withoutObjects(withoutFieldValues(text));
}

function withoutFieldValues(text: string): string {
  return replaced(text, FIELD_ERROR, (start, end) => {
    const path = text.slice(text.lastIndexOf(' ', start - 1) + 1, start);
    if (!OF_PARAMETERS.test(path)) return undefined;
    const valueEnd = endOfValue(text, end);
    return TYPES.has(text.slice(end, valueEnd)) ? undefined : { from: end, to: valueEnd };
  });
}

function withoutObjects(text: string): string {
  return replaced(text, QUOTATION, (start, end) => {
    const to = endOfBrackets(text, end - 1);
    return WITH_PARAMETERS.test(text.slice(start, to)) ? { from: start, to } : undefined;
  });
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Each match may name a span that is not shown; spans inside one that was taken out are passed over. */
function replaced(text: string, pattern: RegExp, spanAt: (start: number, end: number) => Span | undefined): string {
  let shown = '';
  let done = 0;
  for (const match of text.matchAll(pattern)) {
    const span = match.index < done ? undefined : spanAt(match.index, match.index + match[0].length);
    if (span === undefined) continue;
    shown += text.slice(done, span.from) + NOT_SHOWN;
    done = span.to;
  }
  return shown + text.slice(done);
}

/** A quoted text, something in brackets, or words up to the next colon. */
function endOfValue(text: string, from: number): number {
  if (text[from] === '"' || text[from] === '`') return endOfQuotes(text, from);
  const bracket = /^(?:&?(?:\[\])?[\w.]*)?[[{]/.exec(text.slice(from, from + 200));
  if (bracket !== null) return endOfBrackets(text, from + bracket[0].length - 1);
  const colon = text.indexOf(': ', from);
  return colon < 0 ? text.length : colon;
}

/** After the closing quote; the end of the text when it was cut before. */
function endOfQuotes(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return text.length;
}

/** After the bracket that closes the one at `from`; the end of the text when it was cut before. */
function endOfBrackets(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '"') at = endOfQuotes(text, at) - 1;
    else if ('[{'.includes(character)) depth += 1;
    else if (']}'.includes(character)) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}
