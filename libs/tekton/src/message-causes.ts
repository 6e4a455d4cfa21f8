import type { Cause } from './cause.ts';
import { cause } from './cause.ts';

/*
 * Where one reason of Tekton covers several causes and nothing but the message tells them apart. Whole words and fixed
 * phrases of Tekton, the API server and the kubelet; everything else is decided from fields.
 */

const UNPULLABLE = /\bcannot retrieve the oci image\b/;
const RESOLUTION_TIMEOUT = /\bresolution took longer than global timeout\b/;

/**
 * A bundle that cannot be fetched (no such tag, registry down, no access) is to the run what an image that cannot be
 * pulled is to a pod; one that was fetched and is not what the run asks for is a wrong configuration.
 */
export function causeOfReference(message: string): Cause {
  if (UNPULLABLE.test(message)) {
    const next =
      "check that the workflow's bundle (workflowRef.containerImage) exists and that Tekton's resolvers reach its registry with the credentials of the run's service account.";
    return cause('ImagePullBackOff', next);
  }
  // Tekton says the same of an unknown resolver, a wrong resolver parameter, a stopped resolver and a hanging registry.
  if (RESOLUTION_TIMEOUT.test(message)) {
    const next =
      "check that Tekton's resolvers run, that the resolver this run names is installed and switched on, and that the registry answers within a minute; then create a new execution.";
    return cause('ConfigurationError', next);
  }
  const next =
    "correct the workflow's bundle or the reference to it (workflowRef) as the message says and create a new execution.";
  return cause('ConfigurationError', next);
}

const QUOTA = /\bexceeded quota\b/i;
const FORBIDDEN = /\bforbidden\b/i;
const WEBHOOK_DOWN = /\bfailed calling webhook\b/i;
const NO_ACCOUNT = /\bservice ?accounts? "[^"]*" not found/i;
const POD_SECURITY = /\bviolates PodSecurity\b/;
const SECURITY_CONTEXT_CONSTRAINT = /\bsecurity context constraint\b/;
const DENIED = /\badmission webhook "([^"]+)" denied the request\b/;
const POLICY = /\bValidatingAdmissionPolicy '[^']+' .*\bdenied request\b/;
const TEKTON_WEBHOOK = /\.tekton\.dev$/;
const NO_VARIABLE = /\bnon-existent variable\b/;

/** Somebody's rule for this cluster said no; Tekton's own webhooks only say that an object is wrong. */
export function isPolicyDenial(message: string): boolean {
  const webhook = DENIED.exec(message)?.[1];
  return webhook === undefined ? POLICY.test(message) : !TEKTON_WEBHOOK.test(webhook);
}

const POLICY_NEXT =
  'change what the policy forbids, or let whoever owns the policy make an exception for the execution namespace.';

const POD_POLICY = cause(
  'Forbidden',
  "set the security context that the namespace's pod security level asks for in the workflow's steps, or run it in a namespace that allows them.",
);

/** Why the API server took a pod, claim or stateful set from Tekton for good; first what is most exact. */
export function causeOfRefusedObject(message: string): Cause {
  if (QUOTA.test(message)) return QUOTA_CAUSE;
  if (WEBHOOK_DOWN.test(message)) {
    const next = 'have the webhook that the message names mended (it did not answer), then create a new execution.';
    return cause('Unknown', next);
  }
  if (NO_ACCOUNT.test(message)) {
    const next = 'create the service account that the message names in the execution namespace, or name another one.';
    return cause('ConfigurationError', next);
  }
  if (POD_SECURITY.test(message) || SECURITY_CONTEXT_CONSTRAINT.test(message)) return POD_POLICY;
  if (isPolicyDenial(message)) return cause('Forbidden', POLICY_NEXT);
  if (FORBIDDEN.test(message))
    return cause(
      'Forbidden',
      'let the execution namespace allow what the message names: nothing of it can be created as things are.',
    );
  if (NO_VARIABLE.test(message)) {
    const next = 'take the $(…) reference out of the parameter value that carries it, or correct it in the workflow.';
    return cause('ConfigurationError', next);
  }
  return cause('ConfigurationError');
}

export const QUOTA_CAUSE = cause(
  'ResourceExhausted',
  'free or raise the ResourceQuota of the execution namespace that the message names, then create a new execution.',
);

/** Tekton up to 1.11 calls these plainly `Failed`; the words are the same before and after. */
const OOM = /^(?:init container failed, )?"([^"]+)" exited with code \d+: OOMKilled$/;
const INIT_FAILED = /^init container failed, /;
/** The kubelet's words for an eviction. */
const EVICTED = new RegExp(
  [
    /\bnode was low on resource\b/,
    /\bnode had condition\b/,
    /\bpod was evicted\b/,
    /\bexceeds the total limit of containers\b/,
    /\bexceeded its local ephemeral storage limit\b/,
    /\busage of emptydir volume\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

export const EVICTED_CAUSE = cause(
  'ResourceExhausted',
  'give the step requests for the memory or disk that the message names, or free the nodes: the pod was evicted from its node.',
);
export const INIT_CAUSE = cause(
  'TaskFailed',
  "look at the pod's init containers (kubectl describe pod): the pod could not be prepared for the steps.",
);

export const oomOf = (container: string): Cause =>
  cause('OOMKilled', `raise the memory limit of ${container}, or reduce its work.`);

/** What a plain `Failed` means by its words; undefined when they say no more than that a container failed. */
export function causeOfWords(message: string): Cause | undefined {
  const [, killed] = OOM.exec(message) ?? [];
  if (killed !== undefined) return oomOf(`the container ${killed}`);
  if (INIT_FAILED.test(message)) return INIT_CAUSE;
  return EVICTED.test(message) ? EVICTED_CAUSE : undefined;
}
