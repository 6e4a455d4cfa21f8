import type { Position, RecordedEvent } from '#event-store';
import { LOG_SEALED, MerkleTree, SEAL_STREAM } from '#event-store';

/** The events after the newest seal, as far as they were looked at: what the next seal covers. Constant in size. */
export class Unsealed {
  private readonly tree = new MerkleTree();
  private firstMs: number | undefined;

  /**
   * @param from ordinal of the first event after the newest seal
   * @param reached position of the last event covered by it; later, of the last event added
   */
  constructor(
    readonly from: number,
    private reached: Position,
  ) {}

  get events(): number {
    return this.tree.count;
  }

  get position(): Position {
    return this.reached;
  }

  get root(): string {
    return this.tree.root();
  }

  /** True when there is something besides seals: these alone need no other seal, or the log would grow by itself. */
  get isWorthSealing(): boolean {
    return this.firstMs !== undefined;
  }

  /** @param nowMs on the monotonic clock */
  add(event: RecordedEvent, nowMs: number): void {
    this.tree.add(event.hash);
    this.reached = event.position;
    const isSeal = event.stream === SEAL_STREAM && event.type === LOG_SEALED;
    if (!isSeal) this.firstMs ??= nowMs;
  }

  /** Milliseconds since the first event worth sealing was added; 0 when there is none. */
  ageMs(nowMs: number): number {
    return this.firstMs === undefined ? 0 : nowMs - this.firstMs;
  }
}
