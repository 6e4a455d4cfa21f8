import { runNameOf } from '#execution';
import { TASK_RUNS } from '#kubernetes';
import { specFor } from '../../support/rest.ts';
import type { Client } from '../client.ts';
import { RUNS } from '../client.ts';
import type { Stage } from '../stage.ts';

/** An execution in a phase of its life, held there. */
export interface Placed {
  readonly id: string;
  /** Of its resource. */
  readonly name: string;
  readonly target: string;
  /** Lets what holds it there go. */
  readonly release: () => Promise<void> | void;
}

export type Place = (stage: Stage) => Promise<Placed>;

let count = 0;
export const fresh = (word: string): string => `${word}-${process.pid}-${(count += 1)}`;
export const freshTarget = (): string => `life/deployment/${fresh('app')}`;
export const policy = (onConflict: string): Record<string, unknown> => ({ executionConfig: { onConflict } });
const nothing = (): void => undefined;

/** @returns its id and the name of its resource, which exists */
export async function accept(client: Client, spec: Record<string, unknown>): Promise<{ id: string; name: string }> {
  const id = await client.accepted(spec);
  await client.recorded(id, 'ResourceBound');
  return { id, name: (await client.get(id)).resource.name };
}

/** Another execution runs on the target, and this one waits for it. */
export const waiting: Place = async ({ client }) => {
  const target = freshTarget();
  const owner = await client.accepted(specFor('hang', target));
  await client.recorded(owner, 'TaskStarted');
  const placed = await accept(client, specFor('quick', target, policy('Wait')));
  await client.recorded(placed.id, 'ExecutionQueued');
  return { ...placed, target, release: () => giveBack(client, owner) };
};

/** Task runs of an earlier run are left under the name of its run, which therefore is not created. */
export const beforeRun: Place = async ({ client, world }) => {
  const target = freshTarget();
  const earlier = await client.accepted(specFor('quick', target));
  await client.ended(earlier);
  await giveBack(client, earlier);
  const run = runNameOf(target);
  const metadata = { namespace: RUNS, name: `${run}-left`, labels: { 'tekton.dev/pipelineRun': run } };
  await world.cluster.create(TASK_RUNS, { apiVersion: 'tekton.dev/v1', kind: 'TaskRun', metadata, spec: {} });
  const placed = await accept(client, specFor('quick', target));
  return { ...placed, target, release: () => world.cluster.delete(TASK_RUNS, metadata) };
};

/** Its run exists and Tekton has not touched it. */
export const notPickedUp: Place = async ({ client, world }) => {
  const target = freshTarget();
  const release = world.brake.hold(target, 'PickUp');
  const placed = await accept(client, specFor('hang', target));
  await client.recorded(placed.id, 'PipelineRunCreated');
  return { ...placed, target, release };
};

/** Tekton has picked its run up, and no task runs. */
export const resolving: Place = async ({ client, world }) => {
  const target = freshTarget();
  const release = world.brake.hold(target, 'FirstTask');
  const placed = await accept(client, specFor('hang', target));
  await client.recorded(placed.id, 'PipelineRunProgressed', ({ data }) => reasonOf(data) === 'ResolvingPipelineRef');
  return { ...placed, target, release };
};

/** Its first task runs, until it is cancelled. */
export const running: Place = async ({ client }) => {
  const target = freshTarget();
  const placed = await accept(client, specFor('hang', target));
  await client.recorded(placed.id, 'TaskStarted');
  return { ...placed, target, release: nothing };
};

/** Its tasks have ended, and a finally task runs. */
export const runningFinally: Place = async ({ client, world }) => {
  const target = freshTarget();
  const release = world.brake.hold(target, 'FinallyEnd');
  const placed = await accept(client, specFor('echo', target));
  await client.recorded(placed.id, 'TaskStarted', ({ data }) => data['pipelineTask'] === 'cleanup');
  return { ...placed, target, release };
};

/** It has ended, and its run and lock are kept. */
export const coolingDown: Place = async ({ client }) => {
  const target = freshTarget();
  const placed = await accept(client, specFor('quick', target));
  await client.ended(placed.id);
  return { ...placed, target, release: nothing };
};

/** Its run is gone and its lock given back. */
export const released: Place = async (stage) => {
  const placed = await coolingDown(stage);
  await giveBack(stage.client, placed.id);
  return placed;
};

/** Ends an execution, if it has not ended, and gives its lock back. */
export async function giveBack(client: Client, id: string): Promise<void> {
  await client.post(id, 'cancel', { mode: 'Immediate', reason: 'make room' });
  await client.ended(id);
  await client.post(id, 'release', { reason: 'make room' });
  await client.recorded(id, 'LockReleased');
}

const reasonOf = (data: Record<string, unknown>): unknown => (data['condition'] as { reason?: unknown }).reason;
