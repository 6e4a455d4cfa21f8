import type { RunOutcome, RunRef } from '#execution';
import { LABELS } from '#execution';
import { rawValue } from './label-value.ts';
import { LIMITS } from './limits.ts';
import type { Condition, Fields } from './read.ts';
import { fieldsOf, imageOf, listOf, nameOf, present, succeededCondition, textOf, timeOf } from './read.ts';
import type { ChildPlaces } from './task-run.ts';

/** A PipelineRun, read. */
export interface Run {
  readonly ref: RunRef;
  readonly executionId: string;
  readonly deletionRequested: boolean;
  readonly condition?: Condition;
  readonly outcome?: RunOutcome;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly totalTasks?: number;
  readonly skippedTasks: readonly { readonly name: string; readonly reason: string }[];
  readonly resolved?: { readonly uri?: string; readonly digest?: string; readonly entryPoint?: string };
  readonly places: ChildPlaces;
  /**
   * The status says that it began before the run was created: Tekton gave it that of an earlier run of the same name,
   * which it finds by name. Nothing of it is believed, and what it quotes is another execution's.
   */
  readonly isPredecessors: boolean;
  /** `spec.status`: somebody asked for its end. */
  readonly wantsEnd: boolean;
  readonly status: Fields;
}

/** Both times are told in whole seconds, by two clocks: a second apart they may be the same moment. */
const SECOND_MS = 1_000;

export function runOf(object: unknown): Run {
  const { metadata, spec, status: rawStatus } = fieldsOf(object);
  const status = fieldsOf(rawStatus);
  const ref = refOf(fieldsOf(metadata));
  const startTime = timeOf(status.startTime);
  const isPredecessors = startTime !== undefined && Date.parse(ref.createdAt) - Date.parse(startTime) > SECOND_MS;
  const condition = conditionOf(status, isPredecessors);
  return present({
    ref,
    executionId: executionIdOf(fieldsOf(metadata)),
    deletionRequested: textOf(fieldsOf(metadata).deletionTimestamp) !== undefined,
    condition,
    outcome: outcomeOf(condition),
    startTime: isPredecessors ? undefined : startTime,
    completionTime: timeOf(status.completionTime),
    totalTasks: totalTasksOf(status),
    skippedTasks: isPredecessors ? [] : skippedTasksOf(status),
    resolved: resolvedOf(status),
    places: placesOf(status),
    isPredecessors,
    wantsEnd: END_ORDERS.has(textOf(fieldsOf(spec).status) ?? ''),
    status,
  });
}

function conditionOf(status: Fields, isPredecessors: boolean): Condition | undefined {
  const condition = succeededCondition(status);
  return condition && isPredecessors ? { ...condition, message: NOT_ITS_OWN } : condition;
}

const NOT_ITS_OWN = 'not told: the status of the run is that of an earlier run of the same name';

const refOf = ({ namespace, name, uid, creationTimestamp }: Fields): RunRef => ({
  namespace: nameOf(namespace) ?? '',
  name: nameOf(name) ?? '',
  uid: nameOf(uid) ?? '',
  createdAt: timeOf(creationTimestamp) ?? '',
});

/** Empty when the run carries none: then it is nobody's, and certainly not ours. */
function executionIdOf({ labels, annotations }: Fields): string {
  const label = textOf(fieldsOf(labels)[LABELS.executionId]);
  return label === undefined ? '' : rawValue(label, textOf(fieldsOf(annotations)[LABELS.executionId]));
}

/** All three ways to cancel end in `Cancelled`; versions before v0.36 had reasons of their own. */
const CANCELLED = new Set(['Cancelled', 'PipelineRunCancelled', 'CancelledRunFinally', 'StoppedRunFinally']);

/** Values of `spec.status` that ask for the end. */
const END_ORDERS = new Set(['Cancelled', 'CancelledRunFinally', 'StoppedRunFinally']);

function outcomeOf(condition: Condition | undefined): RunOutcome | undefined {
  if (condition === undefined || condition.status === 'Unknown') return undefined;
  if (condition.status === 'True') return 'Succeeded';
  if (CANCELLED.has(condition.reason)) return 'Cancelled';
  return condition.reason === 'PipelineRunTimeout' ? 'TimedOut' : 'Failed';
}

/** A matrix task counts once for each child Tekton made of it, and once while it has none. */
function totalTasksOf({ pipelineSpec, childReferences }: Fields): number | undefined {
  const spec = fieldsOf(pipelineSpec);
  if (!Array.isArray(spec.tasks)) return undefined;
  const children = listOf(childReferences).map((child) => fieldsOf(child).pipelineTaskName);
  return [...listOf(spec.tasks), ...listOf(spec.finally)]
    .map(fieldsOf)
    .map(({ name, matrix }) => (matrix === undefined ? 1 : Math.max(1, children.filter((of) => of === name).length)))
    .reduce((sum, count) => sum + count, 0);
}

const skippedTasksOf = ({ skippedTasks }: Fields): Run['skippedTasks'] =>
  listOf(skippedTasks)
    .slice(0, LIMITS.skippedTasks)
    .map(fieldsOf)
    .map(({ name, reason }) => ({ name: nameOf(name) ?? '', reason: nameOf(reason) ?? '' }));

function resolvedOf({ provenance }: Fields): Run['resolved'] {
  const { uri, digest, entryPoint } = fieldsOf(fieldsOf(provenance).refSource);
  const [algorithm, hex] = Object.entries(fieldsOf(digest))[0] ?? [];
  const hash = nameOf(hex);
  const resolved = present({
    uri: imageOf(uri),
    digest: algorithm === undefined || hash === undefined ? undefined : imageOf(`${algorithm}:${hash}`),
    entryPoint: nameOf(entryPoint),
  });
  return Object.keys(resolved).length > 0 ? resolved : undefined;
}

function placesOf({ childReferences }: Fields): ChildPlaces {
  const places = new Map<string, { index: number; task?: string }>();
  listOf(childReferences).forEach((child, index) => {
    const { kind, name: rawName, pipelineTaskName } = fieldsOf(child);
    const name = nameOf(rawName);
    if (kind !== 'TaskRun' || name === undefined || places.has(name)) return;
    places.set(name, present({ index, task: nameOf(pipelineTaskName) }));
  });
  return places;
}
