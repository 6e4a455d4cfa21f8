import { CorruptionError, OutcomeUnknownError, UnavailableError } from '../errors.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html) that mean something to us. */
const CORRUPT = 11;
const FULL = 13;
const NOTADB = 26;

/** What an operator can do about it, by primary result code. */
const ADVICE: Readonly<Record<number, string>> = {
  5: 'another program holds it; stop that program',
  8: 'the file or its folder is read-only; make it writable',
  10: 'the disk failed to read or write; check it and its mount',
  13: 'the disk (or its quota) is full; free space',
  14: 'the file cannot be opened; check that its folder exists and its permissions',
};

export interface SqliteFault {
  readonly code: number;
  readonly text: string;
}

/** @throws the error itself when it does not come from SQLite: then it is a bug */
export function sqliteFault(error: unknown): SqliteFault {
  if (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number') {
    const text = 'errstr' in error && typeof error.errstr === 'string' ? error.errstr : error.message;
    return { code: error.errcode & 0xff, text };
  }
  throw error;
}

export function isFull(fault: SqliteFault): boolean {
  return fault.code === FULL;
}

/** The error of the port for a fault, for an operation that was certainly not applied. */
export function notApplied(fault: SqliteFault, file: string, operation: string): UnavailableError | CorruptionError {
  const text = sentence(fault, file, operation);
  return fault.code === CORRUPT || fault.code === NOTADB ? new CorruptionError(text) : new UnavailableError(text);
}

/** The error of the port for a fault in the moment of commit: nobody can tell what is on the disk. */
export function perhapsApplied(fault: SqliteFault, file: string): OutcomeUnknownError {
  return new OutcomeUnknownError(`${sentence(fault, file, 'commit')}; perhaps recorded: repeat it with the same ids`);
}

function sentence(fault: SqliteFault, file: string, operation: string): string {
  const advice = ADVICE[fault.code];
  return `event store ${file}: ${operation} failed: ${fault.text}${advice === undefined ? '' : ` (${advice})`}`;
}
