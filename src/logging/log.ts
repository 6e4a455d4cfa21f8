import { destination, pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { errorFields } from './error-fields.ts';

export type Log = Logger;

/** Fields whose values never reach the log, wherever they stand in the first levels of a record. */
const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'token', 'secret', 'clientKey', 'client-key-data'];
const REDACTED_PATHS = SECRET_FIELDS.flatMap((field) => {
  const name = `["${field}"]`;
  return [name, `*${name}`, `*.*${name}`];
});

/** JSON lines on standard output: time as ISO 8601, level by name. */
export function createLog(level: string, to: DestinationStream = destination({ dest: 1, sync: true })): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => errorFields(error) },
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    },
    to,
  );
}
