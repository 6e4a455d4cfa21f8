import { createHash, randomBytes } from 'node:crypto';

/**
 * A value that stands nowhere else, with all that escapes and encodings change; written here without a look at the code
 * that hides values. Its core is changed by none of them.
 */
export class Planted {
  private readonly core = `k${randomBytes(9).toString('hex')}z`;
  readonly value: string;

  constructor(
    readonly door: string,
    isPlain = false,
  ) {
    this.value = isPlain ? this.core : `Pl<"&ü\\>${this.core}'%+ end`;
  }

  /** Each form by a name, to say how it was found. */
  forms(): ReadonlyMap<string, string> {
    const { core, value } = this;
    const reversed = [...core].reverse().join('');
    return new Map([
      ['plain', core],
      ['capitals', core.toUpperCase()],
      ['reversed', reversed],
      ['escaped', [...core].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
      ['in hex', Buffer.from(core).toString('hex')],
      ...insideBase64(core).map((form, offset) => [`in base64 at ${offset}`, form] as const),
      ...hashesOf(value),
      ...hashesOf(core),
    ]);
  }
}

/** What of the base64 of something longer depends on the text alone, for each place it may begin at. */
function insideBase64(text: string): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(`${'_'.repeat(offset)}${text}___`).toString('base64');
    const first = Math.ceil((offset * 4) / 3);
    return encoded.slice(first, first + Math.floor(((text.length - 1) * 4) / 3) - 1);
  });
}

/** Of a value that can be guessed, a hash without a key is as good as the value. */
const hashesOf = (text: string): readonly (readonly [string, string])[] =>
  ['sha256', 'sha1', 'md5'].flatMap((algorithm) =>
    (['hex', 'base64', 'base64url'] as const).map((encoding) => [
      `${algorithm} in ${encoding} of ${text.length} characters`,
      createHash(algorithm).update(text).digest(encoding).replace(/=+$/, ''),
    ]),
  );

/** A place where something was written, and what. */
export interface Place {
  readonly name: string;
  readonly bytes: Buffer;
}

export const placeOf = (name: string, content: unknown): Place => ({
  name,
  bytes: Buffer.isBuffer(content)
    ? content
    : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
});

/** Every finding, as a line: which value, in which form, where. */
export const search = (places: readonly Place[], planted: readonly Planted[]): readonly string[] =>
  planted.flatMap((each) =>
    [...each.forms()].flatMap(([form, text]) =>
      places.filter(({ bytes }) => bytes.includes(text)).map(({ name }) => `${each.door}: ${form} in ${name}`),
    ),
  );
