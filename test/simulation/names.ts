import type { NewEvent } from '#execution';
import { FINALIZER } from '#execution';
import type { Patch, ResourceType } from '#kubernetes';
import { PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';

export type Verb =
  'list' | 'watch' | 'get' | 'create' | 'patch' | 'patchStatus' | 'replace' | 'replaceStatus' | 'delete';

/** What an append is called: by its first event, and by its door where that matters. */
export function appendName(events: readonly NewEvent[]): string {
  const [first] = events;
  const type = first?.type ?? 'nothing';
  const isScheduled = type === 'ReleaseRequested' && first?.metadata.source === 'scheduler';
  return isScheduled ? `append ${type} by the scheduler` : `append ${type}`;
}

/** What a call of the cluster is called: by its verb, its type, and for a patch by what it is for. */
export function callName(verb: Verb, type: ResourceType, patch?: Patch): string {
  const purpose = verb === 'patch' && patch !== undefined ? purposeOf(type, patch) : undefined;
  return purpose === undefined ? `${verb} ${type.plural}` : `${verb} ${type.plural} ${purpose}`;
}

function purposeOf(type: ResourceType, patch: Patch): string | undefined {
  if (type === PIPELINE_RUNS) return wantedRunStatus(patch) === undefined ? 'start' : 'cancel';
  return type === WORKFLOW_EXECUTIONS && finalizersIn(patch) !== undefined ? 'finalizers' : undefined;
}

/** The `spec.status` a patch of a run sets; undefined when it removes it or leaves it alone. */
export function wantedRunStatus(patch: Patch): string | undefined {
  if (patch.type === 'json') {
    const set = (patch.body as readonly Operation[]).find(({ op, path }) => path === '/spec/status' && op !== 'test');
    return typeof set?.value === 'string' ? set.value : undefined;
  }
  const status = (patch.body as { spec?: { status?: unknown } }).spec?.status;
  return typeof status === 'string' ? status : undefined;
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/** The uid a patch insists on. */
export function uidIn(patch: Patch): string | undefined {
  if (patch.type === 'json') {
    const test = (patch.body as readonly Operation[]).find(({ op, path }) => op === 'test' && path === '/metadata/uid');
    return typeof test?.value === 'string' ? test.value : undefined;
  }
  return (patch.body as { metadata?: { uid?: string } }).metadata?.uid;
}

/** The finalizers a patch leaves; undefined when it does not touch them. */
export function finalizersIn(patch: Patch): readonly string[] | undefined {
  if (patch.type !== 'json')
    return (patch.body as { metadata?: { finalizers?: readonly string[] } }).metadata?.finalizers;
  const set = (patch.body as readonly Operation[]).find(
    ({ op, path }) => path === '/metadata/finalizers' && op !== 'test',
  );
  return set === undefined ? undefined : ((set.value ?? []) as readonly string[]);
}

/** True when a patch of a resource takes our finalizer away. */
export function dropsFinalizer(patch: Patch): boolean {
  const left = finalizersIn(patch);
  return left !== undefined && !left.includes(FINALIZER);
}

/** The status a patch writes. */
export function statusIn(patch: Patch): unknown {
  if (patch.type !== 'json') return (patch.body as { status?: unknown }).status;
  return (patch.body as readonly Operation[]).find(({ op, path }) => path === '/status' && op !== 'test')?.value;
}
