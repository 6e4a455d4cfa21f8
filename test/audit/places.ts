import { LOG_SEALED, SEAL_KEY_ROTATED, SEAL_STREAM } from '#event-store';
import type { Row, SealedLog } from './sealed-log.ts';

/** A kind of place, with the event that stands there. */
export interface Place {
  readonly name: string;
  readonly row: Row;
}

/** Positions from the first to the last event a seal covers, and of the seal itself. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly sealAt: number;
}

/** What is known of a log before it is damaged. */
export class Chart {
  readonly ranges: readonly Range[];
  private readonly streams: ReadonlyMap<string, readonly Row[]>;

  constructor(readonly log: SealedLog) {
    this.streams = Map.groupBy(log.rows, (row) => row.stream);
    this.ranges = log.rows
      .filter(({ type }) => type === LOG_SEALED)
      .map(({ at, data }) => ({
        from: Number(data['from']) + 1,
        to: Number(data['from']) + Number(data['events']),
        sealAt: at,
      }));
  }

  stream(name: string): readonly Row[] {
    return this.streams.get(name) ?? [];
  }

  next({ stream, revision }: Row): Row | undefined {
    return this.stream(stream)[revision + 1];
  }

  /** The seal that covers a position; undefined for the newest events. */
  rangeOf(at: number): Range | undefined {
    return this.ranges.find(({ from, to }) => from <= at && at <= to);
  }

  get lastRange(): Range {
    return this.ranges.at(-1)!;
  }

  get seals(): readonly Row[] {
    return this.ranges.map(({ sealAt }) => this.at(sealAt));
  }

  get rotation(): Row {
    return this.log.rows.find(({ type }) => type === SEAL_KEY_ROTATED)!;
  }

  at(position: number): Row {
    return this.log.rows[position - 1]!;
  }

  /** Every kind of place there is. */
  get places(): readonly Place[] {
    const { rows } = this.log;
    const ofExecutions = [...this.streams.values()].filter(([row]) => row!.stream !== SEAL_STREAM);
    const sealed = ofExecutions.filter((stream) => stream.at(-1)!.at < this.lastRange.from);
    const long = [...ofExecutions].sort((a, b) => b.length - a.length)[0]!;
    const short = sealed.filter((stream) => stream.length === 3)[20]!;
    const single = sealed.filter((stream) => stream.length === 1)[30]!;
    const fresh = ofExecutions.find((stream) => stream.length > 1 && stream[0]!.at > this.lastRange.sealAt);
    const { from, to } = this.lastRange;
    const named: readonly (readonly [string, Row | undefined])[] = [
      ['first event of an execution', rows.find(({ stream }) => stream !== SEAL_STREAM)],
      ['middle of the log', this.executionFrom(Math.floor(rows.length / 2))],
      ['newest event', rows.at(-1)],
      ['first of a long stream', long[0]],
      ['middle of a long stream', long[Math.floor(long.length / 2)]],
      ['last of a long stream', long.at(-1)],
      ['first of a short stream', short[0]],
      ['middle of a short stream', short[1]],
      ['last of a short stream', short[2]],
      ['a stream of one event', single[0]],
      ['first of the first range', this.executionFrom(this.ranges[0]!.from)],
      ['last of the first range', this.at(this.ranges[0]!.to)],
      ['first event in the last range', this.executionFrom(from)],
      ['inside the last range', this.executionFrom(Math.floor((from + to) / 2))],
      ['last of the last range', this.at(to)],
      ['right after the last seal', this.at(this.lastRange.sealAt + 1)],
      ['first of a stream after the last seal', fresh?.[0]],
      ['first key', rows[0]],
      ['changed key', this.rotation],
      ['first seal', this.seals[0]],
      ['a seal between', this.seals[Math.floor(this.seals.length / 2)]],
      ['last seal', this.seals.at(-1)],
    ];
    return named.flatMap(([name, row]) => (row === undefined ? [] : [{ name, row }]));
  }

  private executionFrom(position: number): Row {
    return this.log.rows.find(({ at, stream }) => at >= position && stream !== SEAL_STREAM)!;
  }
}
