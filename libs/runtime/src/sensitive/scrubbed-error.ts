import { ClusterError } from '#kubernetes';
import type { Scrubber } from './scrubber.ts';

/** The same error in words that may be told; anything but an API server's answer is passed through. */
export function scrubbedError(error: unknown, { scrub }: Scrubber): unknown {
  if (!(error instanceof ClusterError)) return error;
  const { causes, ...details } = error.details;
  return new ClusterError(error.code, scrub(error.message), {
    ...details,
    ...(causes && {
      causes: causes.map(({ field, reason, message }) => ({
        ...(field !== undefined && { field: scrub(field) }),
        ...(reason !== undefined && { reason }),
        ...(message !== undefined && { message: scrub(message) }),
      })),
    }),
  });
}
