const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** A time as the API takes it, in UTC; undefined when its year has not four digits. */
export const isoOf = (ms: number): string | undefined =>
  ms >= FIRST_MS && ms <= LAST_MS ? new Date(ms).toISOString() : undefined;
