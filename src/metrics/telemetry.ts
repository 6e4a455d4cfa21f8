import type { VerificationReport } from '#audit';
import type { Telemetry as RuntimeTelemetry } from '#runtime';

/** What the machinery and the edge tell about themselves. Implemented with Prometheus metrics; never throws. Times in seconds. */
export interface Telemetry extends RuntimeTelemetry {
  clusterRequest(verb: string, type: string, status: string, seconds: number): void;
  /** Whether this replica acts. */
  leader(isLeader: boolean): void;
  /** How many long answers of a kind are being sent. */
  streamsOpen(kind: string, open: number): void;
  streamEnded(kind: string, end: StreamEnd | 'refused'): void;
  /** A verification of the log is over; `atSeconds` since 1970. */
  verified(report: VerificationReport, seconds: number, atSeconds: number): void;
  httpRequest(method: string, route: string, status: number, seconds: number): void;
}

/** How a long answer ended. */
export type StreamEnd = 'finished' | 'client-left' | 'too-slow' | 'stopped' | 'failed';
