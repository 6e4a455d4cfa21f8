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
export { SpecRefused } from './service.ts';
export type { ExecutionFilter, ExecutionPage, ExecutionRow, ReadModel, RowChange } from './read-model.ts';
export { CursorError } from './read-model.ts';
