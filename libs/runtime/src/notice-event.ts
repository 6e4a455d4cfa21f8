import type { BoundResource, Notice } from '#execution';
import { API_VERSION, sha256Hex } from '#execution';
import type { KubeObject } from '#kubernetes';
import { EVENTS, WORKFLOW_EXECUTIONS } from '#kubernetes';

/** An Event of events.k8s.io/v1, with what its API server asks of a new one. */
export interface EventObject extends KubeObject {
  /** With six digits after the second: anything else cannot be decoded. */
  readonly eventTime: string;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly action: string;
  readonly reason: string;
  readonly note: string;
  readonly type: Notice['type'];
  readonly regarding: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
  };
}

/** Shown by `kubectl describe` in the column From. */
export const REPORTING_CONTROLLER = 'workflowexecution.kubernaut.ai/controller';
/** The API server's limit for `reportingInstance`. */
const INSTANCE_LENGTH = 128;

/** Where a notice is put down, and by whom. */
export interface NoticePlace {
  readonly executionId: string;
  readonly resource: BoundResource;
  /** Which process tells it: the pod's name. */
  readonly instance: string;
}

/** The Event that shows a notice; the same notice always has the same name. */
export function eventFor(
  { revision, at, ...shown }: Notice,
  { executionId, resource, instance }: NoticePlace,
): EventObject {
  const { namespace, name, uid } = resource;
  return {
    apiVersion: `${EVENTS.group}/${EVENTS.version}`,
    kind: EVENTS.kind,
    metadata: { namespace, name: eventName(name, executionId, revision) },
    eventTime: new Date(at).toISOString().replace('Z', '000Z'),
    reportingController: REPORTING_CONTROLLER,
    reportingInstance: instance.slice(0, INSTANCE_LENGTH),
    ...shown,
    regarding: { apiVersion: API_VERSION, kind: WORKFLOW_EXECUTIONS.kind, namespace, name, uid },
  };
}

/** Of the 253 characters that a name may have, what its own end leaves. */
const RESOURCE_NAME_LENGTH = 200;
const ID_DIGITS = 16;
/** Enough for MAX_EVENTS_PER_EXECUTION. */
const REVISION_DIGITS = 5;

/**
 * Derived from the event it tells of, so that a second attempt finds the first. The revision is written so that names
 * sort as the events happened: kubectl describe shows events without an old-style timestamp in the order of their names.
 */
export function eventName(resourceName: string, executionId: string, revision: number): string {
  const shortened = resourceName.slice(0, RESOURCE_NAME_LENGTH).replace(/[^a-z0-9]+$/, '');
  const number = String(revision).padStart(REVISION_DIGITS, '0');
  return `${shortened}.${sha256Hex(executionId).slice(0, ID_DIGITS)}.${number}`;
}
