import { isFields } from '../../store/object.ts';

/** Reads every value that a path of a printer column or selectable field points to. */
export type ReadPath = (root: unknown) => readonly unknown[];

type Step = (value: unknown) => readonly unknown[];

/**
 * The subset of kubectl's JSONPath that definitions use: .a.b, ['a'], [0], [-1], [*], .*, and filters such as
 * [?(@.type=="Ready")]. Backslashes escape dots in names.
 */
export function compilePath(path: string): ReadPath {
  const steps: Step[] = [];
  const text = path.replace(/^\{(.*)\}$/, '$1').replace(/^\$/, '');
  const token =
    /\.((?:\\.|[^.[\]])+)|\[\?\(@((?:[^=!<>])+?)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([^)]+))\)\]|\[(-?\d+)\]|\[(\*)\]|\[['"]([^'"]+)['"]\]/gy;
  let end = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    end = token.lastIndex;
    steps.push(stepOf(match));
  }
  if (end !== text.length) throw new Error(`expected a JSON path of fields, indexes and == filters, found ${path}`);
  return (root) => steps.reduce<readonly unknown[]>((values, step) => values.flatMap(step), [root]);
}

function stepOf(match: RegExpExecArray): Step {
  const [, name, inner, operator, double, single, bare, index, star, quoted] = match;
  if (name === '*' || star !== undefined) return every;
  if (name !== undefined) return field(name.replaceAll(/\\(.)/g, '$1'));
  if (quoted !== undefined) return field(quoted);
  if (index !== undefined) return (value) => (Array.isArray(value) ? present(value.at(Number(index))) : []);
  const wanted = double ?? single ?? bare?.trim() ?? '';
  return filter(compilePath(inner ?? ''), operator === '==', wanted);
}

function field(name: string): Step {
  return (value) => (isFields(value) && Object.hasOwn(value, name) ? present(value[name]) : []);
}

function every(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isFields(value) ? Object.values(value) : [];
}

function filter(read: ReadPath, equal: boolean, wanted: string): Step {
  return (value) => every(value).filter((item) => read(item).some((found) => String(found) === wanted) === equal);
}

function present(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value];
}
