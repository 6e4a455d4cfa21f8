import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LogIndex } from '#audit';
import type { EventStore } from '#event-store';
import { openSqliteEventStore } from '#event-store';
import { openSqliteReadModel } from '#read-model';
import type { ReadModel } from '#runtime';
import type { Config } from '../config/schema.ts';
import { startupStep } from './startup-step.ts';

/** What the service keeps on its disk. */
export interface Stores {
  readonly store: EventStore;
  readonly readModel: ReadModel & LogIndex;
}

/** @throws StartupError */
export async function openStores({ store }: Config): Promise<Stores> {
  return startupStep(async () => {
    mkdirSync(store.dataFolder, { recursive: true });
    const log = await openSqliteEventStore({ file: join(store.dataFolder, 'events.sqlite') });
    try {
      return {
        store: log,
        readModel: await openSqliteReadModel({
          file: join(store.dataFolder, 'read-model.sqlite'),
          compare: (a, b) => log.compare(a, b),
        }),
      };
    } catch (error) {
      await log.close();
      throw error;
    }
  });
}
