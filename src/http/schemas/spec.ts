import { z } from 'zod';
import type { JsonObject } from '#execution';
import { SPEC_BYTES, WORKSPACE_SOURCES } from '#execution';
import { expected, expectedUnseen } from './expected.ts';
import { SPEC_EXAMPLE } from './examples.ts';

/** Limits of what a request may ask for; the log and the cluster are built for these. */
export const SPEC_LIMITS = {
  specBytes: SPEC_BYTES,
  parameters: 100,
  parameterBytes: 8 * 1024,
  rationaleBytes: 8 * 1024,
  workspaces: 32,
} as const;

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** A text of 1 to `max` characters. */
export const words = (max: number) =>
  z.string(expected('a text')).min(1, expected('a text that is not empty')).max(max);

export const dnsLabel = z
  .string(expected('a DNS label'))
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    expected('a DNS label: at most 63 lower-case letters, digits and dashes, a letter or digit at both ends'),
  );

const PART = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
export const dnsSubdomain = z
  .string(expected('a DNS subdomain'))
  .regex(
    new RegExp(String.raw`^(?=.{1,253}$)${PART}(?:\.${PART})*$`),
    expected(
      'a DNS subdomain: at most 253 lower-case letters, digits, dashes and dots, a letter or digit at both ends of each part',
    ),
  );

const textUpTo = (limit: number) =>
  z
    .string(expectedUnseen('a text'))
    .refine((text) => bytes(text) <= limit, expectedUnseen(`at most ${limit} bytes`))
    .meta({ maxLength: limit });

const parameterName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/);
const parameters = z
  .record(parameterName, textUpTo(SPEC_LIMITS.parameterBytes), {
    error: (issue) =>
      issue.code === 'invalid_key'
        ? 'expected a parameter name: a letter or _, then letters, digits, _, . and -, at most 128 characters'
        : undefined,
  })
  .refine((all) => Object.keys(all).length <= SPEC_LIMITS.parameters, {
    error: ({ input }) =>
      `expected at most ${SPEC_LIMITS.parameters} parameters; found ${Object.keys(input as object).length}`,
  })
  .meta({
    description:
      'Passed to the pipeline byte for byte, and kept in clear: names that look sensitive are refused (`spec-refused`), see docs/guides/secrets.md.',
    maxProperties: SPEC_LIMITS.parameters,
  });

/** A Kubernetes volume source, passed on as it is. Its type is known here: it was JSON. */
const source = z.looseObject({}) as unknown as z.ZodType<JsonObject>;

const workspace = z
  .strictObject({
    name: words(253),
    subPath: words(1024).exactOptional(),
    emptyDir: source.exactOptional(),
    secret: source.exactOptional(),
    configMap: source.exactOptional(),
    persistentVolumeClaim: source.exactOptional(),
    volumeClaimTemplate: source.exactOptional(),
    projected: source.exactOptional(),
    csi: source.exactOptional(),
  })
  .refine((binding) => WORKSPACE_SOURCES.filter((each) => each in binding).length === 1, {
    error: ({ input }) => {
      const found = WORKSPACE_SOURCES.filter((each) => each in (input as object));
      return `expected exactly one of ${WORKSPACE_SOURCES.join(', ')}; found ${found.join(' and ') || 'none'}`;
    },
  })
  .meta({ description: `A workspace and exactly one of ${WORKSPACE_SOURCES.join(', ')}.` });

const executionConfig = z.strictObject({
  serviceAccountName: dnsSubdomain.exactOptional(),
  timeout: words(32)
    .meta({ description: 'Go duration, for example 1h15m.', examples: ['30m'] })
    .exactOptional(),
  onConflict: z.enum(['Fail', 'Skip', 'Wait']).exactOptional(),
  workspaces: z
    .array(workspace)
    .max(SPEC_LIMITS.workspaces, { error: `expected at most ${SPEC_LIMITS.workspaces} workspaces` })
    .exactOptional(),
});

const remediationRequestRef = z.strictObject({
  name: words(253).meta({ description: 'Correlation id of everything done for it.' }),
  namespace: words(63).exactOptional(),
  apiVersion: words(253).exactOptional(),
  kind: words(63).exactOptional(),
  uid: words(128).exactOptional(),
  resourceVersion: words(128).exactOptional(),
  fieldPath: words(512).exactOptional(),
});

const workflowRef = z.strictObject({
  workflowId: words(253),
  version: words(128),
  containerImage: words(512).meta({ description: 'OCI reference of the bundle.' }),
  containerDigest: words(71).meta({ description: 'sha256: and 64 hex digits.' }).exactOptional(),
});

/** The spec of a WorkflowExecution as REST takes it. `cancel` is a command of its own there. */
export const specSchema = z
  .strictObject({
    remediationRequestRef,
    workflowRef,
    targetResource: words(512).meta({
      description: '`namespace/kind/name`, or `kind/name` for a cluster-scoped target. Case matters.',
    }),
    parameters: parameters.exactOptional(),
    confidence: z.number().min(0).max(1).exactOptional(),
    rationale: textUpTo(SPEC_LIMITS.rationaleBytes).exactOptional(),
    executionConfig: executionConfig.exactOptional(),
  })
  .refine((spec) => bytes(JSON.stringify(spec)) <= SPEC_LIMITS.specBytes, {
    error: ({ input }) =>
      `expected at most ${SPEC_LIMITS.specBytes} bytes of JSON; found ${bytes(JSON.stringify(input))}`,
  })
  .meta({
    id: 'ExecutionSpec',
    description: `At most ${SPEC_LIMITS.specBytes} bytes of JSON.`,
    examples: [SPEC_EXAMPLE],
  });
