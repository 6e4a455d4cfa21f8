import type { Position } from '#event-store';
import { executionIdOf, STREAM_CATEGORY } from '#execution';
import type { RuntimeOptions } from './runtime-options.ts';

const RETRY_MS = 1_000;

/**
 * Every event since the start is a reason to look at its execution; the resync looks at what was open before. Follows
 * the log until the signal aborts, whatever happens on the way.
 */
export async function followLog(
  { store, clock, log, telemetry }: RuntimeOptions,
  since: Position,
  tap: (executionId: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const filter = { streamPrefixes: [`${STREAM_CATEGORY}-`] };
  let after = since;
  while (!signal.aborted) {
    try {
      for await (const message of store.subscribe(after, filter, signal)) {
        after = message.kind === 'event' ? message.event.position : message.position;
        const id = message.kind === 'event' ? executionIdOf(message.event.stream) : undefined;
        if (id !== undefined) tap(id);
      }
    } catch (error) {
      telemetry.driverFault('subscription');
      log.error({ err: error }, 'the log could not be followed; it will be tried again');
    }
    await clock.sleep(RETRY_MS, signal);
  }
}
