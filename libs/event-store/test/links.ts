import type { EventStore, EventTexts, KnownTexts, Link, Position, SoundRun } from '#event-store';
import { leafHash } from '#event-store';

export async function linksOf(store: EventStore): Promise<Link[]> {
  const found: Link[] = [];
  for await (const page of store.links()) found.push(...page);
  return found;
}

/** Of the events a link stands for. */
export function positionsOf(link: Link): readonly Position[] {
  return link.kind === 'sound' ? Array.from({ length: link.events }, (_, index) => link.at(index)) : [link.position];
}

export const runsIn = (links: readonly Link[]): readonly SoundRun[] => links.filter((link) => link.kind === 'sound');

/** What a run says. */
export const said = ({ events, leaves, streams }: SoundRun): object => ({ events, leaves, streams });

/** What a run must say, by the texts of the log, which hold all its events. */
export function expectedOf(run: SoundRun, texts: readonly EventTexts[]): object {
  const positions = new Set(positionsOf(run));
  const events = texts.filter((entry) => positions.has(entry.position)) as KnownTexts[];
  const streams = [...new Set(events.map(({ stream }) => stream))];
  return {
    events: positions.size,
    leaves: events.map(({ hash }) => leafHash(hash)).join(''),
    streams: streams.map((stream) => {
      const own = events.filter((event) => event.stream === stream);
      const [first, last] = [own[0]!, own.at(-1)!];
      const { revision, previousHash } = first;
      return { stream, revision, previousHash, lastRevision: last.revision, lastHash: last.hash };
    }),
  };
}
