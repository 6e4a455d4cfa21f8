import type { VerifyOptions, Witness } from '#audit';
import type { PublishedHead } from '#event-store';
import type { ClusterConnection, KubeObject } from '#kubernetes';
import { WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { HeadPublisher, SealKeys, SealService } from '#runtime';
import { SealingError } from '#runtime';
import type { Log } from '../logging/log.ts';

/** What stands beside the log and can contradict it. */
export interface Vouchers {
  /** As it is now; to be asked before a verification begins. What cannot be reached now says nothing, and is logged. */
  gather(signal: AbortSignal): Promise<Pick<VerifyOptions, 'heads' | 'ownKeys' | 'witnesses'>>;
}

export interface VoucherParts {
  readonly publishers: readonly HeadPublisher[];
  readonly seals: Pick<SealService, 'keys'>;
  readonly keys: Pick<SealKeys, 'find'>;
  readonly cluster: Pick<ClusterConnection, 'list'>;
  /** Namespaces whose resources are this service's; none means all. */
  readonly namespaces: readonly string[];
  readonly log: Log;
}

/** Resources listed at a time. */
const PAGE = 500;

/** Published heads, the service's own keys, and what resources show of their executions. */
export function vouchersOf(parts: VoucherParts): Vouchers {
  return {
    gather: async (signal) => {
      const [heads, ownKeys] = await Promise.all([headsOf(parts), ownKeysOf(parts)]);
      return { heads, ...(ownKeys !== undefined && { ownKeys }), witnesses: witnessesOf(parts, signal) };
    },
  };
}

async function headsOf({ publishers, log }: VoucherParts): Promise<readonly PublishedHead[]> {
  const heads: PublishedHead[] = [];
  for (const publisher of publishers) {
    const head = await told(log, `the published seal in ${publisher.place}`, () => publisher.read());
    if (head !== undefined) heads.push(head);
  }
  return heads;
}

/** Those keys the log names whose private half is here; undefined when that cannot be told now. */
async function ownKeysOf({ seals, keys, log }: VoucherParts): Promise<readonly Uint8Array[] | undefined> {
  return told(log, 'the keys of this service', async () => {
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

async function* witnessesOf({ cluster, namespaces, log }: VoucherParts, signal: AbortSignal): AsyncGenerator<Witness> {
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
      const page = await told(log, 'what resources show', () => cluster.list(WORKFLOW_EXECUTIONS, options));
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

async function told<T>(log: Log, what: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    log.warn({ err: error }, `${what} cannot be had now: the log is verified without`);
    return undefined;
  }
}
