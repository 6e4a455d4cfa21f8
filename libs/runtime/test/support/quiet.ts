import type { Log, Telemetry } from '#runtime';

/** Says nothing. */
export const quietTelemetry: Telemetry = {
  commandHandled: () => undefined,
  eventRecorded: () => undefined,
  appended: () => undefined,
  appendConflict: () => undefined,
  runCreation: () => undefined,
  driverFault: () => undefined,
  queue: () => undefined,
  projection: () => undefined,
  archived: () => undefined,
  watchAge: () => undefined,
  sealed: () => undefined,
  unsealed: () => undefined,
  headPublished: () => undefined,
  sealPublishError: () => undefined,
};

export const quietLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
