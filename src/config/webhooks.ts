import { z } from 'zod';
import { SCHEMA_VERSIONS } from '#execution';
import type { LeafMeta } from './leaf.ts';
import { duration, isOfThisMachine } from './leaf.ts';

/** Webhooks of one service. */
export const MAX_WEBHOOKS = 20;

const TYPES = Object.keys(SCHEMA_VERSIONS) as [string, ...string[]];

/** What a field must look like is told in complaints. */
const field = <Schema extends z.ZodType>(schema: Schema, expected: string): Schema => schema.meta({ expected });
const mapping = ({ shape }: z.ZodObject): string => `a mapping of ${Object.keys(shape).join(', ')}`;
const words = (expected = 'a text that is not empty') => field(z.string().min(1).max(1024), expected).exactOptional();

const filters = z.strictObject({
  types: field(
    z.array(field(z.enum(TYPES), `one of ${TYPES.join(', ')}`)).min(1),
    `a list of event types: ${TYPES.join(', ')}`,
  ).exactOptional(),
  target: words(),
  workflowId: words(),
  actor: words(),
  outcome: field(
    z.enum(['Success', 'Failed', 'Cancelled', 'Skipped']),
    'one of Success, Failed, Cancelled, Skipped',
  ).exactOptional(),
  remediationRequest: words(),
});
const filter = field(filters, mapping(filters));

const fields = {
  name: field(
    z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/),
    'a name: at most 40 lower-case letters, digits and dashes; it stays, because its position is kept under it',
  ),
  url: field(
    z
      .string()
      .max(2048)
      .refine((value) => URL.canParse(value) && isSendable(new URL(value))),
    'an https:// URL; in its user and password, % is written as %25',
  ),
  secretFile: words('a path to a file with one or more signing secrets (whsec_ and base64), one a line'),
  secretEnv: field(
    z.string().regex(/^(?!WFE_)[A-Za-z_][A-Za-z0-9_]*$/),
    'the name of an environment variable that does not begin with WFE_',
  ).exactOptional(),
  insecure: field(z.boolean(), 'true or false').default(false),
  begin: field(z.enum(['now', 'start']), 'one of now, start').default('now'),
  timeout: duration('10s', '100ms', '2m', ''),
  filter: filter.default({}),
};

/** Credentials are sent decoded. */
function isSendable({ protocol, username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
  } catch {
    return false;
  }
  return /^https?:$/.test(protocol);
}

type Fields = z.output<z.ZodObject<typeof fields>>;

interface Rule {
  /** What it is about, the one to complain of first. Asked only when nothing is wrong with any of them alone. */
  readonly of: readonly [keyof Fields, keyof Fields];
  readonly expected: string;
  readonly holds: (webhook: Fields) => boolean;
}

const RULES: readonly Rule[] = [
  {
    of: ['url', 'insecure'],
    expected: 'an https:// URL; plain http:// only to this machine, or with insecure: true',
    holds: ({ url, insecure }) => insecure || !/^http:/i.test(url) || isOfThisMachine(new URL(url)),
  },
  {
    of: ['secretFile', 'secretEnv'],
    expected: 'exactly one of secretFile and secretEnv',
    holds: ({ secretFile, secretEnv }) => (secretFile === undefined) !== (secretEnv === undefined),
  },
];

/** Whether nothing was complained of that these fields say. What is no mapping at all has no fields. */
const areSound =
  (of: readonly string[]) =>
  ({ issues }: z.core.ParsePayload): boolean =>
    !issues.some(({ path: [name] = [], code }) =>
      name === undefined ? code !== 'unrecognized_keys' : of.includes(String(name)),
    );

const plain = z.strictObject(fields);
const webhook = RULES.reduce(
  (schema, { of, expected, holds }) =>
    schema.refine(holds, { path: [of[0]], params: { expected }, when: areSound(of) }),
  field(plain, mapping(plain)),
);
export type WebhookConfig = z.output<typeof webhook>;

const namesDiffer = (webhooks: readonly { readonly name: string }[]): boolean =>
  new Set(webhooks.map(({ name }) => name)).size === webhooks.length;

/** `webhooks.endpoints`: where events are sent, and which. */
export const endpoints = z
  .array(webhook)
  .max(MAX_WEBHOOKS)
  .refine(namesDiffer, { params: { expected: 'a name of its own for each webhook' } })
  .default([])
  .meta({
    description:
      'Where events are sent as they happen; see [webhooks](../reference/webhooks.md). As JSON in the environment.',
    expected: `a list of at most ${MAX_WEBHOOKS} webhooks`,
    text: 'json',
    shown: (value: unknown) =>
      (value as readonly WebhookConfig[]).map((each) => ({ ...each, url: shownUrl(each.url) })),
    hides: ['url'],
  } satisfies LeafMeta & Record<string, unknown>);

/** An address without what may be secret in it: credentials, query and fragment. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
