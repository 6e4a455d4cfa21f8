import type { Param, RunStatus, TaskRunObject } from './objects.ts';

const REFERENCE = /^\$\(tasks\.([^.)]+)\.results\.([^.)]+)\)$/;

/** The pipeline's results that its tasks gave, and the names of those they did not. */
export function resultsOf(
  { pipelineSpec }: RunStatus,
  taskRunOf: (task: string) => TaskRunObject | undefined,
): { readonly found: readonly Param[]; readonly missing: readonly string[] } {
  const values = (pipelineSpec?.results ?? []).map(({ name, value }) => ({ name, value: valueOf(value, taskRunOf) }));
  return {
    found: values.filter(({ value }) => value !== undefined),
    missing: values.filter(({ value }) => value === undefined).map(({ name }) => name),
  };
}

function valueOf(reference: unknown, taskRunOf: (task: string) => TaskRunObject | undefined): unknown {
  const [, task = '', result] = typeof reference === 'string' ? (REFERENCE.exec(reference) ?? []) : [];
  return taskRunOf(task)?.status?.results?.find(({ name }) => name === result)?.value;
}
