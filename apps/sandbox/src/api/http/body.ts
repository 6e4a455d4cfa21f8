import type { IncomingMessage } from 'node:http';
import { BODY_TOO_LARGE } from '../status.ts';

/** The API server's limit for a request body. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** @throws ApiError 413 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw BODY_TOO_LARGE;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
