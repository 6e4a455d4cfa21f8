import type { RecordedEvent } from '#event-store';
import { factOf } from '#event-store';
import type { Execution } from '#execution';
import { executionIdOf, fold } from '#execution';

/** Every execution of a log as it stood at a moment (ISO 8601), said as plainly as can be. */
export function everyExecutionAt(log: readonly RecordedEvent[], moment: string): ReadonlyMap<string, Execution> {
  const streams = Map.groupBy(log, ({ stream }) => executionIdOf(stream) ?? '');
  const found = new Map<string, Execution>();
  for (const [id, events] of streams) {
    const beyond = events.findIndex(({ metadata }) => metadata.time > moment);
    const execution = fold((beyond < 0 ? events : events.slice(0, beyond)).map(factOf));
    if (execution.phase !== 'Absent') found.set(id, execution);
  }
  return found;
}
