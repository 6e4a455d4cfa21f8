export type { EventFilter, EventPlace, EventPlaces, IdPage, LogIndex, MomentFilter } from './log-index.ts';
