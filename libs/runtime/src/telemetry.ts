/** What the runtime tells about itself. Implemented with metrics at the edge; never throws. Times in seconds. */
export interface Telemetry {
  commandHandled(type: string, outcome: CommandOutcome, code: string, seconds: number): void;
  eventRecorded(type: string, facts: EventFacts): void;
  appended(seconds: number, events: number): void;
  appendConflict(): void;
  runCreation(seconds: number, result: RunCreationResult, reason: string): void;
  /** A driver met a fault it could not handle; it will try again. */
  driverFault(category: string): void;
  queue(depth: number, waitSeconds: number): void;
  projection(lagEvents: number, lagSeconds: number): void;
  /** Whether the read model is being rebuilt, and how many of how many events its successor has taken in. */
  rebuild(isRunning: boolean, events: number, of: number): void;
  archived(executions: number, events: number): void;
  watchAge(type: string, seconds: number): void;
  /** The newest seal has this number. */
  sealed(number: number): void;
  /** Events no seal covers yet, and how long the oldest of them that needs one has been waiting. */
  unsealed(events: number, seconds: number): void;
  /** The newest seal shown in a place outside the store. */
  headPublished(where: string, number: number): void;
  sealPublishError(where: string): void;
  /** An attempt to deliver an event to a webhook. */
  webhookAttempt(result: WebhookResult, seconds: number): void;
  /** Age of the oldest event that some webhook was not sent yet. */
  webhookLag(seconds: number): void;
}

/** What metrics count about an event; empty when it led to no other phase. */
export interface EventFacts {
  readonly phase?: string;
  readonly outcome?: string;
  readonly reason?: string;
  /** The phase before, and how long it had lasted. */
  readonly leftPhase?: string;
  readonly phaseSeconds?: number;
}

export type CommandOutcome = 'recorded' | 'nothing' | 'refused' | 'failed';

export type WebhookResult = 'Delivered' | 'Failed' | 'Gone';

export type RunCreationResult = 'created' | 'adopted' | 'refused' | 'failed';

/** Diagnostics for people. Never a whole object, never a parameter's value. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
