export type {
  AppendResult,
  Direction,
  EventStore,
  ExpectedRevision,
  LogFilter,
  LogSlice,
  Position,
  RecordedEvent,
  StreamSlice,
  SubscriptionMessage,
} from './port.ts';
export { START, STORE_LIMITS } from './port.ts';
export {
  ConcurrencyError,
  CorruptionError,
  InvalidEventError,
  LimitError,
  OutcomeUnknownError,
  PositionError,
  StreamNotFoundError,
  UnavailableError,
  UnknownSchemaError,
} from './errors.ts';
export type { BrokenLink, ChainStart, HashedEvent } from './hash-chain.ts';
export { GENESIS_HASH, hashOf, verifyChain } from './hash-chain.ts';
export { factOf } from './execution-facts.ts';
export { pagesOf } from './stream-pages.ts';
export { canonicalJson } from './canonical-json.ts';
export { MemoryEventStore } from './memory/event-store.memory.ts';
export { MemoryLog } from './memory/log.memory.ts';
export type { SqliteEventStoreOptions } from './sqlite/open.ts';
export { openSqliteEventStore } from './sqlite/open.ts';
export { SqliteEventStore } from './sqlite/event-store.sqlite.ts';
export type { CurrentVersions, Upcaster } from './upcasters.ts';
export { Upcasters, withUpcasters } from './upcasters.ts';
