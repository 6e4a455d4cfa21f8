import type { EventStore, EventTexts, StoreFault } from '#event-store';
import { START } from '#event-store';
import type { WholeTexts } from './texts.ts';

/** All entries, in the order of the log; what comes out stands where it says it does. */
export type Edit = (entries: WholeTexts[]) => readonly EventTexts[];

/** What somebody made of a log behind the back of the service. */
export interface Edited {
  readonly entries?: Edit;
  readonly faults?: readonly StoreFault[];
  /** Whatever else the store answers otherwise. */
  readonly instead?: Partial<EventStore>;
}

/** The store as it shows a log after that; the seal log by itself is read as it was before. */
export async function edited(
  store: EventStore,
  { entries = (all) => all, faults = [], instead }: Edited,
): Promise<EventStore> {
  const all: EventTexts[] = [];
  for (let after = START, end = false; !end;) {
    const slice = await store.readTexts(after);
    all.push(...slice.entries);
    ({ next: after, end } = slice);
  }
  const log = entries(all as WholeTexts[]);
  const last = log.at(-1)?.position ?? START;
  const other: Partial<EventStore> = {
    head: async () => last,
    selfCheck: async () => faults,
    follows: () => undefined,
    textsAt: async (stream, revision) =>
      log.find((entry) => entry.kind !== 'unreadable' && entry.stream === stream && entry.revision === revision),
    async *links() {
      yield log;
    },
    ...instead,
  };
  return new Proxy(store, {
    get: (target, name) => {
      const answer: unknown = Reflect.get(name in other ? other : target, name);
      return typeof answer === 'function' ? (answer.bind(target) as unknown) : answer;
    },
  });
}
