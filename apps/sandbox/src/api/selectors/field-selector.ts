import type { KubeObject } from '../../store/object.ts';
import { badRequest } from '../status.ts';
import type { ServedType } from '../types/served-type.ts';

export type FieldSelector = (object: KubeObject) => boolean;

/** `a=b,c!=d` over metadata.name, metadata.namespace and the selectable fields of the type. */
export function parseFieldSelector(text: string | null, type: ServedType): FieldSelector {
  const terms = (text ?? '').split(/(?<!\\),/).filter((term) => term !== '');
  const requirements = terms.map((term) => requirement(term, type));
  return (object) => requirements.every((holds) => holds(object));
}

function requirement(term: string, type: ServedType): FieldSelector {
  const match = /^([^=!]+)(==|!=|=)(.*)$/s.exec(term);
  if (!match) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const [, path = '', operator, value = ''] = match;
  const read = readerOf(path, type);
  const wanted = value.replaceAll(/\\([\\,=])/g, '$1');
  return (object) => (read(object) === wanted) === (operator !== '!=');
}

function readerOf(path: string, type: ServedType): (object: KubeObject) => string {
  if (path === 'metadata.name') return ({ metadata }) => metadata.name;
  if (path === 'metadata.namespace' && type.namespaced) return ({ metadata }) => metadata.namespace ?? '';
  const field = type.selectable.find((selectable) => selectable.path === path);
  if (!field) throw badRequest(`field label not supported: ${path}`);
  return field.read;
}
