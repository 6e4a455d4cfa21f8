import type { EventTexts } from '../port.ts';
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
  readonly kind: 'sound';
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

/** A link on its way to another thread. */
export type LinkColumns = RunColumns | EventTexts;

/** Puts sound rows together to runs, as long as each goes on where one before it ended; what is not sound stands between. */
export class SoundRuns {
  readonly links: LinkColumns[] = [];
  /** How many of them are texts. */
  texts = 0;
  /** Place of each stream in the columns of the run that goes on. */
  readonly #places = new Map<string, number>();

  /** @param upTo position up to which the log was read */
  constructor(public upTo: number) {}

  add(row: SoundRow): void {
    this.upTo = row.position;
    const run = this.links.at(-1);
    if (run?.kind !== 'sound' || !goesOn(run, row)) return this.#begin(row);
    const place = this.#places.get(row.stream);
    if (place === undefined) this.#open(run, row);
    else if (follows(run, place, row)) moved(run, place, row);
    else return this.#begin(row);
    run.events += 1;
    run.leaves += leafHash(row.hash);
  }

  addTexts(entries: readonly EventTexts[], upTo: number): void {
    this.links.push(...entries);
    this.texts += entries.length;
    this.upTo = upTo;
  }

  #begin(row: SoundRow): void {
    this.#places.clear();
    const run: RunColumns = {
      kind: 'sound',
      first: row.position,
      events: 1,
      leaves: leafHash(row.hash),
      streams: [],
      revisions: [],
      previousHashes: [],
      lastRevisions: [],
      lastHashes: [],
    };
    this.links.push(run);
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

const goesOn = (run: RunColumns, { position, stream }: SoundRow): boolean =>
  position === run.first + run.events && stream !== SEAL_STREAM && run.streams[0] !== SEAL_STREAM;

const follows = (run: RunColumns, place: number, { revision, previousHash }: SoundRow): boolean =>
  revision === run.lastRevisions[place]! + 1 && previousHash === run.lastHashes[place];

function moved(run: RunColumns, place: number, { revision, hash }: SoundRow): void {
  run.lastRevisions[place] = revision;
  run.lastHashes[place] = hash;
}
