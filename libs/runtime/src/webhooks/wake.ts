import type { Clock } from '#kubernetes';

/** A sleep that ends when somebody has news; news that come before it are not lost. */
export class Wake {
  private news = new AbortController();

  constructor(private readonly clock: Clock) {}

  tell(): void {
    this.news.abort();
  }

  async sleep(ms: number, stop: AbortSignal): Promise<void> {
    const { news } = this;
    const ended = (): void => news.abort();
    stop.addEventListener('abort', ended);
    if (stop.aborted) ended();
    await this.clock.sleep(ms, news.signal);
    stop.removeEventListener('abort', ended);
    this.news = new AbortController();
  }
}
