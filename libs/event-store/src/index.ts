export type {
  AppendResult,
  ArchivedTexts,
  Direction,
  EventStore,
  EventTexts,
  ExpectedRevision,
  KnownTexts,
  Link,
  LogFilter,
  LogSlice,
  Position,
  RecordedEvent,
  SoundRun,
  StoreFault,
  StreamRun,
  StreamSlice,
  SubscriptionMessage,
  TextsSlice,
  UnreadableTexts,
  WholeTexts,
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
  UnknownEventError,
  UnknownSchemaError,
} from './errors.ts';
export { factOf } from './execution-facts.ts';
export { newestFirst, newestOf, pagesOf } from './stream-pages.ts';
export type { BrokenLink, ChainStart, HashedEvent, HashedTexts } from './hash-chain.ts';
export { DATA_END, GENESIS_HASH, hashedTextOf, hashOf, hashOfTexts, verifyChain } from './hash-chain.ts';
export { canonicalJson } from './canonical-json.ts';
export { MemoryEventStore } from './memory/event-store.memory.ts';
export { MemoryLog } from './memory/log.memory.ts';
export type { SqliteEventStoreOptions } from './sqlite/open.ts';
export { openSqliteEventStore } from './sqlite/open.ts';
export { SqliteEventStore } from './sqlite/event-store.sqlite.ts';
export type { CurrentVersions, Upcaster } from './upcasters.ts';
export { Upcasters, withUpcasters } from './upcasters.ts';
export type { InclusionProof } from './seal/merkle.ts';
export { inclusionProof, leafHash, merkleRoot, MerkleTree, provesInclusion } from './seal/merkle.ts';
export { keyIdOf, SealFormatError } from './seal/fields.ts';
export type {
  LogSealed,
  RollbackAccepted,
  SealEvent,
  SealEventType,
  SealKeyIntroduced,
  SealKeyRotated,
  UncheckedSealEvent,
} from './seal/seal-events.ts';
export {
  KEY_ALGORITHM,
  LOG_SEALED,
  NO_SEAL,
  parseSealEvent,
  ROLLBACK_ACCEPTED,
  SEAL_ALGORITHM,
  SEAL_KEY_INTRODUCED,
  SEAL_KEY_ROTATED,
  SEAL_SCHEMA_VERSIONS,
  SEAL_STREAM,
  SEALED_EVENTS_LIMIT,
} from './seal/seal-events.ts';
export type { SealKey } from './seal/signing.ts';
export {
  isSealSignedBy,
  isSignedBy,
  isVouchedFor,
  signedAcceptance,
  signedBytes,
  signedIntroduction,
  signedRotation,
  signedSeal,
} from './seal/signing.ts';
export type { PublishedHead } from './seal/published-head.ts';
export { HEAD_TEXT_LIMIT, parsePublishedHead, publishedHead, sealOf } from './seal/published-head.ts';
