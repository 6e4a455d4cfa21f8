import { InvalidEventError, LimitError } from './errors.ts';

/** How deep arrays and objects may be nested. */
const NESTING_LIMIT = 100;
/** Characters of one value before writing stops: a small object that contains itself many times over can grow without end. */
const TEXT_LIMIT = 2 * 1024 * 1024;
/** How much of a path an error message shows. */
const PATH_SHOWN = 200;

interface Walk {
  readonly where: string;
  readonly path: (string | number)[];
  readonly ancestors: object[];
  length: number;
}

/**
 * Canonical JSON by RFC 8785: no white space, members sorted by the UTF-16 code units of their names, strings and
 * numbers as ECMAScript writes them. One rule more, because RFC 8785 refuses lone surrogates and a message cut in
 * the middle of a pair must still be recorded: a lone surrogate is written as its escape, `\udXXX` in lower case.
 * Members that are undefined are left out.
 *
 * @param where names the value in error messages, which show places and kinds, never values
 * @throws InvalidEventError for what JSON cannot carry unchanged, LimitError for what is nested or grows too far
 */
export function canonicalJson(value: unknown, where: string): string {
  return written(value, { where, path: [], ancestors: [], length: 0 });
}

function written(value: unknown, walk: Walk): string {
  const text = scalar(value, walk) ?? container(value as object, walk);
  walk.length += text.length;
  if (walk.length > TEXT_LIMIT) throw new LimitError('jsonCharacters', TEXT_LIMIT, walk.length, placeOf(walk));
  return text;
}

/** The text of anything but an array or object; undefined for these. */
function scalar(value: unknown, walk: Walk): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw refused('a number that is not finite', walk);
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : undefined;
    default:
      throw refused(typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`, walk);
  }
}

function container(value: object, walk: Walk): string {
  if (walk.ancestors.includes(value)) throw refused('a cycle', walk);
  if (walk.ancestors.length >= NESTING_LIMIT) {
    throw new LimitError('nesting', NESTING_LIMIT, walk.ancestors.length + 1, placeOf(walk));
  }
  walk.ancestors.push(value);
  const text = Array.isArray(value) ? array(value, walk) : object(value, walk);
  walk.ancestors.pop();
  return text;
}

function array(values: readonly unknown[], walk: Walk): string {
  let text = '';
  for (let index = 0; index < values.length; index += 1) {
    walk.path.push(index);
    text += (index === 0 ? '' : ',') + written(values[index], walk);
    walk.path.pop();
  }
  return `[${text}]`;
}

function object(value: object, walk: Walk): string {
  if (!isPlain(value)) throw refused('an object of a class (Date, Map, bytes, …)', walk);
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    if (member === undefined) continue;
    walk.path.push(name);
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${written(member, walk)}`;
    walk.path.pop();
  }
  return `{${text}}`;
}

/** Made by a literal, JSON.parse or Object.create(null), in this realm or another. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'hasOwnProperty');
}

function refused(found: string, walk: Walk): InvalidEventError {
  return new InvalidEventError(
    `${placeOf(walk)}: expected plain JSON, found ${found}; bytes go in as base64 text, big integers and dates as text`,
  );
}

function placeOf(walk: Walk): string {
  const path = walk.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return walk.where + (path.length > PATH_SHOWN ? `${path.slice(0, PATH_SHOWN)}…` : path);
}
