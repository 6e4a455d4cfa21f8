import { sha256Hex } from '#execution';

const VALID = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const HASH_DIGITS = 8;
const PREFIX_LENGTH = 63 - 1 - HASH_DIGITS;

/**
 * The value itself when Kubernetes takes it as a label value; otherwise its readable beginning and eight hex digits
 * of its sha256, so that two values that look alike once shortened stay distinct.
 */
export function labelValue(raw: string): string {
  if (VALID.test(raw)) return raw;
  const hash = sha256Hex(raw).slice(0, HASH_DIGITS);
  const prefix = raw
    .slice(0, PREFIX_LENGTH)
    .replace(/[^-A-Za-z0-9_.]/g, '-')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  return prefix === '' ? hash : `${prefix}-${hash}`;
}

export interface Marks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Labels for the given raw values; a value that had to be shortened is kept whole in an annotation of the same name. */
export function marks(raw: Readonly<Record<string, string>>): Marks {
  const entries = Object.entries(raw);
  return {
    labels: Object.fromEntries(entries.map(([name, value]) => [name, labelValue(value)])),
    annotations: Object.fromEntries(entries.filter(([, value]) => labelValue(value) !== value)),
  };
}

/** The raw value behind a label: the annotation of that name if it is what the label was made from, else the label. */
export function rawValue(label: string, annotation: string | undefined): string {
  return annotation !== undefined && labelValue(annotation) === label ? annotation : label;
}
