import type { Source } from '#execution';
import type { CommandOrigin } from './dispatcher.ts';
import type { Ids } from './ids.ts';

/** The service's own name in the log, for what no person asked. */
export const SERVICE_ACTOR = { user: 'system:workflow-execution-service' } as const;

/** Origin of a command the service gives itself. */
export const ownOrigin = (ids: Ids, source: Exclude<Source, 'rest'>): CommandOrigin => ({
  actor: SERVICE_ACTOR,
  source,
  commandId: ids.command(),
});
