import type { Telemetry as RuntimeTelemetry } from '#runtime';

/** What the machinery and the edge tell about themselves. Implemented with Prometheus metrics; never throws. Times in seconds. */
export interface Telemetry extends RuntimeTelemetry {
  clusterRequest(verb: string, type: string, status: string, seconds: number): void;
  /** Whether this replica acts. */
  leader(isLeader: boolean): void;
  httpRequest(method: string, route: string, status: number, seconds: number): void;
}
