const SHOWN_CHARACTERS = 80;

/** What a schema says when a value does not fit: what was expected, and the beginning of what was found. */
export const expected = (what: string) => ({
  error: ({ input }: { readonly input?: unknown }): string => `expected ${what}; found ${shown(input)}`,
});

/** The same for values that may be nobody's business: only their size is told. */
export const expectedUnseen = (what: string) => ({
  error: ({ input }: { readonly input?: unknown }): string =>
    `expected ${what}; found ${typeof input === 'string' ? `${Buffer.byteLength(input)} bytes` : typeof input}`,
});

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  // What stands inside may be a parameter, put in the wrong place.
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
