import { Failure } from '../exit-codes.ts';

/** Of an answer that is read as a whole. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** The response, whose body fails when it is longer than an answer may be. */
export function limited(response: Response, maxBytes = MAX_ANSWER_BYTES): Response {
  if (response.body === null) return response;
  let bytes = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.length;
        if (bytes > maxBytes)
          throw new Failure('serviceFailed', `expected an answer of at most ${maxBytes} bytes, found a longer one`, {
            advice: 'Ask for less: --limit, --from, --to.',
          });
        controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(counted, { status, statusText, headers: [...headers] });
}
