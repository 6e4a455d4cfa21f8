import type { PublishedHead, SealKey } from '#event-store';

/** Where the keys that sign seals are kept. No key is ever overwritten or removed. */
export interface SealKeys {
  /** Where that is, for messages to people. */
  readonly place: string;
  /** The key of this id; undefined when it is not there. @throws Error when that cannot be told now */
  find(keyId: string): Promise<SealKey | undefined>;
  /** A new key. When it resolves, the key survives power loss. @throws Error when it cannot be kept */
  create(): Promise<SealKey>;
}

/**
 * A place outside the store that shows the newest seal. One caller at a time.
 */
export interface HeadPublisher {
  /** Which kind of place, for metrics. */
  readonly where: HeadPlace;
  /** Which one, for messages to people. */
  readonly place: string;
  /**
   * What is there; undefined when nothing is.
   * @throws SealFormatError when something else is there than a head; ClusterError and other errors when it cannot be read
   */
  read(): Promise<PublishedHead | undefined>;
  /**
   * Puts the head in the place of what was read last, as a whole and durably. Safe to repeat.
   * @throws Error when it cannot be written, or what is there is no longer what was read
   */
  publish(head: PublishedHead): Promise<void>;
}

export type HeadPlace = 'file' | 'configmap' | 'log';

/** A person must look before sealing can go on. The message says what was expected, what was found, and what to do. */
export class SealingError extends Error {
  override readonly name = 'SealingError';
}
