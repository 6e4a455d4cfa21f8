import type { CommandContext } from '../service.ts';

/** A seal, as it is shown. Hashes are hex, key and signature base64; times ISO 8601. */
export interface SealView {
  readonly number: number;
  /** Ordinal of the first event covered. */
  readonly from: number;
  readonly events: number;
  /** Events of the log up to and with the last one covered. */
  readonly total: number;
  readonly position: string;
  readonly root: string;
  readonly previousSeal: string;
  readonly sealHash: string;
  readonly keyId: string;
  readonly signature: string;
  readonly sealedAt: string;
  /** Who had it made: somebody, or the service by itself. */
  readonly actor: string;
}

export interface SealPage {
  readonly items: readonly SealView[];
  /** Opaque; give it back to go on. Absent on the last page. */
  readonly next?: string;
}

/** A key that signs or signed seals. */
export interface SealKeyView {
  readonly keyId: string;
  readonly algorithm: string;
  readonly publicKey: string;
  readonly introducedAt: string;
  readonly reason: string;
  readonly actor: string;
  /** The key that vouches for it; absent for the first one, and for one that replaced a lost one. */
  readonly previousKeyId?: string;
  /** Whether the next seal is signed by it. */
  readonly isInForce: boolean;
}

/** What can be asked about seals, whatever the door. Every replica answers. */
export interface SealService {
  /** Newest first. @throws CursorError */
  seals(page: { readonly cursor?: string; readonly limit: number }): Promise<SealPage>;
  /** All keys the log knows, the oldest first. */
  keys(): Promise<readonly SealKeyView[]>;
  /**
   * Seals every event recorded before the call, unless only seals are unsealed, and answers the newest seal.
   * @throws SealingError when a person must look first; the errors of #event-store
   */
  sealNow(context: CommandContext): Promise<SealView>;
  /** Takes a new key into use, for which the one before vouches. @throws like `sealNow` */
  rotateKey(reason: string, context: CommandContext): Promise<SealKeyView>;
}
