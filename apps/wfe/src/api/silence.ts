/** Aborts when nothing was heard for a while; until the first word it waits for as long as others let it. */
export class Silence implements Disposable {
  private readonly broken = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly limitMs: number) {}

  get signal(): AbortSignal {
    return this.broken.signal;
  }

  heard(): void {
    clearTimeout(this.timer);
    const silent = new DOMException('nothing was heard', 'TimeoutError');
    this.timer = setTimeout(() => this.broken.abort(silent), this.limitMs);
  }

  /** Also ends what its signal was given to. */
  [Symbol.dispose](): void {
    clearTimeout(this.timer);
    this.broken.abort();
  }
}
