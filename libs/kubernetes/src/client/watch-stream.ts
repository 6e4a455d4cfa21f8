import { ClusterError, type KubeObject, type WatchMessage } from '../cluster.ts';
import { watchError, type Attempt } from './errors.ts';

/** One watch message; an object is at most about 3 MiB, so anything longer is not a watch. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The messages of a watch body (JSON, one per line). Ends when the body ends after a whole message.
 * @throws ClusterError for an ERROR message (`gone` for 410), for half a message at the end, for what is not JSON
 */
export async function* watchMessages(
  attempt: Attempt,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<WatchMessage, void, void> {
  for await (const line of lines(attempt, body)) yield messageOf(attempt, line);
}

async function* lines(attempt: Attempt, body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      pieces.push(chunk.subarray(start, end));
      const line = Buffer.concat(pieces).toString('utf8');
      [pieces, size, start] = [[], 0, end + 1];
      if (line.trim() !== '') yield line;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > MAX_MESSAGE_BYTES)
      throw new ClusterError(
        'server-error',
        `${attempt.what}: a watch message is longer than ${MAX_MESSAGE_BYTES} bytes`,
      );
  }
  if (size > 0) throw new ClusterError('unavailable', `${attempt.what}: the watch ended in the middle of a message`);
}

function messageOf(attempt: Attempt, line: string): WatchMessage {
  const { type, object } = parse(attempt, line);
  if (type === 'ERROR') throw watchError(attempt, object);
  if (!isObject(object)) throw notAMessage(attempt, line);
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object };
    case 'BOOKMARK':
      return { type, resourceVersion: object.metadata.resourceVersion ?? '' };
    default:
      throw notAMessage(attempt, line);
  }
}

function parse(attempt: Attempt, line: string): { type?: unknown; object?: unknown } {
  try {
    const message: unknown = JSON.parse(line);
    if (typeof message === 'object' && message !== null) return message;
  } catch {
    // not JSON: the same error as for JSON that is no message
  }
  throw notAMessage(attempt, line);
}

function isObject(object: unknown): object is KubeObject {
  return typeof object === 'object' && object !== null && 'metadata' in object && typeof object.metadata === 'object';
}

function notAMessage(attempt: Attempt, line: string): ClusterError {
  return new ClusterError('server-error', `${attempt.what}: expected a watch message, found ${line.slice(0, 40)}`);
}
