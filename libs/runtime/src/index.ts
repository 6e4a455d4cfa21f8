export type { ArchivedHistory, WrittenArchive } from './archiving/archive-log.ts';
export { SERVICE_ACTOR } from './origin.ts';
export { ARCHIVE_STREAM, ARCHIVE_WRITTEN } from './archiving/archive-log.ts';
export type { ArchiveFiles } from './archiving/archiver.ts';
export type {
  AnswerCode,
  CommandAnswer,
  CommandContext,
  CreateRequest,
  ExecutionService,
  ExecutionView,
  Health,
  RuntimeHealth,
} from './service.ts';
export { refusedAnswer, SpecRefused } from './service.ts';
export type {
  EventEntry,
  ExecutionFilter,
  ExecutionPage,
  ExecutionRow,
  Milestones,
  ReadModel,
  ResourcePlace,
  RowChange,
  Successor,
} from './read-model.ts';
export { rowOf } from './row.ts';
export { CursorError } from './read-model.ts';
export type { CommandOutcome, EventFacts, Log, RunCreationResult, Telemetry, WebhookResult } from './telemetry.ts';
export type { Ids } from './ids.ts';
export { systemIds } from './ids.ts';
export type { ExecutionDefaults } from './resource-spec.ts';
export { KeyedHashes } from './sensitive/keyed-hashes.ts';
export type { Sensitivity } from './sensitive/sensitivity.ts';
export type { Leadership, LeadershipTerm } from './leadership.ts';
export { alone } from './leadership.ts';
export type { Projection, Projections, RebuildAnswer, RebuildProgress } from './projections.ts';
export type { RuntimeOptions } from './runtime-options.ts';
export type { ResourceAsShown } from './cluster-resources.ts';
export { ClusterResources } from './cluster-resources.ts';
export type {
  Delivery,
  Webhook,
  WebhookLag,
  WebhookReplay,
  WebhookSender,
  WebhookService,
  WebhookStatus,
} from './webhooks/webhook.ts';
export { Runtime } from './runtime.ts';
export type { HeadPlace, HeadPublisher, SealKeys } from './sealing/ports.ts';
export { SealingError } from './sealing/ports.ts';
export type { SealKeyView, SealPage, SealService, SealView } from './sealing/seal-service.ts';
export { Sealer, type SealerOptions } from './sealing/sealer.ts';
export { WorkQueue, type WorkQueueOptions } from './work-queue.ts';
