import type { ClusterError, ObjectName } from '../cluster.ts';
import type { LossReason } from './term.ts';

export type LeaseAction = 'read' | 'create' | 'claim' | 'renew' | 'release';

/** What happens inside an election, for logs and metrics. Terms are numbers: no label of a metric is a name. */
export type LeadershipNews =
  /** Another candidate holds the Lease; told when it is another one than before. */
  | { readonly kind: 'waiting'; readonly holder: string }
  | { readonly kind: 'acquired'; readonly term: number }
  | { readonly kind: 'renewed'; readonly term: number; readonly tookMs: number }
  | { readonly kind: 'lost'; readonly term: number; readonly reason: LossReason; readonly holder?: string }
  | { readonly kind: 'released' }
  | LeaseFailure;

/** A request about the Lease failed. It is tried again; `message` is a sentence for the log. */
export interface LeaseFailure {
  readonly kind: 'failed';
  readonly action: LeaseAction;
  readonly error: ClusterError;
  readonly message: string;
  /** In a row, this one included. */
  readonly failures: number;
}

export function failureOf(action: LeaseAction, lease: ObjectName, error: ClusterError, failures: number): LeaseFailure {
  const message = `cannot ${action} the Lease ${lease.namespace}/${lease.name}: ${reasonOf(action, lease, error)}`;
  return { kind: 'failed', action, error, message, failures };
}

function reasonOf(action: LeaseAction, { namespace }: ObjectName, error: ClusterError): string {
  if (error.code !== 'forbidden') return error.message;
  const verb = MISSING_VERB[action];
  return (
    `the service account may not ${verb} leases (coordination.k8s.io) in namespace ${namespace}; without that this ` +
    `replica cannot lead. Grant get, create and update on leases there with a Role and a RoleBinding. (${error.message})`
  );
}

/** The verb of RBAC; a renewal and a release that fail on reading say so in the API server's own words. */
const MISSING_VERB: Readonly<Record<LeaseAction, string>> = {
  read: 'get',
  create: 'create',
  claim: 'update',
  renew: 'update',
  release: 'update',
};
