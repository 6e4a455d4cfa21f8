export type { EventFilter, EventPlace, EventPlaces, IdPage, LogIndex, MomentFilter } from './log-index.ts';
export type { CloudEvent } from './log/cloud-event.ts';
export { CLOUD_EVENT_TYPE_PREFIX, cloudEventOf, sourceOf } from './log/cloud-event.ts';
export { LogCursorError } from './log/cursor.ts';
export { EventMatching } from './log/event-matching.ts';
export type { EventPage, LogMessage, LogQuery, LogReaderParts } from './log/log-reader.ts';
export { LogReader } from './log/log-reader.ts';
