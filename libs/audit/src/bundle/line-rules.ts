import type { BundleLine } from './format.ts';
import { STREAM_CATEGORY } from '#execution';
import { ARCHIVE_NAME_LIMIT, BUNDLE_FORMAT, EXECUTIONS_LIMIT, PRODUCT, WORD_LIMIT } from './format.ts';

type Rule = (value: unknown) => boolean;

const STREAM_LENGTH = 200;
const TYPE_LENGTH = 100;
/** A tree of countable leaves is not deeper. */
const PATH_LENGTH = 53;
const SIGNATURE_BYTES = 64;

/** An object with exactly these members. */
function members(rules: Readonly<Record<string, Rule>>): Rule {
  const names = Object.keys(rules);
  return (value) => {
    if (!isObject(value)) return false;
    const found = value as Readonly<Record<string, unknown>>;
    if (Object.keys(found).length !== names.length) return false;
    return names.every((name) => Object.hasOwn(found, name) && rules[name]!(found[name]));
  };
}

const is =
  (wanted: string | number): Rule =>
  (value) =>
    value === wanted;
const matches =
  (pattern: RegExp, limit: number): Rule =>
  (value) =>
    typeof value === 'string' && value.length <= limit && pattern.test(value);
const orNull =
  (rule: Rule): Rule =>
  (value) =>
    value === null || rule(value);
const wholeFrom =
  (least: number): Rule =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= least;

const isObject: Rule = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const whole = wholeFrom(0);
const hash = matches(/^[0-9a-f]{64}$/, 64);
const instant = matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 24);
const stream = matches(/^[a-z0-9]+-[a-z0-9-]+$/, STREAM_LENGTH);
const word: Rule = (value) => typeof value === 'string' && value.length >= 1 && value.length <= WORD_LIMIT;
const path: Rule = (value) =>
  Array.isArray(value) && value.length <= PATH_LENGTH && value.every((each: unknown) => hash(each));
const signature: Rule = (value) => {
  if (!word(value)) return false;
  const bytes = Buffer.from(value as string, 'base64');
  return bytes.length === SIGNATURE_BYTES && bytes.toString('base64') === value;
};

/** Of an event and of a stub. */
const OF_BOTH = {
  hash,
  id: matches(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 36),
  position: word,
  previousHash: hash,
  revision: whole,
  schemaVersion: wholeFrom(1),
  stream,
  type: matches(/^[A-Za-z0-9._-]+$/, TYPE_LENGTH),
};
const event = members({ data: isObject, metadata: isObject, ...OF_BOTH });
const stub = members({
  archive: matches(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, ARCHIVE_NAME_LIMIT),
  ...OF_BOTH,
});

const SCOPES = [
  members({ kind: is('all') }),
  members({ kind: is('time'), from: orNull(instant), to: orNull(instant) }),
  members({ kind: is('execution'), executionId: word, stream }),
  members({ kind: is('executions'), executionIds: (value) => isSortedIds(value) }),
];

const executionId = matches(/^[a-z0-9-]+$/, STREAM_LENGTH - STREAM_CATEGORY.length - 1);

/** Some, not too many, by name, and none twice. */
const isSortedIds: Rule = (value) =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= EXECUTIONS_LIMIT &&
  value.every((id: unknown, index) => executionId(id) && (index === 0 || String(value[index - 1]) < String(id)));

/** Null in the scopes of executions, a number in the others; times with at most one side open; the stream of its id. */
const scopeFits: Rule = (value) => {
  const { scope, firstOrdinal } = value as { scope: Record<string, unknown>; firstOrdinal: unknown };
  const isOfExecutions = scope['kind'] === 'execution' || scope['kind'] === 'executions';
  if (isOfExecutions !== (firstOrdinal === null)) return false;
  if (scope['kind'] === 'all') return firstOrdinal === 0;
  if (scope['kind'] === 'time') return scope['from'] !== null || scope['to'] !== null;
  return scope['kind'] === 'executions' || scope['stream'] === `${STREAM_CATEGORY}-${String(scope['executionId'])}`;
};

const head = members({
  asOf: word,
  firstOrdinal: orNull(whole),
  format: is(BUNDLE_FORMAT),
  kind: is('bundle'),
  madeAt: instant,
  madeBy: word,
  newestSeal: orNull(members({ hash, number: whole, total: wholeFrom(1) })),
  product: is(PRODUCT),
  scope: (value) => SCOPES.some((rule) => rule(value)),
  storeId: word,
});

const ordinal = whole;
const proof = members({ index: whole, path, seal: whole });

/** Of every kind, the forms its line may have: what the format says of members and their values. */
export const LINE_RULES: Readonly<Record<BundleLine['kind'], readonly Rule[]>> = {
  bundle: [(value) => head(value) && scopeFits(value)],
  key: [members({ event, kind: is('key') })],
  seal: [members({ event, kind: is('seal') })],
  claim: [members({ event, kind: is('claim') })],
  event: [{}, { ordinal }, { ordinal, proof }].map((place) => members({ event, kind: is('event'), ...place })),
  stub: [{}, { ordinal }, { ordinal, proof }].map((place) => members({ stub, kind: is('stub'), ...place })),
  stream: [members({ hash, kind: is('stream'), revision: whole, stream })],
  end: [
    members({
      counts: members({
        ...{ claims: whole, events: whole, keys: whole, seals: whole },
        ...{ streams: whole, stubs: whole, unsealed: whole },
      }),
      keyId: orNull(hash),
      kind: is('end'),
      sha256: hash,
      signature: orNull(signature),
    }),
  ],
};
