import { Ajv } from 'ajv';
import type { KubeObject, ObjectMeta } from '../../store/object.ts';
import type { Cause } from '../status.ts';

const strings = { type: 'object', additionalProperties: { type: 'string' } };
const checkMetadata = new Ajv({ strict: false, verbose: true }).compile({
  type: ['object', 'null'],
  properties: {
    name: { type: 'string' },
    namespace: { type: 'string' },
    generateName: { type: 'string' },
    uid: { type: 'string' },
    resourceVersion: { type: 'string' },
    generation: { type: 'integer' },
    labels: { ...strings, nullable: true },
    annotations: { ...strings, nullable: true },
    finalizers: { type: 'array', items: { type: 'string' }, nullable: true },
    ownerReferences: { type: 'array', items: { type: 'object' }, nullable: true },
    managedFields: { type: 'array', items: { type: 'object' }, nullable: true },
  },
});

/** Why metadata cannot be decoded at all: a field of the wrong type. */
export function badMetadata(metadata: unknown): string | undefined {
  if (metadata === undefined || checkMetadata(metadata)) return undefined;
  const [error] = checkMetadata.errors ?? [];
  const [, field = 'metadata'] = (error?.instancePath ?? '').split('/');
  const { type: wanted = 'object' } = (error?.params ?? {}) as { type?: string };
  return `json: cannot unmarshal ${jsonType(error?.data)} into Go struct field ObjectMeta.${field} of type ${wanted}`;
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const KEY_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const QUALIFIED =
  "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or " +
  "'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const KEY_NAME_RULE = `name part must consist of ${QUALIFIED}`;
const KEY_RULE = `a valid label key must consist of ${QUALIFIED} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;

const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/** Rules of names, labels, annotations, finalizers and owners that hold for every type. */
export function metadataProblems({ metadata }: KubeObject): Cause[] {
  return [
    ...nameProblems(metadata),
    ...Object.keys(metadata.labels ?? {}).flatMap((key) => keyProblems(key, 'metadata.labels')),
    ...Object.values(metadata.labels ?? {}).flatMap(labelValueProblems),
    ...Object.keys(metadata.annotations ?? {}).flatMap((key) => keyProblems(key.toLowerCase(), 'metadata.annotations')),
    ...annotationSize(metadata),
    ...(metadata.finalizers ?? []).flatMap((name) => keyProblems(name, 'metadata.finalizers')),
    ...ownerProblems(metadata),
  ];
}

/** The warning a finalizer without a domain earns. */
export function metadataWarnings({ metadata }: KubeObject): string[] {
  const standard = new Set(['foregroundDeletion', 'orphan', 'kubernetes']);
  return (metadata.finalizers ?? [])
    .filter((name) => !name.includes('/') && !standard.has(name) && !name.includes('.'))
    .map(
      (name) =>
        `metadata.finalizers: "${name}": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`,
    );
}

function nameProblems({ name, generateName }: ObjectMeta): Cause[] {
  // A stem may end in what a whole name may not: the generated part follows.
  const stem =
    generateName === undefined
      ? []
      : nameRules(generateName.replace(/-$/, 'a')).map((rule) => wrong('metadata.generateName', generateName, rule));
  if (name !== '') return [...stem, ...nameRules(name).map((rule) => wrong('metadata.name', name, rule))];
  const message = 'Required value: name or generateName is required';
  return [...stem, { reason: 'FieldValueRequired', message, field: 'metadata.name' }];
}

function nameRules(name: string): string[] {
  return [
    ...(name.length > 253 ? ['must be no more than 253 characters'] : []),
    ...(NAME.test(name) ? [] : [NAME_RULE]),
  ];
}

function keyProblems(key: string, field: string): Cause[] {
  const [name = '', prefix, ...more] = key.split('/').reverse();
  if (more.length > 0) return [wrong(field, key, KEY_RULE)];
  const rules = [
    ...(prefix === '' ? ['prefix part must be non-empty'] : []),
    ...(prefix && !NAME.test(prefix) ? [`prefix part ${NAME_RULE}`] : []),
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...(name.length > 63 ? ['name part must be no more than 63 bytes'] : []),
    ...(KEY_NAME.test(name) ? [] : [KEY_NAME_RULE]),
  ];
  return rules.map((rule) => wrong(field, key, rule));
}

function labelValueProblems(value: string): Cause[] {
  const rules = [
    ...(value.length > 63 ? ['must be no more than 63 bytes'] : []),
    ...(LABEL_VALUE.test(value) ? [] : [LABEL_VALUE_RULE]),
  ];
  return rules.map((rule) => wrong('metadata.labels', value, rule));
}

function annotationSize({ annotations }: ObjectMeta): Cause[] {
  const bytes = Object.entries(annotations ?? {}).reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0);
  if (bytes <= MAX_ANNOTATIONS_BYTES) return [];
  const message = `Too long: may not be more than ${MAX_ANNOTATIONS_BYTES} bytes`;
  return [{ reason: 'FieldValueTooLong', message, field: 'metadata.annotations' }];
}

function ownerProblems({ ownerReferences: owners = [] }: ObjectMeta): Cause[] {
  const incomplete = owners.flatMap((owner) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((field) => typeof owner[field] !== 'string' || owner[field] === '')
      .map((field) => {
        const rule = field === 'apiVersion' ? 'version must not be empty' : 'must not be empty';
        return wrong(`metadata.ownerReferences.${field}`, owner[field] ?? '', rule);
      }),
  );
  const [first, second] = owners.filter(({ controller }) => controller === true);
  if (!first || !second) return incomplete;
  const both = `${first.kind}/${first.name} and ${second.kind}/${second.name}`;
  const rule = `Only one reference can have Controller set to true. Found "true" in references for ${both}`;
  return [...incomplete, wrong('metadata.ownerReferences', owners, rule)];
}

function wrong(field: string, value: unknown, rule: string): Cause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${rule}`, field };
}
