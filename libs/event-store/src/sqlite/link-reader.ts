import type { Link, SoundRun } from '../port.ts';
import type { Positions } from '../positions.ts';
import type { LinksAnswer, ReadFailure } from './link-thread.ts';
import type { LinkPage } from './links.ts';
import type { ReadingThreads } from './reading-threads.ts';
import type { RunColumns } from './sound-runs.ts';
import { CorruptionError, UnavailableError } from '../errors.ts';
import { LinkThread } from './link-thread.ts';
import { RANGE_POSITIONS } from './links.ts';

/** Threads that read a long log, in turns. */
const THREADS = 2;
/** Ranges of a log that one thread reads alone: starting another takes longer. */
const SHORT = 8;
/** Ranges read and hashed ahead of whoever takes them. */
const AHEAD = 6;

/**
 * Goes over the log in threads of its own, which live until the iteration ends.
 * @throws CorruptionError, UnavailableError
 */
export async function* linksOf(
  file: string,
  positions: Positions,
  threads: ReadingThreads,
): AsyncGenerator<readonly Link[]> {
  const start = { file, scheme: positions.scheme, storeId: positions.storeId };
  const reading = new ReadingAhead(() => new LinkThread(start, threads));
  try {
    for (let page = await reading.next(); page !== undefined; page = await reading.next())
      yield page.links.map((link) => (link.kind === 'sound' ? soundRun(link, positions) : link));
  } finally {
    await reading.end();
  }
}

/** A part of the log that was asked for. */
interface Asked {
  readonly upTo: number;
  readonly thread: LinkThread;
  readonly answer: Promise<LinksAnswer>;
}

/** Asks for one range of the log after the other, of several threads in turns, and takes their answers in its order. */
class ReadingAhead {
  readonly #threads: LinkThread[] = [];
  readonly #asked: Asked[] = [];
  /** After which the next range begins that nobody was asked for. */
  #after = 0;
  #ranges = 0;
  #isOver = false;

  constructor(private readonly started: () => LinkThread) {}

  /** Undefined when the log was read to its end. @throws CorruptionError, UnavailableError */
  async next(): Promise<LinkPage | undefined> {
    if (this.#isOver) return undefined;
    while (this.#asked.length < AHEAD) this.#asked.push(this.#another());
    const { upTo, thread, answer } = this.#asked.shift()!;
    const page = await answer;
    if (isFailure(page)) throw failed(page);
    const { next } = page;
    if (next === undefined) this.#isOver = true;
    else if (next < upTo) this.#asked.unshift({ upTo, thread, answer: thread.read({ after: next, upTo }) });
    // Where nothing stands for a long way, nobody is asked for it.
    else this.#after = Math.max(this.#after, next);
    return page;
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }

  #another(): Asked {
    const after = this.#after;
    const upTo = after + RANGE_POSITIONS;
    const thread = this.#thread();
    this.#after = upTo;
    return { upTo, thread, answer: thread.read({ after, upTo }) };
  }

  #thread(): LinkThread {
    const turn = this.#ranges < SHORT ? 0 : this.#ranges % THREADS;
    this.#ranges += 1;
    return (this.#threads[turn] ??= this.started());
  }
}

const isFailure = (answer: LinksAnswer): answer is ReadFailure => 'message' in answer;

const failed = ({ kind, message }: ReadFailure): Error =>
  kind === 'corrupt' ? new CorruptionError(message) : new UnavailableError(message);

function soundRun({ first, events, leaves, ...columns }: RunColumns, positions: Positions): SoundRun {
  const { revisions, previousHashes, lastRevisions, lastHashes } = columns;
  return {
    kind: 'sound',
    events,
    at: (index) => positions.at(first + index),
    leaves,
    streams: columns.streams.map((stream, place) => ({
      stream,
      revision: revisions[place]!,
      previousHash: previousHashes[place]!,
      lastRevision: lastRevisions[place]!,
      lastHash: lastHashes[place]!,
    })),
  };
}
