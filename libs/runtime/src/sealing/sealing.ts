import type { Position, PublishedHead, RecordedEvent, SealKey } from '#event-store';
import {
  ConcurrencyError,
  OutcomeUnknownError,
  publishedHead,
  SEAL_STREAM,
  SEALED_EVENTS_LIMIT,
  START,
} from '#event-store';
import type { Clock } from '#kubernetes';
import type { CommandOrigin } from '../dispatcher.ts';
import type { PublishedHeads } from './published-heads.ts';
import { SealingError } from './ports.ts';
import type { Sealed, SealLog } from './seal-log.ts';
import type { SealSigning, SignedTail } from './seal-signing.ts';
import { Unsealed } from './unsealed.ts';

export interface SealingParts {
  readonly seals: SealLog;
  readonly signing: SealSigning;
  readonly heads: Pick<PublishedHeads, 'isRecorded'>;
  readonly clock: Clock;
  /** For each command of its own. */
  readonly origin: () => CommandOrigin;
  readonly intervalMs: number;
  readonly maxEvents: number;
  /** Told of the newest seal when it is recorded, and when it is found in the log. */
  readonly onNewest: (head: PublishedHead) => void;
}

/** Where sealing stands: the end of the seal log with its key, and what came since the newest seal. */
interface Standing extends SignedTail {
  readonly unsealed: Unsealed;
}

/** Events looked at between two turns of the event loop: a log of millions may be waiting for its first seal. */
const PAGE = 250;
/** Somebody else wrote to the seal log meanwhile: it is read again, so often. */
const MAX_CONFLICTS = 20;
/** An append, repeated as often as it is, got no answer: so often the log is asked what became of it. */
const MAX_UNKNOWN = 1;

/**
 * Seals what is unsealed. What it remembers can be lost at any moment: the newest seal in the log says where to go on,
 * and the expected revision keeps two from sealing the same events. One thing is done at a time.
 */
export class Sealing {
  private standing: Standing | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: SealingParts) {}

  /** What is known to be unsealed now. */
  get unsealed(): Unsealed | undefined {
    return this.standing?.unsealed;
  }

  /** Looks at everything that was recorded before the call, and makes the seals that are due; until the signal aborts. */
  sealDue(signal?: AbortSignal): Promise<void> {
    return this.inTurn(async (standing) => {
      const now = await this.caughtUp(standing, this.parts.origin, signal);
      if (this.isDue(now.unsealed)) await this.seal(now, this.parts.origin());
    });
  }

  /** The same, and seals all of it unless that is seals only. @returns the newest seal; there is none in an empty log */
  sealAll(origin: CommandOrigin = this.parts.origin(), signal?: AbortSignal): Promise<Sealed | undefined> {
    return this.inTurn(async (standing) => {
      const now = await this.caughtUp(standing, () => origin, signal);
      const sealed = now.unsealed.isWorthSealing ? await this.seal(now, origin) : now;
      return sealed.tail.newest;
    });
  }

  /** @returns the key in force from now on */
  async rotate(reason: string, origin: CommandOrigin): Promise<SealKey> {
    // Kept before the log says it is in force; one that nobody took into use harms nobody.
    const next = await this.parts.signing.create();
    return this.inTurn(async (standing) => {
      if (standing.key.keyId === next.keyId) return next; // an answer was lost, and the log has it
      const rotated = await this.parts.signing.rotate(standing, next, reason, origin);
      this.standing = { ...rotated, unsealed: standing.unsealed };
      return next;
    });
  }

  /** Records that a published head which contradicts the log is accepted, unless that was recorded before. */
  accept(head: PublishedHead): Promise<void> {
    return this.inTurn(async (standing) => {
      if (await this.parts.heads.isRecorded(head)) return;
      const recorded = await this.parts.signing.accept(standing, head, this.parts.origin());
      this.standing = { ...recorded, unsealed: standing.unsealed };
    });
  }

  /** One at a time, from what the log says; again when somebody else was faster. What fails is forgotten. */
  private inTurn<T>(act: (standing: Standing) => Promise<T>): Promise<T> {
    const mine = this.turn.then(() => this.attempts(act));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async attempts<T>(act: (standing: Standing) => Promise<T>): Promise<T> {
    let unknown = 0;
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
      try {
        this.standing ??= await this.load();
        return await act(this.standing);
      } catch (error) {
        this.standing = undefined;
        // Perhaps recorded: the log knows, and asking once more is safe.
        if (error instanceof OutcomeUnknownError && unknown++ < MAX_UNKNOWN) continue;
        if (!(error instanceof ConcurrencyError)) throw error;
      }
    }
    throw new Error(`the seal log went on ${MAX_CONFLICTS} times in a row before a seal could be recorded`);
  }

  private async load(): Promise<Standing> {
    const { seals, signing, origin, onNewest } = this.parts;
    const signed = await signing.keyFor(await seals.tail(), origin());
    const { newest } = signed.tail;
    if (newest === undefined) return { ...signed, unsealed: new Unsealed(0, START) };
    if (newest.seal.storeId !== seals.store.storeId)
      throw new SealingError(
        `the newest seal is of the log ${newest.seal.storeId}, and this is ${seals.store.storeId}: it was copied from there. Put the right log back`,
      );
    const signer = newest.seal.keyId === signed.key.keyId ? signed.key : await signing.signerOf(newest);
    if (signer !== undefined) onNewest(publishedHead(newest.recorded, newest.seal, signer.publicKey));
    const { from, events, position } = newest.seal;
    return { ...signed, unsealed: new Unsealed(from + events, position as Position) };
  }

  /** Up to the head as it is now: what is recorded meanwhile, our own seals too, is for the next time. */
  private async caughtUp(standing: Standing, origin: () => CommandOrigin, signal?: AbortSignal): Promise<Standing> {
    const { store } = this.parts.seals;
    const head = await store.head();
    let now = standing;
    while (signal?.aborted !== true && store.compare(now.unsealed.position, head) < 0) {
      const { events } = await store.readAll(now.unsealed.position, undefined, PAGE);
      if (events.length === 0) return now;
      for (const event of events) now = await this.added(now, event, origin);
    }
    return now;
  }

  private async added(standing: Standing, event: RecordedEvent, origin: () => CommandOrigin): Promise<Standing> {
    mustBeKnown(event, standing);
    const { clock } = this.parts;
    const waitedMs = Math.max(0, clock.now() - Date.parse(event.metadata.time));
    standing.unsealed.add(event, clock.monotonic(), Number.isFinite(waitedMs) ? waitedMs : 0);
    return standing.unsealed.events < SEALED_EVENTS_LIMIT ? standing : this.seal(standing, origin());
  }

  private async seal(standing: Standing, origin: CommandOrigin): Promise<Standing> {
    const { unsealed } = standing;
    const signed = await this.parts.signing.seal(standing, unsealed, origin);
    const { recorded, seal } = signed.tail.newest as Sealed;
    this.standing = { ...signed, unsealed: new Unsealed(unsealed.from + unsealed.events, unsealed.position) };
    this.parts.onNewest(publishedHead(recorded, seal, signed.key.publicKey));
    return this.standing;
  }

  private isDue(unsealed: Unsealed): boolean {
    if (!unsealed.isWorthSealing) return false;
    const { clock, intervalMs, maxEvents } = this.parts;
    return unsealed.events >= maxEvents || unsealed.ageMs(clock.monotonic()) >= intervalMs;
  }
}

/** Somebody else has written to the seal log since it was read: what is remembered of it is old. @throws ConcurrencyError */
function mustBeKnown({ stream, revision }: RecordedEvent, { tail }: Standing): void {
  if (stream !== SEAL_STREAM || (tail.revision !== 'none' && revision <= tail.revision)) return;
  throw new ConcurrencyError(SEAL_STREAM, tail.revision, revision);
}
