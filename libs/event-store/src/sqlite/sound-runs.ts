import { SEAL_STREAM } from '../seal/seal-events.ts';
import { leafHash } from '../seal/merkle.ts';

/** A row whose hash fits, no byte was read as another character than it is, and whose parts can be told apart in one way. */
export interface SoundRow {
  readonly position: number;
  readonly revision: number;
  readonly stream: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** A run of sound events (`SoundRun`), column by column: so it costs little on its way to another thread. */
export interface RunColumns {
  /** Position of the first one. */
  readonly first: number;
  events: number;
  leaves: string;
  readonly streams: string[];
  readonly revisions: number[];
  readonly previousHashes: string[];
  readonly lastRevisions: number[];
  readonly lastHashes: string[];
}

/** Puts sound rows together to runs, as long as each goes on where one before it ended. */
export class SoundRuns {
  readonly columns: RunColumns[] = [];
  /** Place of each stream in the columns of the run that goes on. */
  readonly #places = new Map<string, number>();

  add(row: SoundRow): void {
    const run = this.columns.at(-1);
    if (run === undefined || !this.#goesOn(run, row)) return this.#begin(row);
    const place = this.#places.get(row.stream);
    if (place === undefined) this.#open(run, row);
    else if (follows(run, place, row)) moved(run, place, row);
    else return this.#begin(row);
    run.events += 1;
    run.leaves += leafHash(row.hash);
  }

  #goesOn(run: RunColumns, { position, stream }: SoundRow): boolean {
    return (
      position === run.first + run.events &&
      stream !== SEAL_STREAM &&
      run.streams[0] !== SEAL_STREAM
    );
  }

  #begin(row: SoundRow): void {
    this.#places.clear();
    const run: RunColumns = {
      first: row.position,
      events: 1,
      leaves: leafHash(row.hash),
      streams: [],
      revisions: [],
      previousHashes: [],
      lastRevisions: [],
      lastHashes: [],
    };
    this.columns.push(run);
    this.#open(run, row);
  }

  #open(run: RunColumns, { stream, revision, previousHash, hash }: SoundRow): void {
    this.#places.set(stream, run.streams.length);
    run.streams.push(stream);
    run.revisions.push(revision);
    run.previousHashes.push(previousHash);
    run.lastRevisions.push(revision);
    run.lastHashes.push(hash);
  }
}

const follows = (run: RunColumns, place: number, { revision, previousHash }: SoundRow): boolean =>
  revision === run.lastRevisions[place]! + 1 && previousHash === run.lastHashes[place];

function moved(run: RunColumns, place: number, { revision, hash }: SoundRow): void {
  run.lastRevisions[place] = revision;
  run.lastHashes[place] = hash;
}
