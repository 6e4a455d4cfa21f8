import type { components } from './schema.ts';

/** Answers of the API, as its document describes them. */
type Schemas = components['schemas'];

export type Execution = Schemas['Execution'];
export type ExecutionPage = Schemas['ExecutionPage'];
export type Row = Schemas['ExecutionPage']['items'][number];
/** An event as it stands in the log. */
export type LogEvent = Schemas['LogPage']['items'][number];
/** An event as it stands in the history of an execution. */
export type RecordedEvent = Schemas['EventPage']['items'][number];
/** An event as a history tells it. */
export type HistoryEntry = Schemas['History']['items'][number];
export type Diff = Schemas['ExecutionDiff'];
export type Causes = Schemas['Causes'];
export type Why = Schemas['Why'];
export type TargetPage = Schemas['TargetPage'];
export type TargetSummary = Schemas['TargetPage']['items'][number];
export type TargetView = Schemas['Target'];
export type Lock = Schemas['TargetLock'];
export type PreflightAnswer = Schemas['Preflight'];
export type ReplayReport = Schemas['ReplayReport'];
export type VerificationReport = Schemas['VerificationReport'];

export type CreateRequest = Schemas['CreateExecutionRequest'];
export type Created = Schemas['CreatedExecution'];
