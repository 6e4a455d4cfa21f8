import type { PublishedHead } from '#event-store';
import type { HeadPublisher, Log } from '#runtime';

/** The newest seal as a line of the service's own log, which others collect and keep. Nothing is read back from there. */
export class HeadLog implements HeadPublisher {
  readonly where = 'log';
  readonly place = 'the log of the service';

  constructor(private readonly log: Log) {}

  async read(): Promise<undefined> {
    return undefined;
  }

  async publish(head: PublishedHead): Promise<void> {
    this.log.info({ head }, 'the log is sealed');
  }
}
