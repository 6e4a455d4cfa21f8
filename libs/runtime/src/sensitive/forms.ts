/** Shorter than this a value is found only where it stands alone: it would be found in any text. */
export const SHORT = 4;
/** Lines of a value that are looked for by themselves: those of a key file, not `}`. */
const LINE = 8;
/** Longer values are looked for piece by piece. */
const PIECE = 16_384;

/** How a value can stand in a text that somebody else wrote: as it is, escaped, encoded, or a line of it. */
export function formsOf(value: string): readonly string[] {
  const forms = new Set<string>();
  for (const part of partsOf(value)) for (const form of writtenForms(part)) if (form.length >= SHORT) forms.add(form);
  return [...forms];
}

function partsOf(value: string): readonly string[] {
  const lines = value.split(/\r\n|[\r\n]/).filter((line) => line.length >= LINE);
  return [value, value.trim(), ...lines].flatMap(piecesOf);
}

function piecesOf(text: string): readonly string[] {
  if (text.length <= PIECE) return [text];
  return Array.from({ length: Math.ceil(text.length / PIECE) }, (_, at) => text.slice(at * PIECE, (at + 1) * PIECE));
}

function writtenForms(text: string): readonly string[] {
  const json = escaped(text);
  const ascii = json.replace(/[^\x20-\x7e]/g, unicodeEscape);
  const html = ascii.replace(/[<>&]/g, unicodeEscape);
  const quoted = [json, html, json.replace(/[<>&\u2028\u2029]/g, unicodeEscape), ascii];
  return [
    text,
    ...quoted,
    ...quoted.map(upperHex),
    ...quoted.map(escaped),
    yaml(text),
    ...urlForms(text),
    ...byteForms(text),
  ];
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
const unicodeEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
const upperHex = (text: string): string =>
  text.replace(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`);
const yaml = (text: string): string => text.replaceAll("'", "''");

function urlForms(text: string): readonly string[] {
  const url = encodeURIComponent(text.toWellFormed());
  const form = url.replaceAll('%20', '+').replace(/[!'()~]/g, percent);
  const strict = url.replace(/[!'()*~]/g, percent);
  return [
    url,
    form,
    strict,
    ...[url, form, strict].map((each) => each.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())),
  ];
}

const percent = (unit: string): string => `%${unit.charCodeAt(0).toString(16).toUpperCase()}`;

/** Base64 by itself, and as it stands inside the base64 of something longer, at each of its three places; and hex. */
function byteForms(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'utf8');
  const base64 = [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return whole.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  const url = base64.map((each) => each.replaceAll('+', '-').replaceAll('/', '_'));
  const hex = bytes.toString('hex');
  return [...base64, ...url, hex, hex.toUpperCase()];
}
