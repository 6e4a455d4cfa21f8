import type { ResourceRequest } from '../context.ts';
import { badRequest, invalidOptions } from '../status.ts';

export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
  /** Who writes, for managedFields: the client's own word, or what it calls itself in User-Agent. */
  readonly fieldManager: string;
}

/** Reads and checks the query of a write; `kind` is what the server calls these options in its errors. */
export function writeOptions(
  request: ResourceRequest,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
): WriteOptions {
  const { query } = request;
  const validation = query.get('fieldValidation') ?? '';
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation)) {
    const message = `Unsupported value: "${validation}": supported values: "", "Ignore", "Strict", "Warn"`;
    throw invalidOptions(kind, { reason: 'FieldValueNotSupported', message, field: 'fieldValidation' });
  }
  const agent = request.userAgent.split('/')[0] ?? '';
  return {
    dryRun: isDryRun(query.getAll('dryRun'), kind),
    fieldValidation: validation === '' ? 'Warn' : (validation as WriteOptions['fieldValidation']),
    fieldManager: query.get('fieldManager') || agent || 'unknown',
  };
}

export function isDryRun(given: readonly string[], kind: string): boolean {
  if (given.length === 0) return false;
  if (given.every((value) => value === 'All')) return true;
  const shown = JSON.stringify(given);
  const message = `Unsupported value: ${shown}: supported values: "All"`;
  throw invalidOptions(kind, { reason: 'FieldValueNotSupported', message, field: 'dryRun' });
}

/** A whole number in the query, or undefined when absent. */
export function integerParameter(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

export function booleanParameter(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  return text === 'true' || text === '1';
}
