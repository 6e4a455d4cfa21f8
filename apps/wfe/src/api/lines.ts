import { Failure } from '../exit-codes.ts';

/** Of a bundle; progress and reports are shorter. */
const MAX_LINE_BYTES = 1024 * 1024 + 1;

/** The lines of a text that arrives in pieces, without their ends; empty ones are left out. @throws Failure for a line without end */
export async function* lines(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of source) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > MAX_LINE_BYTES)
      throw new Failure('serviceFailed', `expected lines of at most ${MAX_LINE_BYTES} bytes, found a longer one`);
    yield* parts.filter((line) => line !== '');
  }
  if (rest !== '') yield rest;
}
