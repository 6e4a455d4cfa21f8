import { CorruptionError, OutcomeUnknownError, PositionError, UnavailableError } from '#event-store';

const STORE_FAULTS = [UnavailableError, OutcomeUnknownError, PositionError, CorruptionError] as const;

/** True when it is the store that failed, and not what was read from it. */
export const isStoreFault = (error: unknown): boolean => STORE_FAULTS.some((fault) => error instanceof fault);
