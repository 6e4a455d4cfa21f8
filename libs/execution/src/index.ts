export type { Json, JsonObject } from './json.ts';
export type { Actor, EventMetadata, NewEvent, Source } from './envelope.ts';
