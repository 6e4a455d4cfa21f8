import type { Told } from '#execution';
import { UNTOLD } from '#execution';

/** Executions whose next notices can be told without reading their stream from its beginning. */
const REMEMBERED_WHOLE = 1_000;
/** Executions of which it is known up to where they have been told: a number each. */
const REMEMBERED = 50_000;

/** How far each execution has been told of in this process. What is forgotten costs calls that find their Events there. */
export class NoticeMemory {
  private readonly whole = new Map<string, Told>();
  private readonly revisions = new Map<string, number>();

  constructor(private readonly limits = { whole: REMEMBERED_WHOLE, revisions: REMEMBERED }) {}

  /** From where to read on. */
  told(id: string): Told {
    return this.whole.get(id) ?? UNTOLD;
  }

  /** Revision up to which everything has been told; -1 when nothing has. */
  toldThrough(id: string): number {
    return this.revisions.get(id) ?? -1;
  }

  remember(id: string, told: Told): void {
    keep(this.whole, id, told, this.limits.whole);
    keep(this.revisions, id, Math.max(told.revision, this.toldThrough(id)), this.limits.revisions);
  }
}

/** The one not touched for longest is forgotten first. */
function keep<Value>(memory: Map<string, Value>, id: string, value: Value, limit: number): void {
  memory.delete(id);
  memory.set(id, value);
  if (memory.size > limit) memory.delete(memory.keys().next().value as string);
}
