import type { Position } from '#event-store';
import type { Projection, Projections, RebuildAnswer, RebuildProgress } from '#runtime';

/** One projection whose rebuild goes as far as a test says. */
export class MemoryProjections implements Projections {
  /** Set by a rebuild; taken away by a test when it is to be done. */
  rebuilding: RebuildProgress | undefined;

  /** The fault of the store behind it, when it has one. */
  constructor(private readonly faultOf: () => Error | undefined = () => undefined) {}

  async list(): Promise<readonly Projection[]> {
    const fault = this.faultOf();
    if (fault) throw fault;
    const { rebuilding } = this;
    const rebuild = rebuilding && { ...rebuilding, startedAt: '2026-11-20T10:15:00.000Z' };
    const state = rebuild === undefined ? 'current' : 'rebuilding';
    const position = 'm1:000000000000:3' as Position;
    return [{ name: 'read-model', position, lagEvents: 0, state, ...(rebuild && { rebuild }) }];
  }

  async rebuild(name: string): Promise<RebuildAnswer> {
    if (name !== 'read-model') return 'Unknown';
    if (this.rebuilding !== undefined) return 'Running';
    this.rebuilding = { events: 1, of: 3 };
    return 'Started';
  }

  async progress(): Promise<RebuildProgress | undefined> {
    return this.rebuilding;
  }
}
