import type { CloudEvent, EventPage, LogQuery } from '#audit';
import { cloudEventOf, LogReader, sourceOf } from '#audit';
import type { RecordedEvent } from '#event-store';
import type { AuditedLog } from '../wiring/assembled.ts';

/** The log as REST reads it. */
export class EventLog {
  readonly reader: LogReader;
  private readonly source: string;

  constructor(
    private readonly log: AuditedLog,
    source: string | undefined,
  ) {
    this.reader = new LogReader(log);
    this.source = source ?? sourceOf(log.store.storeId);
  }

  /** A page that knows of everything written before it was asked for. */
  async page(query: LogQuery): Promise<EventPage> {
    await this.log.caughtUp();
    return this.reader.page(query);
  }

  cloudEvent(event: RecordedEvent): CloudEvent {
    return cloudEventOf(event, this.source);
  }
}
