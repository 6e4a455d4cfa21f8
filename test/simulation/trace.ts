/** A line of the story of one run. */
interface Line {
  readonly atMs: number;
  readonly actor: string;
  readonly what: string;
}

/** Lines kept of one run: the latest. */
const KEPT = 20_000;

/** What happened in one run, in order, for people. */
export class Trace {
  private readonly lines: Line[] = [];
  private forgotten = 0;

  constructor(
    private readonly now: () => number,
    private readonly startMs: number,
  ) {}

  say(actor: string, what: string): void {
    this.lines.push({ atMs: this.now(), actor, what });
    if (this.lines.length <= KEPT) return;
    this.lines.splice(0, KEPT / 2);
    this.forgotten += KEPT / 2;
  }

  /** One line each: minutes, seconds and milliseconds since the start, who, what. */
  text(): string {
    const head = this.forgotten > 0 ? [`(${this.forgotten} earlier lines are not kept)`] : [];
    const width = Math.max(0, ...this.lines.map(({ actor }) => actor.length));
    const told = this.lines.map(({ atMs, actor, what }) => `${this.elapsed(atMs)}  ${actor.padEnd(width)}  ${what}`);
    return [...head, ...told].join('\n');
  }

  private elapsed(atMs: number): string {
    const ms = atMs - this.startMs;
    const digits = (value: number, count: number): string => String(Math.floor(value)).padStart(count, '0');
    return `${digits(ms / 60_000, 3)}:${digits((ms / 1000) % 60, 2)}.${digits(ms % 1000, 3)}`;
  }
}
