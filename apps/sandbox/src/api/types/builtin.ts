import { AGE_COLUMN, NAME_COLUMN, columnOf, columnsOf } from '../table/columns.ts';
import { selectable } from './definition.ts';
import { completeDefinition, definitionProblems } from './definition-rules.ts';
import { builtin } from './builtin-type.ts';
import { CONFIG_MAP_TYPE, SECRET_TYPE } from './held-data.ts';
import { CORE_EVENT_VIEW, EVENT_COLUMNS } from './event-view.ts';
import {
  CORE_EVENT_SCHEMA,
  DEFINITION_SCHEMA,
  EVENT_SCHEMA,
  LEASE_SCHEMA,
  NAMESPACE_SCHEMA,
  badMicroTime,
} from './builtin-schemas.ts';
import { completeNamespace, namespaceFinalizers } from './namespace.ts';
import type { Column, ServedType } from './served-type.ts';

/** The one column of a definition is a point in time, not an age. */
const CREATED_AT: Column = {
  ...columnOf(AGE_COLUMN),
  name: 'Created At',
  cell: ({ metadata }) => metadata.creationTimestamp,
};

/** What the sandbox serves without a definition: far from everything a cluster has, and nothing of it half. */
export const BUILTIN_TYPES: readonly ServedType[] = [
  {
    ...builtin('', 'v1', 'namespaces', 'Namespace', NAMESPACE_SCHEMA),
    namespaced: false,
    hasStatus: true,
    shortNames: ['ns'],
    columns: columnsOf([
      { name: 'Status', type: 'string', jsonPath: '.status.phase', description: 'The status of the namespace' },
      AGE_COLUMN,
    ]),
    selectable: [selectable('.status.phase')],
    prepare: completeNamespace,
    heldBy: namespaceFinalizers,
  },
  CONFIG_MAP_TYPE,
  SECRET_TYPE,
  {
    ...builtin('', 'v1', 'events', 'Event', CORE_EVENT_SCHEMA),
    collection: 'events.k8s.io/events',
    shortNames: ['ev'],
    columns: EVENT_COLUMNS.core,
    view: CORE_EVENT_VIEW,
    selectable: eventFields('involvedObject'),
  },
  {
    ...builtin('events.k8s.io', 'v1', 'events', 'Event', EVENT_SCHEMA),
    shortNames: ['ev'],
    columns: EVENT_COLUMNS.current,
    selectable: eventFields('regarding'),
    undecodable: badMicroTime(['eventTime'], ['series', 'lastObservedTime']),
  },
  {
    ...builtin('coordination.k8s.io', 'v1', 'leases', 'Lease', LEASE_SCHEMA),
    columns: columnsOf([
      { name: 'Holder', type: 'string', jsonPath: '.spec.holderIdentity', description: 'Who holds the lease' },
      AGE_COLUMN,
    ]),
    undecodable: badMicroTime(['spec', 'acquireTime'], ['spec', 'renewTime']),
  },
  {
    ...builtin(
      'apiextensions.k8s.io',
      'v1',
      'customresourcedefinitions',
      'CustomResourceDefinition',
      DEFINITION_SCHEMA,
    ),
    namespaced: false,
    hasStatus: true,
    countsGenerations: true,
    categories: ['api-extensions'],
    shortNames: ['crd', 'crds'],
    columns: [NAME_COLUMN, CREATED_AT],
    validate: (value) => definitionProblems(value),
    prepare: completeDefinition,
  },
];

function eventFields(reference: string): ServedType['selectable'] {
  const about = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];
  const own =
    reference === 'regarding'
      ? ['reason', 'type', 'reportingController']
      : ['reason', 'type', 'reportingComponent', 'source'];
  return [...about.map((field) => `${reference}.${field}`), ...own].map((path) => selectable(`.${path}`));
}
