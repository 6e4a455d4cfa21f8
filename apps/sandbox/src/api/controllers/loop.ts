import type { Change } from '../../store/history.ts';
import { sameJson } from '../../store/object.ts';
import type { ApiContext } from '../context.ts';
import { collectGarbage } from './garbage-collector.ts';
import { tearDown } from './teardown.ts';

/** Passes in a row before the loop gives the event loop a turn; each pass that changes nothing ends the work. */
const MAX_PASSES = 100;

/**
 * Runs the controllers a while after each change, as a real cluster's do. `delayMs` is that while: with a long one a
 * test sees what a slow garbage collector leaves behind.
 */
export class ControllerLoop {
  readonly #api: ApiContext;
  readonly #unsubscribe: () => void;
  #delayMs: number;
  #timer: NodeJS.Timeout | undefined;
  #paused = false;

  constructor(api: ApiContext, delayMs: number) {
    this.#api = api;
    this.#delayMs = delayMs;
    this.#unsubscribe = api.store.subscribe((change) => {
      if (concernsControllers(change)) this.#schedule();
    });
    this.#schedule();
  }

  /** Does all there is to do now, paused or not. */
  run(): void {
    for (let pass = 0; pass < MAX_PASSES; pass += 1) {
      const changed = [collectGarbage(this.#api), tearDown(this.#api)];
      if (!changed.includes(true)) return;
    }
  }

  setDelay(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  stop(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#paused) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#paused) this.run();
    }, this.#delayMs);
    this.#timer.unref();
  }
}

/** Deletions, what is about to be deleted, and new owners: nothing else gives the controllers work. */
function concernsControllers({ type, object, previous }: Change): boolean {
  const { deletionTimestamp, ownerReferences } = object.metadata;
  if (type === 'DELETED' || deletionTimestamp !== undefined) return true;
  return ownerReferences !== undefined && !sameJson(ownerReferences, previous?.metadata.ownerReferences);
}
