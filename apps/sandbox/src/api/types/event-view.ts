import { isFields } from '../../store/object.ts';
import type { Fields, KubeObject } from '../../store/object.ts';
import type { Column, View } from './served-type.ts';

/** Fields of events.k8s.io/v1 and what core v1 calls them; the rest is called the same. */
const RENAMED: readonly (readonly [current: string, core: string])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
];

/** Core v1 events are the same objects as those of events.k8s.io, in older words. kubectl describe reads these. */
export const CORE_EVENT_VIEW: View = {
  read: (stored) => ({ ...renamed(stored, RENAMED), ...coreDefaults(stored), apiVersion: 'v1', kind: 'Event' }),
  write: (given) => ({
    ...renamed(
      given,
      RENAMED.map(([current, core]) => [core, current]),
    ),
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: given.metadata,
  }),
};

function renamed(object: KubeObject, names: readonly (readonly [string, string])[]): KubeObject {
  const name = new Map(names);
  const fields = Object.entries(object).map(([field, value]) => [name.get(field) ?? field, value] as const);
  return Object.fromEntries(fields) as KubeObject;
}

/** Fields that core events always have, even when the newer form leaves them out. */
function coreDefaults(stored: KubeObject): Fields {
  return {
    source: stored['deprecatedSource'] ?? {},
    firstTimestamp: stored['deprecatedFirstTimestamp'] ?? null,
    lastTimestamp: stored['deprecatedLastTimestamp'] ?? null,
  };
}

const COLUMNS = (about: string, text: string): readonly Column[] => [
  column('Last Seen', 'date', 'Time the event was last seen', lastSeen),
  column('Type', 'string', 'Type of event', (event) => event['type'] ?? null),
  column('Reason', 'string', 'Why the event was made', (event) => event['reason'] ?? null),
  column('Object', 'string', 'What the event is about', (event) => objectOf(event[about])),
  column('Message', 'string', 'The event in words', (event) => event[text] ?? null),
];

export const EVENT_COLUMNS = { core: COLUMNS('involvedObject', 'message'), current: COLUMNS('regarding', 'note') };

function column(name: string, type: string, description: string, cell: (event: KubeObject) => unknown): Column {
  return { name, type, format: name === 'Object' ? 'name' : '', description, priority: 0, cell };
}

function objectOf(reference: unknown): string {
  if (!isFields(reference)) return '';
  const { kind, name } = reference as { kind?: string; name?: string };
  return `${kind?.toLowerCase() ?? ''}/${name ?? ''}`;
}

function lastSeen(event: KubeObject): Date {
  const series = isFields(event['series']) ? event['series']['lastObservedTime'] : undefined;
  const times = [series, event['lastTimestamp'], event['deprecatedLastTimestamp'], event['eventTime']];
  const seen = times.find((time) => typeof time === 'string') ?? event.metadata.creationTimestamp;
  return new Date(String(seen));
}
