import type { KubeObject } from '#kubernetes';

/*
 * What is kept of runs and task runs in memory. Most of an object is what was asked for (specs, resolved pipelines with
 * their scripts), which no observation reads; before an end is recorded, the objects are read whole.
 */
type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** A PipelineRun without its parameters and with the names of its tasks instead of their specs. */
export function leanRun(run: KubeObject): KubeObject {
  const { status: wanted } = fieldsOf(run.spec);
  const { pipelineSpec, provenance, ...status } = fieldsOf(run.status);
  const lean = {
    ...status,
    ...present('pipelineSpec', leanPipeline(pipelineSpec)),
    ...present('provenance', leanProvenance(provenance)),
  };
  return { ...run, spec: present('status', wanted), ...(run.status !== undefined && { status: lean }) };
}

/** A TaskRun without the spec it was made from. */
export function leanTaskRun(taskRun: KubeObject): KubeObject {
  const status = without(fieldsOf(taskRun.status), 'taskSpec', 'provenance');
  return { ...taskRun, spec: {}, ...(taskRun.status !== undefined && { status }) };
}

function leanPipeline(pipelineSpec: unknown): Fields | undefined {
  if (pipelineSpec === undefined) return undefined;
  const { tasks, finally: last } = fieldsOf(pipelineSpec);
  return { ...present('tasks', names(tasks)), ...present('finally', names(last)) };
}

function names(tasks: unknown): readonly Fields[] | undefined {
  if (!Array.isArray(tasks)) return undefined;
  return tasks.map((task: unknown) => {
    const { name, matrix } = fieldsOf(task);
    return { ...present('name', name), ...present('matrix', matrix === undefined ? undefined : {}) };
  });
}

function leanProvenance(provenance: unknown): Fields | undefined {
  const { refSource } = fieldsOf(provenance);
  return refSource === undefined ? undefined : { refSource };
}

const without = (fields: Fields, ...keys: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));

const present = (key: string, value: unknown): Fields => (value === undefined ? {} : { [key]: value });
