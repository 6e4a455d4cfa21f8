import type { Damage } from './damage.ts';

/** Who vouches for a key, strongest first. */
export type AnchorKind = 'given-key' | 'published-head' | 'own-key';

export type Anchor =
  | { readonly kind: AnchorKind; readonly keyId: string }
  /** The log is consistent in itself; nobody vouches for the key, or there is no seal. */
  | { readonly kind: 'nobody'; readonly keyId?: string };

/** Key ids that are believed, by where they come from. A kind that is not there says nothing; one without keys believes none. */
export type Anchors = Readonly<Partial<Record<AnchorKind, readonly string[]>>>;

const KINDS: readonly AnchorKind[] = ['given-key', 'published-head', 'own-key'];

/** Keys that follow each other by rotation, so that one of them vouches for all. */
interface Lineage {
  readonly introduction: Damage;
  isVouched: boolean;
  hasSealed: boolean;
}

/**
 * What one kind of anchor vouches for. A seal names the one before it, so one that is vouched for speaks for all before it,
 * whoever signed those; what matters is what comes after the last such seal.
 */
class Believer {
  #lineage: Lineage | undefined;
  #unproven: Damage | undefined;

  /** @param keys undefined for one who believes the first key, and none introduced later */
  constructor(private readonly keys: ReadonlySet<string> | undefined) {}

  introduced(keyId: string, introduction: Damage): void {
    const before = this.#lineage;
    if (before !== undefined && !before.isVouched) this.#unproven ??= before.introduction;
    const isVouched = this.keys === undefined ? before === undefined : this.keys.has(keyId);
    this.#lineage = { introduction, isVouched, hasSealed: false };
  }

  rotated(keyId: string): void {
    if (this.#lineage === undefined || this.keys?.has(keyId) !== true) return;
    this.#lineage.isVouched = true;
    this.#settle();
  }

  sealed(): void {
    if (this.#lineage === undefined) return;
    this.#lineage.hasSealed = true;
    this.#settle();
  }

  get vouches(): boolean {
    return this.#lineage?.isVouched ?? false;
  }

  get unproven(): Damage | undefined {
    const { isVouched = true, introduction } = this.#lineage ?? {};
    return this.#unproven ?? (isVouched ? undefined : introduction);
  }

  #settle(): void {
    // Nobody's word settles nothing: a key introduced later is damage for good.
    if (this.keys !== undefined && this.#lineage?.isVouched === true && this.#lineage.hasSealed)
      this.#unproven = undefined;
  }
}

/**
 * Follows the keys of the log from those that are believed. Each kind of anchor that is there has to vouch for the newest
 * key: somebody who could change one of them may not have reached the other.
 */
export class Trust {
  readonly #believers: readonly (readonly [AnchorKind | 'nobody', Believer])[];
  #keyId: string | undefined;

  constructor(anchors: Anchors) {
    const there = KINDS.filter((kind) => anchors[kind] !== undefined);
    this.#believers =
      there.length > 0
        ? there.map((kind) => [kind, new Believer(new Set(anchors[kind]))] as const)
        : [['nobody', new Believer(undefined)]];
  }

  introduced(keyId: string, introduction: Damage): void {
    this.#keyId = keyId;
    for (const [, believer] of this.#believers) believer.introduced(keyId, introduction);
  }

  rotated(keyId: string): void {
    this.#keyId = keyId;
    for (const [, believer] of this.#believers) believer.rotated(keyId);
  }

  sealed(): void {
    for (const [, believer] of this.#believers) believer.sealed();
  }

  /** Introductions nobody vouches for by now, one for each kind of anchor that does not. */
  get unproven(): readonly Damage[] {
    return this.#believers.flatMap(([, believer]) => believer.unproven ?? []);
  }

  /** The strongest anchor that vouches for the key in force. */
  get anchor(): Anchor {
    const keyId = this.#keyId;
    if (keyId === undefined) return { kind: 'nobody' };
    const kind = this.#believers.find(([, believer]) => believer.vouches)?.[0] ?? 'nobody';
    return { kind, keyId };
  }
}
