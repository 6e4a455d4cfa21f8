import type { EventStore } from '#event-store';
import { runNameOf } from '#execution';
import type { LogIndex } from '../log-index.ts';
import type { Folded } from './folded.ts';
import { mustHavePassed } from './points.ts';
import type { Preflight } from './preflight.ts';
import { isDecisive, preflight } from './preflight.ts';
import type { FoldedPage, Moment } from './system.ts';
import { SystemAt } from './system.ts';
import type { InLine, TargetLock } from './target-view.ts';
import { inLine, lockHeldBy } from './target-view.ts';

/** Those in line for one lock that are named, or counted. */
const MAX_IN_LINE = 100;
/** Executions of one workflow on one target that are asked how they ended, until one of them decides. */
const RECENT = { atOnce: 50, most: 2_000 };

/** A target at a moment. */
export interface TargetView {
  readonly target: string;
  readonly runName: string;
  readonly lock: TargetLock;
  /** First come, first served; at most 100. */
  readonly waiting: readonly InLine[];
  /** Its executions as they stood then, newest first. */
  readonly history: readonly Folded[];
  readonly next?: string;
}

/** A target in the list of all. */
export interface TargetSummary {
  readonly target: string;
  readonly lock: TargetLock;
  /** How many are in line; 100 stands for 100 or more. */
  readonly waiting: number;
  /** Its newest execution. */
  readonly last?: Folded;
}

export interface Page {
  readonly cursor?: string;
  readonly limit: number;
}

export interface TargetsParts {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly index: LogIndex;
  /** Waits (bounded) until the index speaks of everything that was recorded before the call. */
  readonly caughtUp: () => Promise<void>;
  /** The wall clock, milliseconds since the epoch. */
  readonly nowMs: () => number;
}

/** Executions and targets of the whole system, now or at a moment. */
export class Targets {
  private readonly system: SystemAt;

  constructor(private readonly parts: TargetsParts) {
    this.system = new SystemAt(parts.store, parts.index);
  }

  /** @throws MomentError for a moment still to come; CursorError of the index */
  async executions(moment: string, filter: Parameters<SystemAt['executions']>[1], page: Page): Promise<FoldedPage> {
    await this.ready(moment);
    return this.system.executions(moment, filter, page);
  }

  /** Also of a target nobody ever asked for: it is free, and has no history. @throws as above */
  async target(target: string, moment: Moment, page: Page): Promise<TargetView> {
    await this.ready(moment);
    const { items, next } = await this.system.executions(moment, { target }, page);
    const { lock, waiting } = await this.lockOf(target, moment);
    return {
      ...{ target, runName: runNameOf(target), lock, waiting, history: items },
      ...(next !== undefined && { next }),
    };
  }

  /** Targets that have, or had, an execution, by name, as they are now. @throws CursorError of the index */
  async targets(page: Page & { readonly locked?: boolean }): Promise<{ items: TargetSummary[]; next?: string }> {
    await this.ready(undefined);
    const { targets, next } = await this.system.targets(page);
    const items: TargetSummary[] = [];
    for (const target of targets) {
      const { lock, waiting } = await this.lockOf(target, undefined);
      if (page.locked === true && lock.state === 'Free') continue; // the index was a little behind
      const [last] = (await this.system.executions(undefined, { target }, { limit: 1 })).items;
      items.push({ target, lock, waiting: waiting.length, ...(last && { last }) });
    }
    return { items, ...(next !== undefined && { next }) };
  }

  /** @throws MomentError for a moment still to come */
  async preflight(target: string, workflowId: string, moment: Moment): Promise<Preflight> {
    await this.ready(moment);
    const found = [
      ...(await this.system.holders(target, moment)),
      ...(await this.system.pending(target, moment, MAX_IN_LINE)),
      ...(await this.recent(target, workflowId, moment)),
    ];
    const each = new Map(found.map(({ id, execution }) => [id, execution]));
    const at = moment ?? new Date(this.parts.nowMs()).toISOString();
    return preflight({ target, workflowId, at }, [...each.values()]);
  }

  /** Newest first. Any number of them may say nothing: those that lost the race for the lock, or were skipped. */
  private async recent(target: string, workflowId: string, moment: Moment): Promise<readonly Folded[]> {
    const found: Folded[] = [];
    let cursor: string | undefined;
    do {
      const page = { limit: RECENT.atOnce, ...(cursor !== undefined && { cursor }) };
      const { items, next } = await this.system.executions(moment, { target, workflowId }, page);
      found.push(...items);
      if (isDecisive(items.map(({ execution }) => execution))) break;
      cursor = next;
    } while (cursor !== undefined && found.length < RECENT.most);
    return found;
  }

  private async ready(moment: Moment): Promise<void> {
    if (moment !== undefined) mustHavePassed(moment, this.parts.nowMs());
    await this.parts.caughtUp();
  }

  private async lockOf(target: string, moment: Moment): Promise<Pick<TargetView, 'lock' | 'waiting'>> {
    const holders = await this.system.holders(target, moment);
    const pending = await this.system.pending(target, moment, MAX_IN_LINE);
    const lock = holders.map(({ execution }) => lockHeldBy(execution)).find(({ state }) => state !== 'Free');
    const waiting = pending.map(({ execution }) => inLine(execution)).filter((each) => each !== undefined);
    return { lock: lock ?? { state: 'Free' }, waiting };
  }
}
