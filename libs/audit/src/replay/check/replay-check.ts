import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position, RecordedEvent } from '#event-store';
import { START } from '#event-store';
import { executionIdOf, STREAM_CATEGORY } from '#execution';
import { ExecutionCheck } from './execution-check.ts';
import type { Compared } from './projections.ts';
import type { ReplayNews } from './report.ts';
import { MAX_DIFFERENCES } from './report.ts';
import { ResourceSnapshot } from './resource-snapshot.ts';
import { Strays } from './strays.ts';
import type { Look } from './suspects.ts';
import { Suspects } from './suspects.ts';

export interface ReplayCheckParts extends Compared {
  /** Waits (bounded) until the rows speak of everything that was recorded before the call. */
  readonly caughtUp: () => Promise<void>;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Events read at once to find where executions begin. */
const PAGE = 200;
/** Executions between two tellings of how far it has come. */
const PROGRESS_EVERY = 100;

/**
 * What-if: the whole log is folded by the code of today, and what it says is held against what every resource shows and
 * against the rows of the read model. Reads only. What differs is looked at again before it is told, since a write may be
 * under way. Memory grows with the resources there are, by a few hundred bytes each, and not with the log.
 */
export class ReplayCheck {
  constructor(private readonly parts: ReplayCheckParts) {}

  /**
   * Tells how far it has come, and last, unless the signal aborts, the report.
   * @throws the errors of the store, of the rows and of the resources
   */
  async *run(signal: AbortSignal): AsyncGenerator<ReplayNews> {
    await this.parts.caughtUp();
    const snapshot = await ResourceSnapshot.of(this.parts.resources);
    const check = new ExecutionCheck(this.parts, snapshot);
    const suspects = new Suspects(this.parts, signal);
    let executions = 0;
    for await (const id of this.executions(await this.parts.store.head())) {
      if (signal.aborted || suspects.isFull) break;
      await suspects.look(() => check.look(id));
      executions += 1;
      if (executions % PROGRESS_EVERY === 0)
        yield { kind: 'progress', executions, differences: suspects.differences.length };
    }
    for await (const look of this.strays(check, snapshot)) {
      if (signal.aborted || suspects.isFull) break;
      await suspects.look(look);
    }
    await suspects.settle();
    if (signal.aborted) return;
    const differences = suspects.differences.slice(0, MAX_DIFFERENCES);
    yield { kind: 'report', executions, differences, truncated: suspects.isFull };
  }

  /** Ids of the executions that begin up to a position, in the order of the log. */
  private async *executions(end: Position): AsyncGenerator<string> {
    const { store } = this.parts;
    let after = START;
    for (let isEnd = false; !isEnd && store.compare(after, end) < 0;) {
      const slice = await store.readAll(after, { streamPrefixes: [`${STREAM_CATEGORY}-`] }, PAGE);
      for (const event of slice.events) {
        if (store.compare(event.position, end) > 0) return;
        const id = executionIdOf(event.stream);
        if (id !== undefined && (await this.isBeginning(event))) yield id;
      }
      after = slice.next;
      isEnd = slice.end;
    }
  }

  /** The first event of its stream that is in the log: of an archived history, the one that stands for it. */
  private async isBeginning({ stream, revision, type }: RecordedEvent): Promise<boolean> {
    if (revision === 0 || type !== 'ExecutionArchived') return revision === 0;
    const before = await this.parts.store.readStream(stream, { from: revision - 1, limit: 1 });
    return before.events.length === 0;
  }

  private async *strays(check: ExecutionCheck, snapshot: ResourceSnapshot): AsyncGenerator<() => Promise<Look>> {
    const strays = new Strays(this.parts, check);
    for await (const ids of this.parts.rows.ids()) {
      await nextTurn(); // a page is read and looked up without waiting for anything: others have their turn in between
      for (const id of ids) yield async () => ({ differences: await strays.row(id) });
    }
    for (const resource of snapshot.all()) yield async () => ({ differences: await strays.resource(resource) });
  }
}
