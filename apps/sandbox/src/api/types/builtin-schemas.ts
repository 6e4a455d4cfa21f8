import { isFields } from '../../store/object.ts';
import type { KubeObject } from '../../store/object.ts';
import type { Schema } from '../schema/schema.ts';

const text = (limits: Partial<Schema> = {}): Schema => ({ type: 'string', ...limits });
const object = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
});
const int32: Schema = { type: 'integer', format: 'int32' };
const time: Schema = { type: 'string', format: 'date-time' };

const REFERENCE = object({
  apiVersion: text(),
  kind: text(),
  namespace: text(),
  name: text(),
  uid: text(),
  resourceVersion: text(),
  fieldPath: text(),
});

const CONDITION = object({ type: text(), status: text(), lastTransitionTime: time, reason: text(), message: text() }, [
  'type',
  'status',
]);

export const NAMESPACE_SCHEMA: Schema = object({
  spec: object({ finalizers: { type: 'array', 'x-kubernetes-list-type': 'atomic', items: text() } }),
  status: object({
    phase: text(),
    conditions: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: CONDITION,
    },
  }),
});

export const LEASE_SCHEMA: Schema = object({
  spec: object({
    holderIdentity: text({ minLength: 1 }),
    leaseDurationSeconds: { ...int32, minimum: 0, exclusiveMinimum: true },
    acquireTime: time,
    renewTime: time,
    leaseTransitions: { ...int32, minimum: 0 },
    strategy: text(),
    preferredHolder: text(),
  }),
});

/** Limits of events.k8s.io/v1: what the API server asks of a new event. */
export const EVENT_SCHEMA: Schema = object(
  {
    eventTime: { ...time, nullable: true },
    series: object({ count: int32, lastObservedTime: time }, ['count', 'lastObservedTime']),
    reportingController: text({ minLength: 1, maxLength: 253 }),
    reportingInstance: text({ minLength: 1, maxLength: 128 }),
    action: text({ minLength: 1, maxLength: 128 }),
    reason: text({ minLength: 1, maxLength: 128 }),
    regarding: REFERENCE,
    related: REFERENCE,
    note: text({ maxLength: 1024 }),
    type: text({ enum: ['Normal', 'Warning'] }),
    deprecatedSource: object({ component: text(), host: text() }),
    deprecatedFirstTimestamp: { ...time, nullable: true },
    deprecatedLastTimestamp: { ...time, nullable: true },
    deprecatedCount: int32,
  },
  ['eventTime', 'reportingController', 'reportingInstance', 'action', 'reason', 'type'],
);

export const CORE_EVENT_SCHEMA: Schema = object({
  involvedObject: REFERENCE,
  related: REFERENCE,
  reason: text(),
  message: text(),
  source: object({ component: text(), host: text() }),
  firstTimestamp: { ...time, nullable: true },
  lastTimestamp: { ...time, nullable: true },
  count: int32,
  type: text(),
  eventTime: { ...time, nullable: true },
  series: object({ count: int32, lastObservedTime: time }),
  action: text(),
  reportingComponent: text(),
  reportingInstance: text(),
});

const open = (properties: Record<string, Schema>): Schema => ({
  ...object(properties),
  'x-kubernetes-preserve-unknown-fields': true,
});
const texts: Schema = { type: 'array', items: text() };
const NAMES = open({
  plural: text(),
  singular: text(),
  kind: text(),
  listKind: text(),
  shortNames: texts,
  categories: texts,
});

/** What a client must know of a definition's shape to patch it; definition-rules.ts judges it. */
export const DEFINITION_SCHEMA: Schema = open({
  spec: open({
    group: text(),
    scope: text(),
    names: NAMES,
    conversion: open({ strategy: text() }),
    preserveUnknownFields: { type: 'boolean' },
    versions: {
      type: 'array',
      items: open({ name: text(), served: { type: 'boolean' }, storage: { type: 'boolean' } }),
    },
  }),
  status: open({
    acceptedNames: NAMES,
    storedVersions: texts,
    conditions: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: CONDITION,
    },
  }),
});

const MICRO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/;

/** A MicroTime has exactly six digits after the second; the API server refuses to decode anything else. */
export function badMicroTime(...paths: readonly (readonly string[])[]): (object: KubeObject) => string | undefined {
  return (decoded) => {
    for (const path of paths) {
      const value = path.reduce<unknown>((at, field) => (isFields(at) ? at[field] : undefined), decoded);
      if (typeof value === 'string' && !MICRO_TIME.test(value)) {
        return `parsing time "${value}" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "${value.slice(19)}" as ".000000"`;
      }
    }
    return undefined;
  };
}
