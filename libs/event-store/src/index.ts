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
} from './errors.ts';
