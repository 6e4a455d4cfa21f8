import type { PublishedHead } from '#event-store';
import { LOG_SEALED, ROLLBACK_ACCEPTED, SealFormatError, START } from '#event-store';
import { ClusterError } from '#kubernetes';
import type { Log } from '../telemetry.ts';
import type { HeadPublisher } from './ports.ts';
import { SealingError } from './ports.ts';
import type { SealLog } from './seal-log.ts';

/** A published head that the log does not bear out. */
export interface Contradiction {
  readonly head: PublishedHead;
  /** What the head says and what the log says. */
  readonly message: string;
}

export type Judgement =
  | { readonly kind: 'BorneOut' }
  /** It contradicts the log, and somebody accepts that. */
  | { readonly kind: 'Accepted' }
  | { readonly kind: 'Contradicted'; readonly message: string };

/** How many hexadecimal digits a message shows of a hash that nobody has to type. */
const SHOWN = 12;

/** Compares what was published outside the store with the log. */
export class PublishedHeads {
  constructor(
    private readonly seals: SealLog,
    private readonly publishers: readonly HeadPublisher[],
    /** `sealHash` of heads that somebody accepts all the same. */
    private readonly accepted: readonly string[],
    private readonly log: Log,
  ) {}

  /** @throws SealingError naming every head the log does not bear out and nobody accepted */
  async check(): Promise<void> {
    const refused: string[] = [];
    for (const publisher of this.publishers) {
      const found = await this.contradictionAt(publisher);
      if (found !== undefined && !(await this.isAccepted(found.head)))
        refused.push(`${found.message}. ${cure(found.head)}`);
    }
    if (refused.length > 0) throw new SealingError(refused.join('\n'));
  }

  /** What the log says about a head that is to be replaced. */
  async judge(head: PublishedHead, place: string): Promise<Judgement> {
    const message = await this.contradictionOf(head, place);
    if (message === undefined) return { kind: 'BorneOut' };
    return (await this.isAccepted(head)) ? { kind: 'Accepted' } : { kind: 'Contradicted', message };
  }

  /** True when the log has the acceptance of this head. */
  async isRecorded({ sealHash }: PublishedHead): Promise<boolean> {
    for await (const { event } of this.seals.backwards())
      if (event.type === ROLLBACK_ACCEPTED && event.data.publishedSeal === sealHash) return true;
    return false;
  }

  private async contradictionAt(publisher: HeadPublisher): Promise<Contradiction | undefined> {
    const head = await this.readAt(publisher);
    if (head === undefined) return undefined;
    if (head === 'nothing') return this.tellMissing(publisher);
    const message = await this.contradictionOf(head, publisher.place);
    return message === undefined ? undefined : { head, message };
  }

  /** Nobody can tell a place that is new from one that was emptied, but whoever reads the log of the service. */
  private async tellMissing({ where, place }: HeadPublisher): Promise<undefined> {
    if (where === 'log' || (await this.seals.tail()).newest === undefined) return;
    this.log.warn({ place }, 'this log has seals and none is published there: expected only when that place is new');
  }

  /** Undefined: a cluster that cannot be asked now is asked again before anything is published there. */
  private async readAt(publisher: HeadPublisher): Promise<PublishedHead | 'nothing' | undefined> {
    try {
      return (await publisher.read()) ?? 'nothing';
    } catch (error) {
      if (error instanceof ClusterError) {
        this.log.warn(
          { err: error, place: publisher.place },
          'the published seal cannot be compared with the log now; nothing is published there before it was',
        );
        return undefined;
      }
      throw new SealingError(unreadable(publisher.place, error), { cause: error });
    }
  }

  private async contradictionOf(head: PublishedHead, place: string): Promise<string | undefined> {
    const finding = await findingAgainst(head, this.seals);
    if (finding === undefined) return undefined;
    return `${place} holds seal ${head.number} of the log ${head.storeId}, over ${head.total} events, of ${head.sealedAt}; ${finding}`;
  }

  private async isAccepted(head: PublishedHead): Promise<boolean> {
    return this.accepted.includes(head.sealHash) || this.isRecorded(head);
  }
}

/** What in the log speaks against a head; undefined when the log bears it out. */
async function findingAgainst(head: PublishedHead, seals: SealLog): Promise<string | undefined> {
  if (head.storeId !== seals.store.storeId && (await seals.store.head()) === START)
    return 'this log is new and empty: the other one is not where it was (store.dataFolder), so a new one was begun here';
  if (head.storeId !== seals.store.storeId)
    return `this is another log, ${seals.store.storeId} (of another service? Then give this one another place with audit.headFile or audit.headConfigMap)`;
  const { newest, revision } = await seals.tail();
  if (newest === undefined) return 'this log has no seal: it was emptied, or an older copy was put in its place';
  if (newest.seal.number < head.number)
    return `this log ends with seal ${newest.seal.number}: it was cut, or an older copy was put in its place`;
  const hash = await hashOfSeal(head.number, newest.seal.number, Number(revision), seals);
  if (hash === head.sealHash) return undefined;
  return `this log has another event there (${hash?.slice(0, SHOWN) ?? 'none'}…, not ${head.sealHash.slice(0, SHOWN)}…): it was rewritten`;
}

/** Besides seals there are few events in the stream: the place of the newest seal tells about where another one is. */
async function hashOfSeal(number: number, newest: number, last: number, seals: SealLog): Promise<string | undefined> {
  for await (const { recorded, event } of seals.backwards(Math.max(0, last - (newest - number)))) {
    if (event.type !== LOG_SEALED) continue;
    if (event.data.number === number) return recorded.hash;
    if (event.data.number < number) return undefined;
  }
  return undefined;
}

const cure = ({ sealHash }: PublishedHead): string =>
  'Nothing was started and nothing was changed. Put the right log back. If it is lost, keep a copy of the published seal as evidence and ' +
  `set audit.acceptHeads (WFE_AUDIT_ACCEPT_HEADS) to ${sealHash} to go on with this log; that will be recorded in it`;

function unreadable(place: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const isDamaged = error instanceof SealFormatError;
  const what = isDamaged ? 'was changed or is damaged' : 'cannot be read';
  const todo = isDamaged
    ? 'Nothing was started. Find out who changed it; to go on without it, move it away and keep it as evidence'
    : 'Nothing was started. Make it readable, or configure another place';
  return `the published seal in ${place} ${what}: ${message}. ${todo}`;
}
