import { isFields } from '../../store/object.ts';
import type { Fields } from '../../store/object.ts';
import { elementsOf, pathOf } from './field-set.ts';

/** Paths as the nested form that managedFields carries: a member without members below it is {}, one with has ".". */
export function toFieldsV1(paths: Iterable<string>): Fields {
  const root: Fields = {};
  for (const path of [...paths].sort()) {
    let node = root;
    for (const element of elementsOf(path)) node = childOf(node, element);
    node['.'] = {};
  }
  return tidied(root);
}

function childOf(node: Fields, element: string): Fields {
  const child = node[element];
  if (isFields(child)) return child;
  const fresh: Fields = {};
  node[element] = fresh;
  return fresh;
}

/** Drops the "." of members that have nothing below them. */
function tidied(node: Fields): Fields {
  const children = Object.entries(node).filter(([element]) => element !== '.');
  if (children.length === 0) return {};
  const below = children.map(([element, child]) => [element, tidied(child as Fields)] as const);
  return { ...('.' in node ? { '.': {} } : {}), ...Object.fromEntries(below) };
}

export function fromFieldsV1(fields: unknown): Set<string> {
  const paths = new Set<string>();
  if (isFields(fields)) collect(fields, [], paths);
  return paths;
}

function collect(node: Fields, at: readonly string[], paths: Set<string>): void {
  const children = Object.entries(node).filter(([element]) => element !== '.');
  if (at.length > 0 && ('.' in node || children.length === 0)) paths.add(pathOf(at));
  for (const [element, child] of children) if (isFields(child)) collect(child, [...at, element], paths);
}
