import type { KubeObject, ListOptions } from '../cluster.ts';
import type { Asked } from './refusals.ts';
import { badRequest } from './refusals.ts';
import type { ServedType } from './served-type.ts';

export type Selection = (object: KubeObject) => boolean;

/** Which objects a list or watch is about. @throws ClusterError bad-request for a selector nobody can read */
export function selectionOf(
  attempt: Asked,
  served: ServedType,
  options: Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'>,
): Selection {
  const { namespace, labelSelector = '', fieldSelector = '' } = options;
  const terms = [
    ...(namespace === undefined ? [] : [({ metadata }: KubeObject) => metadata.namespace === namespace]),
    ...labelTerms(attempt, labelSelector),
    ...fieldTerms(attempt, served, fieldSelector),
  ];
  return (object) => terms.every((holds) => holds(object));
}

/** `a=b,c!=d`, `e in (f,g)`, `h notin (i)`, `j`, `!k`. */
const LABEL_TERM =
  /\s*(?:(?<absent>!)\s*)?(?<key>[\w./-]+)(?:\s+(?<set>in|notin)\s*\((?<values>[^()]*)\)|\s*(?<operator>==|!=|=)\s*(?<value>[\w.-]*))?\s*(?:,|$)/y;

function labelTerms(attempt: Asked, text: string): Selection[] {
  const terms: Selection[] = [];
  LABEL_TERM.lastIndex = 0;
  while (LABEL_TERM.lastIndex < text.length) {
    const start = LABEL_TERM.lastIndex;
    const groups = LABEL_TERM.exec(text)?.groups;
    if (groups === undefined) throw badRequest(attempt, `unable to parse requirement: found '${text.slice(start)}'`);
    terms.push(labelTerm(groups));
  }
  return terms;
}

function labelTerm(groups: Readonly<Record<string, string | undefined>>): Selection {
  const { absent, key = '', set, values = '', operator, value = '' } = groups;
  const labelOf = ({ metadata }: KubeObject): string | undefined => metadata.labels?.[key];
  if (absent !== undefined) return (object) => labelOf(object) === undefined;
  if (set !== undefined) {
    const wanted = new Set<string | undefined>(values.split(',').map((each) => each.trim()));
    return (object) => wanted.has(labelOf(object)) === (set === 'in');
  }
  if (operator === undefined) return (object) => labelOf(object) !== undefined;
  return (object) => (labelOf(object) === value) === (operator !== '!=');
}

const FIELD_TERM = /^([^=!]+)(==|!=|=)(.*)$/s;

function fieldTerms(attempt: Asked, served: ServedType, text: string): Selection[] {
  const terms = text.split(',').filter((term) => term !== '');
  return terms.map((term) => {
    const [, path = '', operator, value = ''] = FIELD_TERM.exec(term) ?? [];
    if (operator === undefined) throw badRequest(attempt, `invalid selector: '${term}'; can't understand '${term}'`);
    const selectable = ['metadata.name', 'metadata.namespace', ...(served.selectableFields ?? [])];
    if (!selectable.includes(path)) throw badRequest(attempt, `field label not supported: ${path}`);
    const steps = path.split('.');
    return (object) => (textAt(object, steps) === value) === (operator !== '!=');
  });
}

function textAt(object: KubeObject, steps: readonly string[]): string {
  let found: unknown = object;
  for (const step of steps) found = (found as Record<string, unknown> | undefined)?.[step];
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? String(found) : '';
}
