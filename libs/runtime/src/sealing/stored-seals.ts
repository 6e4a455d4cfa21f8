import type { RecordedEvent } from '#event-store';
import { LOG_SEALED, pagesOf, ROLLBACK_ACCEPTED, SEAL_KEY_ROTATED, SEAL_STREAM } from '#event-store';
import { CursorError } from '../read-model.ts';
import type { Sealed, SealLog } from './seal-log.ts';
import { understood } from './seal-log.ts';
import type { SealKeyView, SealPage, SealView } from './seal-service.ts';

type KnownKey = Omit<SealKeyView, 'isInForce'>;

/** What the seal log tells: its seals page by page, and its keys, each event looked at once. */
export class StoredSeals {
  private readonly known: KnownKey[] = [];
  private nextRevision = 0;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly seals: SealLog) {}

  async page({ cursor, limit }: { readonly cursor?: string; readonly limit: number }): Promise<SealPage> {
    const items: SealView[] = [];
    let from: number | 'end' = cursor === undefined ? 'end' : revisionOf(cursor);
    if (from === -1) return { items };
    for await (const { recorded, event } of this.seals.backwards(from)) {
      if (event.type === LOG_SEALED && items.length === limit) return { items, next: cursorAt(recorded.revision) };
      if (event.type === LOG_SEALED) items.push(sealView({ recorded, seal: event.data }));
      from = recorded.revision;
    }
    return { items };
  }

  async keys(): Promise<readonly SealKeyView[]> {
    const look = this.looking.then(() => this.look());
    this.looking = look.catch(() => undefined);
    await look;
    const inForce = this.known.at(-1);
    return this.known.map((key) => ({ ...key, isInForce: key === inForce }));
  }

  private async look(): Promise<void> {
    for await (const events of pagesOf(this.seals.store, SEAL_STREAM, this.nextRevision))
      for (const recorded of events) {
        const key = keyIn(recorded);
        if (key !== undefined) this.known.push(key);
        this.nextRevision = recorded.revision + 1;
      }
  }
}

export const sealView = ({ recorded, seal }: Sealed): SealView => {
  const { number, from, events, position, root, previousSeal, keyId, signature } = seal;
  return {
    ...{ number, from, events, total: from + events, position, root, previousSeal },
    ...{ sealHash: recorded.hash, keyId, signature },
    sealedAt: recorded.metadata.time,
    actor: recorded.metadata.actor.user,
  };
};

function keyIn(recorded: RecordedEvent): KnownKey | undefined {
  const { event } = understood(recorded);
  if (event.type === LOG_SEALED || event.type === ROLLBACK_ACCEPTED) return undefined;
  const { keyId, algorithm, publicKey, reason } = event.data;
  return {
    ...{ keyId, algorithm, publicKey, reason },
    introducedAt: recorded.metadata.time,
    actor: recorded.metadata.actor.user,
    ...(event.type === SEAL_KEY_ROTATED && { previousKeyId: event.data.previousKeyId }),
  };
}

const CURSOR = /^seal-(0|[1-9]\d{0,14})$/;
const cursorAt = (revision: number): string => Buffer.from(`seal-${revision}`).toString('base64url');

/** @throws CursorError */
function revisionOf(cursor: string): number {
  const revision = CURSOR.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (revision === undefined) throw new CursorError('expected a cursor of the list of seals');
  return Number(revision);
}
