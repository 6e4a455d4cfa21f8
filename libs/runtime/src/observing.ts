import type { Bridge } from './bridge.ts';
import type { Loaded } from './executions.ts';
import type { RunObserver } from './run-observer.ts';

/** Looks at the resource and the run of an execution, and folds in what is seen. Changes nothing in the cluster. */
export class Observing {
  constructor(
    private readonly bridge: Bridge,
    private readonly observer: RunObserver,
  ) {}

  async observe(loaded: Loaded): Promise<Loaded> {
    return this.observer.observe(await this.bridge.observe(loaded));
  }

  /** The same with the run as the API server has it now: watches that are behind those of the leader would tell old news again. */
  async observeNow(loaded: Loaded): Promise<Loaded> {
    const seen = await this.bridge.observe(loaded);
    const { execution } = seen;
    return execution.phase === 'Running' ? this.observer.observeNow(seen, execution.run) : this.observer.observe(seen);
  }
}
