import type { Worker } from 'node:worker_threads';
import type { Link } from '../port.ts';
import type { Positions } from '../positions.ts';
import type { LinkColumns, LinkPage } from './links.ts';
import type { ReadingThreads } from './reading-threads.ts';
import { CorruptionError, UnavailableError } from '../errors.ts';

export interface LinksStart {
  readonly file: string;
  readonly scheme: string;
  readonly storeId: string;
}

export interface ReadFailure {
  readonly kind: 'corrupt' | 'failed';
  readonly message: string;
}

export type LinksAnswer = LinkPage | ReadFailure;

/** Pages read and hashed ahead of whoever takes them. */
const AHEAD = 4;

/**
 * Goes over the log in a thread of its own, which lives until the iteration ends.
 * @throws CorruptionError, UnavailableError
 */
export async function* linksOf(
  file: string,
  positions: Positions,
  threads: ReadingThreads,
): AsyncGenerator<readonly Link[]> {
  const start: LinksStart = { file, scheme: positions.scheme, storeId: positions.storeId };
  const thread = threads.start(new URL('./links-thread.js', import.meta.url), start);
  const answers = new Answers(thread, file);
  try {
    for (let ahead = 0; ahead < AHEAD; ahead += 1) thread.postMessage('next');
    for (let end = false; !end;) {
      const answer = await answers.next();
      if (isFailure(answer)) throw failed(answer);
      thread.postMessage('next');
      ({ end } = answer);
      yield answer.kind === 'texts' ? answer.entries : soundLinks(answer.links, positions);
    }
  } finally {
    await threads.end(thread);
  }
}

const isFailure = (answer: LinksAnswer): answer is ReadFailure => 'message' in answer;

const failed = ({ kind, message }: ReadFailure): Error =>
  kind === 'corrupt' ? new CorruptionError(message) : new UnavailableError(message);

/** What a thread has answered, in order. */
class Answers {
  private readonly arrived: LinksAnswer[] = [];
  private ended: UnavailableError | undefined;
  private wake: () => void = () => undefined;

  constructor(thread: Worker, file: string) {
    const ended = (why: unknown): void => {
      this.ended ??= new UnavailableError(`event store ${file}: reading it ended early: ${String(why)}`);
      this.wake();
    };
    thread.on('message', (answer: LinksAnswer) => {
      this.arrived.push(answer);
      this.wake();
    });
    thread.once('error', ended).once('exit', ended);
  }

  async next(): Promise<LinksAnswer> {
    for (;;) {
      const answer = this.arrived.shift();
      if (answer !== undefined) return answer;
      if (this.ended !== undefined) throw this.ended;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

function soundLinks(columns: LinkColumns, positions: Positions): readonly Link[] {
  const { revisions, streams, previousHashes, hashes } = columns;
  return columns.positions.map((number, index) => ({
    kind: 'sound',
    position: positions.at(number),
    stream: streams[index]!,
    revision: revisions[index]!,
    previousHash: previousHashes[index]!,
    hash: hashes[index]!,
  }));
}
