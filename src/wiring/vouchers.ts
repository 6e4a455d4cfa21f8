import type { VerifyOptions, Witness } from '#audit';
import type { PublishedHead } from '#event-store';
import type { ClusterConnection, KubeObject } from '#kubernetes';
import { WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { HeadPublisher, Log, SealKeys, SealService } from '#runtime';
import { SealingError } from '#runtime';

/** What stands beside the log and can contradict it. */
export interface Vouchers {
  /** As it is now; to be asked before a verification begins. What cannot be asked now says nothing, and is named and logged. */
  gather(signal: AbortSignal): Promise<Gathered>;
}

export interface Gathered extends Pick<VerifyOptions, 'heads' | 'ownKeys' | 'witnesses'> {
  /** What the log is not held against, and why, in sentences: all of them once the witnesses were heard. */
  readonly without: readonly string[];
}

export interface VoucherParts {
  readonly publishers: readonly HeadPublisher[];
  readonly seals: Pick<SealService, 'keys' | 'seals'>;
  readonly keys: Pick<SealKeys, 'find'>;
  readonly cluster: Pick<ClusterConnection, 'list'>;
  /** Namespaces whose resources are this service's; none means all. */
  readonly namespaces: readonly string[];
  readonly log: Pick<Log, 'warn'>;
}

/** Resources listed at a time. */
const PAGE = 500;

/** Published heads, the service's own keys, and what resources show of their executions. */
export function vouchersOf(parts: VoucherParts): Vouchers {
  return {
    gather: async (signal) => {
      const hearing = new Hearing(parts.log);
      const [heads, ownKeys] = await Promise.all([headsOf(parts, hearing), ownKeysOf(parts, hearing)]);
      const witnesses = witnessesOf(parts, hearing, signal);
      return { heads, ...(ownKeys !== undefined && { ownKeys }), witnesses, without: hearing.without };
    },
  };
}

/** Asks, and remembers what could not be asked: nobody is to take a verification without it for one with it. */
class Hearing {
  readonly without: string[] = [];

  constructor(private readonly log: Pick<Log, 'warn'>) {}

  async ask<T>(what: string, answer: () => Promise<T>): Promise<T | undefined> {
    try {
      return await answer();
    } catch (error) {
      this.without.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      this.log.warn({ err: error }, `${what} cannot be had now: the log is verified without`);
      return undefined;
    }
  }
}

async function headsOf({ publishers, seals }: VoucherParts, hearing: Hearing): Promise<readonly PublishedHead[]> {
  const heads: PublishedHead[] = [];
  for (const publisher of publishers.filter(({ where }) => where !== 'log')) {
    const what = `the published seal in ${publisher.place}`;
    const head = await hearing.ask(what, async () => {
      const found = await publisher.read();
      if (found === undefined && (await hasSeals(seals))) throw new Error('nothing is published there');
      return found;
    });
    if (head !== undefined) heads.push(head);
  }
  return heads;
}

/** A seal log that cannot be read has some; why, the verification tells. */
async function hasSeals(seals: Pick<SealService, 'seals'>): Promise<boolean> {
  try {
    return (await seals.seals({ limit: 1 })).items.length > 0;
  } catch (error) {
    if (error instanceof SealingError) return true;
    throw error;
  }
}

/** Those keys the log names whose private half is here; undefined when that cannot be told now. */
async function ownKeysOf({ seals, keys }: VoucherParts, hearing: Hearing): Promise<readonly Uint8Array[] | undefined> {
  return hearing.ask('the keys of this service', async () => {
    const own: Uint8Array[] = [];
    for (const { keyId } of await namedKeys(seals)) {
      const key = await keys.find(keyId);
      if (key !== undefined) own.push(key.publicKey);
    }
    return own;
  });
}

/** A seal log that cannot be read names none; why, the verification tells. */
async function namedKeys(seals: Pick<SealService, 'keys'>): ReturnType<SealService['keys']> {
  try {
    return await seals.keys();
  } catch (error) {
    if (error instanceof SealingError) return [];
    throw error;
  }
}

async function* witnessesOf(
  { cluster, namespaces }: VoucherParts,
  hearing: Hearing,
  signal: AbortSignal,
): AsyncGenerator<Witness> {
  for (const namespace of namespaces.length > 0 ? namespaces : [undefined]) {
    let next: string | undefined;
    do {
      signal.throwIfAborted();
      const options = {
        limit: PAGE,
        signal,
        ...(namespace !== undefined && { namespace }),
        ...(next && { continue: next }),
      };
      const page = await hearing.ask('what resources show', () => cluster.list(WORKFLOW_EXECUTIONS, options));
      if (page === undefined) return;
      for (const resource of page.items) yield* shownBy(resource);
      next = page.continue;
    } while (next !== undefined && next !== '');
  }
}

function* shownBy({ status }: KubeObject): Generator<Witness> {
  const { execution } = (status ?? {}) as {
    execution?: { id?: unknown; lastEvent?: { revision?: unknown; hash?: unknown } };
  };
  const { revision, hash } = execution?.lastEvent ?? {};
  if (typeof execution?.id === 'string' && Number.isSafeInteger(revision) && typeof hash === 'string')
    yield { executionId: execution.id, revision: revision as number, hash };
}
