import type { ExecutionEvent } from './events.ts';

/** Why a command is refused: a state of affairs, never a fault. */
export type RefusalCode =
  /** No execution of this id. */
  | 'ExecutionUnknown'
  /** The id is taken by an execution with another spec. */
  | 'SpecChanged'
  /** The run has not ended, so the lock cannot be given back. */
  | 'RunUnfinished'
  /** The scheduler came before the cooldown was over. */
  | 'CooldownNotOver'
  /** It has ended; there is nothing to cancel. */
  | 'ExecutionFinished'
  /** Something of it is left in the cluster, so its history cannot be archived. */
  | 'ExecutionOpen';

export type Decision =
  | { readonly kind: 'Recorded'; readonly events: readonly ExecutionEvent[] }
  | { readonly kind: 'Refused'; readonly code: RefusalCode; readonly message: string };

export const record = (...events: readonly ExecutionEvent[]): Decision => ({ kind: 'Recorded', events });
export const nothing = (): Decision => record();
export const refuse = (code: RefusalCode, message: string): Decision => ({ kind: 'Refused', code, message });

/** For the end of an exhaustive switch: the compiler refuses a case that was forgotten. */
export function unreachable(value: never): never {
  throw new Error(`a case that cannot be: ${JSON.stringify(value)}`);
}
