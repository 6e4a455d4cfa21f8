import type { FieldError } from './problem.ts';

/** Nesting a body may have; ours need six levels, volumes of Kubernetes a few more. */
const MAX_JSON_DEPTH = 32;

type Path = readonly (string | number)[];

/**
 * What JSON allows and nothing behind us can keep unchanged: half a surrogate pair, a key that JavaScript reads as the
 * prototype, nesting without end. The first such thing; undefined when there is none.
 */
export function shapeProblem(body: unknown): FieldError | undefined {
  const pending: { value: unknown; path: Path }[] = [{ value: body, path: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, path } = next;
    const message = problemAt(value, path);
    if (message !== undefined) return { path: fieldPath(path.slice(0, MAX_JSON_DEPTH)), message };
    if (Array.isArray(value)) value.forEach((item, index) => pending.push({ value: item, path: [...path, index] }));
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) pending.push({ value: item, path: [...path, key] });
  }
  return undefined;
}

function problemAt(value: unknown, path: Path): string | undefined {
  const key = path.at(-1);
  if (path.length > MAX_JSON_DEPTH) return `expected at most ${MAX_JSON_DEPTH} levels`;
  if (key === '__proto__') return 'expected another name than __proto__';
  if (typeof key === 'string' && !key.isWellFormed()) return 'expected a name in Unicode; found half a surrogate pair';
  if (typeof value === 'string' && !value.isWellFormed()) return 'expected Unicode text; found half a surrogate pair';
  return undefined;
}

/** `spec.executionConfig.workspaces[0].name` */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}
