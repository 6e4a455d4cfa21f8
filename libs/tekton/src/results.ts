import { clip, TEXT_LIMITS } from '#execution';
import type { ResultValue } from '#execution';
import { LIMITS } from './limits.ts';
import { fieldsOf, listOf, nameOf } from './read.ts';

/** Results of a run or task run: strings as they are, arrays and objects as JSON text, each clipped. */
export function resultsOf(results: unknown): readonly ResultValue[] {
  return listOf(results).slice(0, LIMITS.results).flatMap(resultOf);
}

function resultOf(result: unknown): ResultValue[] {
  const { name, value } = fieldsOf(result);
  const known = nameOf(name);
  if (known === undefined || value === undefined) return [];
  return [{ name: known, value: clip(typeof value === 'string' ? value : JSON.stringify(value), TEXT_LIMITS.result) }];
}
