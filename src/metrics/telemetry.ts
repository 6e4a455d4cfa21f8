/** What the machinery tells about itself. Implemented with Prometheus metrics; never throws. Times in seconds. */
export interface Telemetry {
  commandHandled(type: string, outcome: CommandOutcome, code: string, seconds: number): void;
  eventRecorded(type: string, facts: EventFacts): void;
  appended(seconds: number, events: number): void;
  appendConflict(): void;
  runCreation(seconds: number, result: RunCreationResult, reason: string): void;
  clusterRequest(verb: string, type: string, status: string, seconds: number): void;
  /** A driver met a fault it could not handle; it will try again. */
  driverFault(category: string): void;
  queue(depth: number, waitSeconds: number): void;
  projection(lagEvents: number, lagSeconds: number): void;
  watchAge(type: string, seconds: number): void;
  /** Whether this replica acts. */
  leader(isLeader: boolean): void;
  httpRequest(method: string, route: string, status: number, seconds: number): void;
}

export type CommandOutcome = 'recorded' | 'nothing' | 'refused' | 'failed';
export type RunCreationResult = 'created' | 'adopted' | 'refused' | 'failed';

export interface EventFacts {
  /** The phase the event led to; absent when it changed none. */
  readonly phase?: string;
  readonly outcome?: string;
  readonly reason?: string;
  /** The phase before, and how long it had lasted. */
  readonly leftPhase?: string;
  readonly phaseSeconds?: number;
}
