import type { KeptRows, ShownResources } from '#audit';
import { Replay, ReplayCheck, Targets } from '#audit';
import type { Clock } from '#kubernetes';
import type { AuditedLog, Replaying } from './assembled.ts';

/** What is told of the past: of one execution, of the whole system, and of whether what is shown is what was recorded. */
export function replayingOf(log: AuditedLog, rows: KeptRows, resources: ShownResources, clock: Clock): Replaying {
  const { store, index } = log;
  const nowMs = (): number => clock.now();
  const caughtUp = (): Promise<void> => log.caughtUp();
  const sleep = (ms: number, signal: AbortSignal): Promise<void> => clock.sleep(ms, signal);
  return {
    replay: new Replay(store, nowMs),
    targets: new Targets({ store, index, caughtUp, nowMs }),
    check: new ReplayCheck({ store, rows, resources, caughtUp, sleep }),
  };
}
