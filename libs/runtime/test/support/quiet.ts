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
  rebuild: () => undefined,
  archived: () => undefined,
  watchAge: () => undefined,
  sealed: () => undefined,
  unsealed: () => undefined,
  headPublished: () => undefined,
  sealPublishError: () => undefined,
  webhookAttempt: () => undefined,
  webhookLag: () => undefined,
};

export const quietLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
