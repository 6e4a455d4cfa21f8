import { SPEC_LIMITS } from '../../src/http/schemas/spec.ts';

const long = (length: number): string => 'a'.repeat(length);

/** A spec with every field as long as REST takes it. */
export const LONGEST_SPEC = {
  remediationRequestRef: {
    name: long(253),
    namespace: long(63),
    apiVersion: long(253),
    kind: long(63),
    uid: long(128),
    resourceVersion: long(128),
    fieldPath: long(512),
  },
  workflowRef: {
    workflowId: long(253),
    version: long(128),
    containerImage: long(512),
    containerDigest: long(71),
  },
  targetResource: long(512),
  parameters: Object.fromEntries(
    Array.from({ length: SPEC_LIMITS.parameters }, (_, index) => [`P${index}`, long(500)]),
  ),
  confidence: 1,
  rationale: long(SPEC_LIMITS.rationaleBytes),
  executionConfig: {
    serviceAccountName: Array.from({ length: 4 }, () => long(62)).join('.'),
    timeout: '1h',
    onConflict: 'Wait',
    workspaces: Array.from({ length: SPEC_LIMITS.workspaces }, (_, index) => ({
      name: `${long(240)}${index}`,
      subPath: long(1024),
      emptyDir: {},
    })),
  },
};
