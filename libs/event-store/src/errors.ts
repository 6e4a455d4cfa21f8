/** The stream is not at the expected revision. Certainly not applied. */
export class ConcurrencyError extends Error {
  override readonly name = 'ConcurrencyError';
  constructor(
    readonly stream: string,
    readonly expected: string | number,
    /** Last revision found, 'none' when the stream does not exist. */
    readonly actual: number | 'none',
  ) {
    super(`stream ${stream}: expected revision ${expected}, found ${actual}`);
  }
}

/** A limit of STORE_LIMITS was passed. Certainly not applied. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
  constructor(
    readonly limit: string,
    readonly allowed: number,
    readonly found: number,
    where: string,
  ) {
    super(`${where}: ${limit} is ${found}, the limit is ${allowed}`);
  }
}

/** The event or name cannot be stored as it is (not JSON, bad characters, reserved name). Certainly not applied. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';
}

/** Nothing was applied; the store cannot be reached or cannot write. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/** Perhaps applied. Repeating with the same event ids and the same expected revision is safe. */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';
}

export class StreamNotFoundError extends Error {
  override readonly name = 'StreamNotFoundError';
  constructor(readonly stream: string) {
    super(`stream ${stream} has no events`);
  }
}

/** A position of another store, or one beyond the head of this one. */
export class PositionError extends Error {
  override readonly name = 'PositionError';
}

/** The log does not say what it said when it was written: stop and look. */
export class CorruptionError extends Error {
  override readonly name = 'CorruptionError';
}

/** An event was written by a newer program than this one. Stop: acting on half-understood history is worse. */
export class UnknownSchemaError extends Error {
  override readonly name = 'UnknownSchemaError';
  constructor(event: { stream: string; revision: number; type: string; schemaVersion: number }, known: number) {
    const where = `stream ${event.stream}, revision ${event.revision}`;
    super(
      `${where}: ${event.type} has schema version ${event.schemaVersion}, this program knows up to ${known}; use the newer program`,
    );
  }
}

/** An event of a type or version this program does not know. Nothing is wrong with it: a newer program wrote it. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';
}
