import type { EventStore, Position, PublishedHead, RecordedEvent } from '#event-store';
import { ArchiveClaims } from './archive-claims.ts';
import { NamedArchives } from './archived-events.ts';
import { anchorsOf, foreignHead, rolledBack } from './anchors.ts';
import { Coverage } from './coverage.ts';
import type { Damage } from './damage.ts';
import type { VerificationProgress, VerificationReport } from './report.ts';
import { SealCheck } from './seal-check.ts';
import { SealLedger } from './seal-ledger.ts';
import { StreamEnds } from './stream-ends.ts';
import { Trust } from './trust.ts';
import type { VerifyOptions } from './options.ts';
import { Walk } from './walk.ts';
import type { Witness } from './witnesses.ts';
import { witnessDamage } from './witnesses.ts';

/** One verification: its parts, put together, and what they say in the end. */
export class Verification {
  readonly #heads: readonly PublishedHead[];
  readonly #witnesses: Iterable<Witness> | AsyncIterable<Witness>;
  readonly #trust: Trust;
  readonly #check: SealCheck;
  readonly #ledger: SealLedger;
  readonly #coverage: Coverage;
  readonly #ends: StreamEnds;
  readonly #walk: Walk;
  #borneOutWitnesses = 0;
  readonly #archives = new NamedArchives();
  #heldArchives = 0;

  constructor(
    private readonly store: EventStore,
    private readonly options: VerifyOptions,
    end: Position | undefined,
  ) {
    const isOfNow = ({ position }: RecordedEvent): boolean => end === undefined || store.compare(position, end) <= 0;
    this.#heads = options.heads ?? [];
    this.#witnesses = options.witnesses ?? [];
    this.#trust = new Trust(anchorsOf(options));
    this.#check = new SealCheck(store.storeId, this.#trust, this.#heads);
    this.#ledger = new SealLedger(store, this.#check, isOfNow);
    this.#coverage = new Coverage(this.#ledger);
    this.#ends = new StreamEnds(store, options.rememberedStreams);
    const claims = new ArchiveClaims(store);
    this.#walk = new Walk({
      store,
      ends: this.#ends,
      claims,
      archives: this.#archives,
      ledger: this.#ledger,
      coverage: this.#coverage,
      end,
    });
  }

  get progress(): VerificationProgress {
    const { events, position } = this.#walk;
    return { events, seals: this.#coverage.seals, position };
  }

  walk(between: () => void): Promise<Damage | undefined> {
    return this.#walk.go(between);
  }

  async report(found: Damage | undefined, storeDamages: readonly Damage[]): Promise<VerificationReport> {
    const firstDamage = await this.#first(found, storeDamages);
    const { events, streams, archived, position } = this.#walk;
    const seal = this.#check.newest;
    return {
      ok: firstDamage === undefined,
      ...{ events, streams, archived },
      archives: { named: this.#archives.count, held: this.#heldArchives },
      seals: this.#coverage.seals,
      head: {
        position,
        ...(seal !== undefined && { seal }),
        unsealed: Math.max(0, events - this.#coverage.events),
        published: this.#check.borneOut,
      },
      anchor: this.#trust.anchor,
      witnesses: this.#borneOutWitnesses,
      acceptedRollbacks: this.#check.acceptedRollbacks,
      ...(firstDamage !== undefined && { firstDamage }),
    };
  }

  /** The damage with the first position; what has none comes after. */
  async #first(found: Damage | undefined, storeDamages: readonly Damage[]): Promise<Damage | undefined> {
    await this.#ledger.readOn();
    const all = [...(found === undefined ? [] : [found]), ...storeDamages];
    const placed = this.#earliest([...all, ...this.#unproven()]);
    if (placed !== undefined) return placed;
    const beside = all[0] ?? foreignHead(this.#heads, this.store.storeId) ?? this.#rolledBack();
    return beside ?? (await this.#contradicted()) ?? (await this.#wrongArchive());
  }

  /** Whether a key is vouched for may be said by what follows: nothing is told of a seal log that was not read to its end. */
  #unproven(): readonly Damage[] {
    return this.#ledger.isWhole && this.#rolledBack() === undefined ? this.#trust.unproven : [];
  }

  #earliest(damages: readonly Damage[]): Damage | undefined {
    const placed = damages.filter(({ position }) => position !== undefined);
    return placed.reduce<Damage | undefined>((a, b) => (a !== undefined && !this.#isBefore(b, a) ? a : b), undefined);
  }

  #isBefore(a: Damage, b: Damage): boolean {
    return this.store.compare(a.position!, b.position!) < 0;
  }

  #rolledBack(): Damage | undefined {
    return rolledBack(this.#heads, this.#check.newest, this.#walk.position);
  }

  /** The first archive file that is not as the log says. */
  async #wrongArchive(): Promise<Damage | undefined> {
    const { archives: files, signal } = this.options;
    if (files === undefined) return undefined;
    return this.#archives.firstDamage(this.store, files, () => (this.#heldArchives += 1), signal);
  }

  /** The first witness the log does not bear out. */
  async #contradicted(): Promise<Damage | undefined> {
    for await (const witness of this.#witnesses) {
      this.options.signal?.throwIfAborted();
      const found = await witnessDamage(witness, this.#ends);
      if (found !== undefined) return found;
      this.#borneOutWitnesses += 1;
    }
    return undefined;
  }
}
